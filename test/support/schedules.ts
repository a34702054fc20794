/** Schedules for tests. */
import type { Executor } from '../../src/executor/executor.js';
import type { ExecutionResult, FindingKind } from '../../src/executor/types.js';
import type { HotSchedule } from '../../src/schedule/schedule.js';

/** One random walk through the configured scene. */
export function randomRun(executor: Executor, seed: number): ExecutionResult {
  executor.strategy('random', 2);
  executor.setEvents(executor.sceneSchedule());
  executor.seed(BigInt(seed) * 0x9e3779b97f4a7c15n + 1n);
  executor.batch(1);
  return executor.result();
}

/** The recorded schedules of the first `count` random walks that have a finding of that kind. */
export function failingSchedules(executor: Executor, kind: FindingKind, count = 1, seedsMax = 3000): HotSchedule[] {
  const found: HotSchedule[] = [];
  for (let seed = 1; seed <= seedsMax && found.length < count; seed++) {
    // Leaks and invariants at the end are looked for by `run` always, by `batch` only in states that are new.
    const { recorded } = randomRun(executor, seed);
    if (executor.run(recorded).findings.some((finding) => finding.kind === kind)) found.push(recorded);
  }
  return found;
}
