/** The only clock. Nothing that decides what is executed may look at it, except budgets given in time. */

/** Milliseconds since the process started. */
export function now(): number {
  return performance.now();
}

/** Milliseconds since 1970, for people: it may jump, so nothing is decided by it. */
export function wallClock(): number {
  return Date.now();
}
