// Memory of exhaustive search, beyond that of an execution: only the search build of the executor touches it, and its host makes the memory
// as large as it wants.

/** Two bytes for each 4-byte cell of model memory: see sharing.ts. */
export const SHARING: usize = 0x1000000;
export const SHARING_SIZE: usize = 0x120000;
/** Set of visited states: 8 bytes each, a power of two of them. The stack of saved states follows. */
export const VISITED: usize = 0x1200000;
