/** Frequencies of what executions do, and how likely they are. */
import type { Executor } from '../../src/executor/executor.js';
import type { StrategyName } from '../../src/executor/layout.js';
import type { ExecutionResult } from '../../src/executor/types.js';

/** Runs n executions of a strategy on the configured scene and counts them by `key`; the first `skip` are left out. */
export function frequencies(
  executor: Executor,
  [strategy, parameter]: readonly [StrategyName, number],
  n: number,
  key: (result: ExecutionResult) => string,
  skip = 1,
  lengthEstimate = 20,
): Map<string, number> {
  const counts = new Map<string, number>();
  executor.setEvents(executor.sceneSchedule());
  executor.strategy(strategy, parameter, lengthEstimate);
  executor.seed(0x5eedn);
  for (let i = 0; i < n + skip; i++) {
    executor.batch(1);
    if (i < skip) continue;
    const k = key(executor.result());
    counts.set(k, (counts.get(k) ?? 0) + 1);
  }
  return counts;
}

/** What was recorded tells interleavings apart: one list of deviations each. */
export const interleaving = ({ recorded }: ExecutionResult): string =>
  recorded.deviations.map(({ task, step, target }) => `${task}@${step}>${target}`).join(' ');

/** χ² of counts against equal expectation; categories that never occurred count as well. */
export function chiSquareUniform(counts: ReadonlyMap<string, number>, categories: number): number {
  const n = [...counts.values()].reduce((sum, x) => sum + x, 0);
  const expected = n / categories;
  const present = [...counts.values()].reduce((sum, x) => sum + (x - expected) ** 2 / expected, 0);
  return present + (categories - counts.size) * expected;
}

/** χ² of counts against expected probabilities by key. */
export function chiSquare(counts: ReadonlyMap<string, number>, probability: ReadonlyMap<string, number>): number {
  const n = [...counts.values()].reduce((sum, x) => sum + x, 0);
  let sum = 0;
  for (const [key, p] of probability) sum += ((counts.get(key) ?? 0) - n * p) ** 2 / (n * p);
  return sum;
}

/** The value that χ² exceeds once in 10,000 (Wilson and Hilferty's approximation). Seeds are fixed, so a test fails always or never. */
export function critical(degrees: number): number {
  const z = 3.719;
  const a = 2 / (9 * degrees);
  return degrees * (1 - a + z * Math.sqrt(a)) ** 3;
}
