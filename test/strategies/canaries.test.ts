/** Each strategy finds the planted bugs and stays silent on their correct twins. */
import { describe, expect, it } from 'vitest';
import type { StrategyName } from '../../src/executor/layout.js';
import { executorOf } from '../support/models.js';
import { size } from '../support/size.js';

const STRATEGIES: readonly (readonly [StrategyName, number])[] = [
  ['random', 0],
  ['pct', 3],
  ['pos', 0],
  ['pos', 1],
  ['surw', 0],
  ['surw', 1],
  ['surw', 4],
  ['reads-from', 0],
  ['bounded', 0],
  ['delay', 0],
];
const PROGRAMS = [
  ['examples/bank.ts', 'racy', 'locked'],
  ['examples/abba.ts', 'abba', 'ordered'],
  ['examples/double-checked.ts', 'broken', 'fixed'],
] as const;

describe.each(STRATEGIES)('%s %i', (strategy, parameter) => {
  it.each(PROGRAMS)('finds the bug of %s %s, and none in %s', async (path, bad, good) => {
    const run = async (design: string, executions: number): Promise<boolean> => {
      const executor = await executorOf(path, { design });
      executor.setEvents(executor.sceneSchedule());
      executor.strategy(strategy, parameter, 20);
      executor.seed(1n);
      for (let done = 0; done < executions; ) {
        const ran = executor.batch(executions - done);
        if (executor.interest() & 4) return true;
        if (ran === 0) return false;
        done += ran;
      }
      return false;
    };
    expect(await run(bad, 2_000)).toBe(true);
    expect(await run(good, size().silentExecutions / 5)).toBe(false);
  });
});
