// The kinds of finding that the kit itself reports: numbers of FINDING_KINDS in src/executor/types.ts.

export const INVALID_ACCESS: i32 = 3;
export const UNLOCK_BY_NON_OWNER: i32 = 6;
export const SELF_DEADLOCK: i32 = 13;
export const REFCOUNT_MISUSE: i32 = 14;

/** For `wake`: every waiter. */
export const EVERYONE: i32 = -1;
