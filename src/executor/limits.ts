/** What ends an execution that does not end by itself. */
export interface Limits {
  /** Decisions of one execution. */
  readonly steps: number;
  /** Loop iterations of one execution. */
  readonly fuel: number;
}
export const DEFAULT_LIMITS: Limits = { steps: 20_000, fuel: 1 << 20 };
