/** Where the processes of one search agree who does what. `sync/hub/board.ts` is one on NATS. All that comes from it may be anything. */

/** What a process says of a partition that it has searched to the end. */
export interface PartitionReport {
  /** Visited and run for this partition alone. */
  readonly states: number;
  readonly transitions: number;
  readonly depthMax: number;
  /** A bound left something out. */
  readonly bounded: boolean;
  /** Violations that the process knows of; each was told before this. */
  readonly violations: number;
  /** Indices of sites that it has reached, in this or another partition. */
  readonly reached: readonly number[];
}

export type Done = PartitionReport & { readonly peer: string };

export interface Board {
  /** This process among the others. */
  readonly peer: string;
  /** The last plan that was told, with a number that grows with each; null: none was. */
  readonly plan: { readonly bytes: Uint8Array; readonly revision: number } | null;
  /** It does not answer: what is to be told waits. */
  readonly isAway: boolean;
  /** Puts a plan in place of that with this revision (0: of none). Answers its revision; null: another was first, or it is away. */
  propose(bytes: Uint8Array, revision: number): Promise<number | null>;
  /**
   * A partition of `partitions` that nobody has searched and nobody else is searching; it is this process's until `report` or `release`.
   * `wait`: others are at work on all that are left; `done`: none is left.
   */
  take(plan: string, partitions: number): Promise<number | 'wait' | 'done'>;
  /** The partition was searched to its end. */
  report(plan: string, partition: number, report: PartitionReport): Promise<void>;
  /** What was taken is left to others. */
  release(): Promise<void>;
  /** What is known of the partitions that are done. */
  done(plan: string): ReadonlyMap<number, Done>;
  /** A schedule's text: it shows a violation. Resolves when it is told, or kept for later. */
  tellViolation(id: string, text: string): Promise<void>;
  /** Resolves when all that others had told of violations before the call was heard. It does not fail: a hub that is away tells nothing. */
  settle(): Promise<void>;
  /** Texts that others have told since the last call. */
  takeViolations(): Uint8Array[];
  readonly hasViolations: boolean;
}
