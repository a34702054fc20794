// Memory of exhaustive search, beyond that of an execution: only the search builds of the executor touch it. The visited states lie in a
// memory of their own (assembly/visited/), which several searches share.

// ---- what was learned about the model, kept from one pass of the search to the next; hosts copy it from worker to worker as one block ----
export const LEARNED: usize = 0x1000000;
/** Two bytes for each 4-byte cell of model memory: its index among the cells that some task touches; 0 = none. */
export const CELL_INDEX: usize = LEARNED;
export const CELL_INDEX_SIZE: usize = 0x120000;
/** Words of `Learned`. */
export const LEARNED_WORDS: usize = 0x1120000;
/** Hash table of locations: (task, reason, site) and index, 8 bytes each. */
export const LOCATION_TABLE: usize = 0x1121000;
export const LOCATION_TABLE_MASK: usize = 0x3fff;
/** One bit for 8 bytes of model memory: they are read after they were freed (stale.ts). */
export const STALE: usize = 0x1141000;
/** Cells of objects without addresses (fields.ts): a hash table of keys, 4 bytes each, and the index of each, 2 bytes. */
export const FIELD_KEYS: usize = 0x114a000;
export const FIELD_INDICES: usize = 0x114e000;
export const FIELDS_MASK: usize = 0xfff;
/** Locations, 128 bytes each. */
export const LOCATIONS: usize = 0x1150000;
export const LOCATION_SIZE: usize = 128;
export const LOCATIONS_MAX: i32 = 8192;
/** Cells that the step from a location reads, and those that it writes: two sets of CELLS_MAX bits a location. */
export const TOUCHES: usize = 0x1250000;
export const CELLS_MAX: i32 = 2048;
export const SET_SIZE: usize = 256;
/** Sets of locks, 64 bytes each: how many, and the addresses in ascending order. */
export const LOCKSETS: usize = 0x1650000;
export const LOCKSETS_MAX: i32 = 1024;
export const LEARNED_END: usize = 0x1660000;

// ---- derived within a pass ----
/** Futures: (location, lockset) and index, 8 bytes each; then two sets each. */
export const FUTURE_TABLE: usize = 0x1660000;
export const FUTURE_TABLE_MASK: usize = 0x7fff;
export const FUTURES: usize = 0x16a0000;
export const FUTURES_MAX: i32 = 16384;
/** Marks of locations while a future is computed, and the list of those to visit: 4 bytes each. */
export const MARKS: usize = 0x1ea0000;
export const TO_VISIT: usize = 0x1ea8000;
/** Numbers of objects (reach.ts): number and round, two bytes each, for 8 bytes of the arenas; and the objects by number, 4 bytes each. */
export const NAMES: usize = 0x1eb0000;
export const NAMES_SIZE: usize = 0x100000;
export const OBJECTS: usize = 0x1fb0000;
export const OBJECTS_MAX: i32 = 0x8000;
/** Static words that hold pointers to objects of tasks (addresses.ts), 4 bytes each; outlives passes. */
export const POINTER_CELLS: usize = 0x1fd0000;
export const POINTER_CELLS_MAX: i32 = 1024;
/** Places that allocated what nobody can get at (heap-key.ts), 4 bytes each. */
export const LEAK_SITES: usize = 0x1fd2000;
export const LEAK_SITES_MAX: i32 = 256;
/** States on the path by some bits of their keys (cycles.ts): how many, 2 bytes each. */
export const PATH_KEYS: usize = 0x1fd4000;
export const PATH_KEYS_MASK: usize = 0x3fff;
/** Where a task's words hold pointers to objects (task-pointers.ts): 64 bytes a task. */
export const TASK_POINTERS: usize = 0x1fdc000;
/** Frames of the states on the path, and between them the undo log. */
export const STACK: usize = 0x1fe0000;
