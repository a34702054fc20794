// What `searchRun` answers; src/executor/search.ts has the names.
export const FINISHED: i32 = 0;
export const MORE: i32 = 1;
export const FOUND: i32 = 2;
export const RESTART: i32 = 3;
export const TABLE_FULL: i32 = 4;
export const STACK_FULL: i32 = 5;
export const CUT: i32 = 6;
/** Locks were taken in an order that was not known: the host keeps the way to it. */
export const ORDER: i32 = 7;
/** The state is one that the host looks for. */
export const TARGET: i32 = 8;
export const ORACLES_FULL: i32 = 9; // a table of the costly oracles was full: not all was judged
