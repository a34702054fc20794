/** Determinism, checked: the same schedule in fresh executors, in the release and in the debug build. */
import { createHash } from 'node:crypto';
import type { Executor } from '../executor/executor.js';
import type { TracedExecution } from '../executor/types.js';
import type { HotSchedule } from '../schedule/schedule.js';

export interface Verification {
  readonly runs: number;
  /** Runs whose two builds both gave what the first run gave. */
  readonly equal: number;
  /** State hash at the end and SHA-256 of the trace, of the first run; hex. */
  readonly state: string;
  readonly trace: string;
}

/** Of every step, hashes included. */
export function traceHash({ trace }: TracedExecution): string {
  const hash = createHash('sha256');
  for (const step of trace) {
    const { kind, task, step: number, site, address, classId, offset, value, text } = step;
    hash.update(
      JSON.stringify([kind, task, number, site, address, classId, offset, value, text, step.hash.toString(16)]),
    );
  }
  return hash.digest('hex');
}

export const stateText = (hash: bigint): string => hash.toString(16).padStart(16, '0');

export function verifyRuns(runs: number, hot: HotSchedule, create: (debug: boolean) => Executor): Verification {
  let first: { state: string; trace: string } | null = null;
  let equal = 0;
  for (let i = 0; i < runs; i++) {
    const both = [false, true].map((debug) => {
      const traced = create(debug).trace(hot);
      return { state: stateText(traced.hash), trace: traceHash(traced) };
    });
    first ??= both[0] ?? null;
    if (both.every(({ state, trace }) => state === first?.state && trace === first.trace)) equal++;
  }
  return { runs, equal, state: first?.state ?? '', trace: first?.trace ?? '' };
}
