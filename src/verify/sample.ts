/**
 * What a search over states cannot see shows in whole runs: races between accesses that only an unmarked or relaxed flag keeps apart, and runs
 * that never end. A search under the costly oracles ends with a look at random schedules under all of them.
 */
import { Executor, type ExecutorOptions } from '../executor/executor.js';
import { isCostly } from '../executor/oracles.js';
import type { Violations } from './violations.js';

const RUNS = 2_000;

/** Adds what costly oracles find in random schedules of the scene. The same schedules in every process. */
export function sampleSchedules(options: ExecutorOptions, violations: Violations): void {
  const executor = Executor.create({ ...options, build: 'oracles' });
  executor.setEvents(executor.sceneSchedule());
  executor.strategy('random');
  executor.seed(1n);
  for (let runs = 0; runs < RUNS; ) {
    runs += executor.batch(RUNS - runs);
    const { findings, recorded } = executor.result();
    for (const finding of findings) {
      if (executor.isKnown(finding)) continue;
      executor.acknowledge(finding);
      const seed = executor.randomState();
      if (isCostly(finding.kind)) violations.add({ finding, schedule: recorded, adjacent: [] });
      executor.strategy('random');
      executor.seed(seed);
    }
  }
}
