/** Limits of a thread that runs an executor, those of src/campaign/pool.ts: lazily run tasks lie on one native stack. */
export const THREAD_LIMITS = { stackSizeMb: 8 };
