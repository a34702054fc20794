/** The only clock. Nothing that decides what is executed may look at it, except budgets given in time. */

/** Milliseconds since the process started. */
export function now(): number {
  return performance.now();
}

/** Wall-clock time for logs and statistics, ISO 8601. */
export function timestamp(): string {
  return new Date().toISOString();
}
