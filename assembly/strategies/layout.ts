// Memory of the strategies, beyond that of an execution. It outlives executions: what a strategy has learnt about a list of events is kept
// until other events come. The search builds have other things here (search/layout.ts) and run none of these strategies.

/** One record a task: see pending-events.ts. */
export const PENDING: usize = 0x1000000;
/** First event of each task, as seen in an earlier execution. */
export const FIRST: usize = 0x1001000;
/** Profile: slots of a hash table (u16), and entries of 16 bytes. */
export const PROFILE_TABLE: usize = 0x1002000;
export const PROFILE_TABLE_MASK: u32 = 0x3fff;
export const PROFILE: usize = 0x100a000;
export const PROFILE_MAX: i32 = 8192;
/** Slot of each task's parent as seen in an earlier execution, i32 each. */
export const PARENTS: usize = 0x102a000;
/** Events of each task in the profile's first execution; interesting events that each task still has (SURW): i32 each. */
export const EVENT_COUNTS: usize = 0x102a200;
export const REMAINING: usize = 0x102a400;

/** Reads-from: the last write of each cell (hashed), 16 bytes each; and places of cells. */
export const LAST_WRITER: usize = 0x1380000;
export const LAST_WRITER_MASK: usize = 1023;
/** Pairs of (write, read) that were seen, 16 bytes each, and a hash table of their indices (u16). */
export const PAIRS: usize = 0x102d000;
export const PAIRS_MAX: i32 = 2048;
export const PAIR_TABLE: usize = 0x1035000;
export const PAIR_TABLE_MASK: u32 = 0xfff;
/** How often each combination of pairs was seen: (hash, count), 8 bytes each. */
export const COMBINATIONS: usize = 0x1038000;
export const COMBINATIONS_MASK: u32 = 0x3fff;
/** Abstract schedules, 64 bytes each. */
export const ABSTRACT: usize = 0x1058000;
export const ABSTRACT_SIZE: usize = 64;
export const ABSTRACT_MAX: i32 = 1024;

/** Enumeration: nodes of 24 bytes. */
export const NODES: usize = 0x1080000;
export const NODES_MAX: i32 = 49152;
/** First and last waiting node of each cost, i32 each. */
export const BUCKETS: usize = 0x11a0000;
export const BUCKETS_MAX: i32 = 256;
/** Decisions of the running execution that have alternatives, 64 bytes each. */
export const DECISIONS: usize = 0x11a1000;
export const DECISIONS_MAX: i32 = 2048;
/** Deviations of the node that runs, 12 bytes each. */
export const CHAIN: usize = 0x11c1000;
export const CHAIN_MAX: i32 = 64;
/** How often a kind of switch was proposed, u16 each (hashed). */
export const KINDS_SEEN: usize = 0x11c2000;
export const KINDS_SEEN_MASK: u32 = 0x3fff;
/** Per task: tasks that conflict with something it has done, two u64 each. */
export const CONFLICTED: usize = 0x11ca000;
/** Per task: index of its last decision, i32 each. */
export const LAST_DECISIONS: usize = 0x11cb000;

/** Indices of the profile's sums of shared cells (SURW), u16 each. */
export const SHARED: usize = 0x11cc000;

/** What `learn` knows already, as keys of (task, cell, kind), u32 each (hashed). */
export const LEARNT: usize = 0x11d0000;
export const LEARNT_BITS: u32 = 11;
/** Places of cells in the two tables by cell that follow: `placeOfCell`. */
export const CELL_PLACES: usize = 1024;
/** How many tasks are about to do something at a cell (hashed), u8 each: POS and reads-from. */
export const CROWDS: usize = 0x11d2000;
/** Cells whose events are interesting (SURW), u32 each. */
export const DRAWN: usize = 0x11d2400;
export const DRAWS: i32 = 32;
/** By cell (hashed): the number of the drawn one there and 1, or 0, u8 each. */
export const DRAWN_AT: usize = 0x11d2800;

/** Who accesses a cell (hashed), u16 each: visibility.ts. */
export const ACCESSES: usize = 0x11d8000;
export const ACCESS_BITS: u32 = 15;

/** Lock dependencies of DEPENDENCY_SIZE bytes, and a hash table of their indices (u16): lock-dependencies.ts. */
export const DEPENDENCIES: usize = 0x11e8000;
export const DEPENDENCIES_MAX: i32 = 1023;
export const DEPENDENCY_SIZE: usize = 40;
export const DEPENDENCY_TABLE: usize = 0x11f2000;
export const DEPENDENCY_TABLE_MASK: u32 = 0xfff;
/** Cycles among them that are kept, so many of each length: indices, u16 each. */
export const CYCLES: usize = 0x11f4000;
export const CYCLES_MAX: i32 = 32;
export const CYCLE_SIZE: usize = 16;
/** By task: the dependency at which it is held back, u32 each. */
export const AIMED: usize = 0x11f6000;

/** Final states that were seen at least twice: as STATE_SET. */
export const STATES_TWICE: usize = 0x1200000;
/** Hashes of final states that were judged, u64 each: a newer one takes the place of an older one. */
export const JUDGED: usize = 0x1300000;
export const JUDGED_MASK: u32 = 0xffff;
/** Pages beyond those of an execution. */
export const STRATEGY_PAGES: i32 = 64;
