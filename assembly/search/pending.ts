// What the task that stands at a decision is about to do. The hooks announce it before they ask the scheduler.

/** At no object, or with effects that are not told: it may depend on anything. */
export const ANYTHING: i32 = 0;
/** Its first step. */
export const STARTS: i32 = 1;
/** One access of model code to one cell. */
export const LOADS: i32 = 2;
export const STORES: i32 = 3;
/** An operation of the kit, or one on several cells: what steps from this location have touched. */
export const OPERATES: i32 = 4;
/** Takes a mutex or a spinlock, and waits if it is held. */
export const LOCKS: i32 = 5;
/** Releases an object: otherwise as OPERATES. */
export const FREES: i32 = 6;

let announced: i32 = ANYTHING;

/** The first announcement counts: the outer operation knows best. */
export function announce(kind: i32): void {
  if (announced == ANYTHING) announced = kind;
}
export function takeAnnouncement(): i32 {
  const kind = announced;
  announced = ANYTHING;
  return kind;
}
