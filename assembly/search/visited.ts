// The set of visited states, a module of its own (assembly/visited/index.ts) on a memory that several searches share.

/** 1: added; 0: it was there; -1: the table must grow first. */
export declare function add(key: u64): i32;
