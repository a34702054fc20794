/** Bounded enumeration: complete, nothing twice, cheapest first, and dealt among workers. */
import { describe, expect, it } from 'vitest';
import type { Executor } from '../../src/executor/executor.js';
import type { ExecutionResult } from '../../src/executor/types.js';
import { enumerateExecutor } from '../support/enumerate.js';
import { executorOf } from '../support/models.js';
import { interleaving } from './statistics.js';

/** Every execution until there is none left. */
function all(executor: Executor, strategy: 'bounded' | 'delay'): ExecutionResult[] {
  executor.setEvents(executor.sceneSchedule());
  executor.strategy(strategy);
  const results: ExecutionResult[] = [];
  while (executor.batch(1) === 1) results.push(executor.result());
  return results;
}
const words = (results: readonly ExecutionResult[]): string[] =>
  results.map((r) => `${interleaving(r)} ${r.recorded.choices.map((c) => `${c.task}#${c.nth}=${c.value}`).join(' ')}`);

describe.each(['bounded', 'delay'] as const)('%s', (strategy) => {
  it.each([
    ['test/models/two-by-three.ts', '', 'two-by-three'],
    ['test/models/orders.ts', '', 'stores'],
    ['examples/abba.ts', 'abba', ''],
    ['examples/abba.ts', 'ordered', ''],
    ['examples/bank.ts', 'racy', ''],
    ['test/models/choosing.ts', '', 'both'],
  ])('runs every interleaving of %s %s %s once, and then no more', async (path, design, scene) => {
    const executor = await executorOf(path, { design, scene });
    const expected = new Set<bigint>();
    const leaves = enumerateExecutor(executor, ({ hash }) => expected.add(hash));
    const fresh = await executorOf(path, { design, scene });
    const results = all(fresh, strategy);
    expect(new Set(words(results)).size).toBe(results.length);
    const classes = sameEvents(fresh);
    if (classes) expect(results.length).toBeGreaterThanOrEqual(leaves / 2);
    else {
      expect(results.length).toBe(leaves);
      expect(new Set(results.map(({ hash }) => hash))).toEqual(expected);
    }
    expect(fresh.batch(1)).toBe(0);
  });

  it('takes tasks that have not started and are equal as one', async () => {
    const executor = await executorOf('test/models/toy.ts', { scene: 'two' });
    const results = all(executor, strategy);
    expect(new Set(words(results)).size).toBe(results.length);
    expect(results.length).toBe(6_435); // C(16, 8) / 2: the one that begins is the first
  });

  it('is dealt among workers: each its part, all of it, only the first schedule by everybody', async () => {
    const whole = words(all(await executorOf('test/models/two-by-three.ts'), strategy));
    const parts = await Promise.all(
      [0, 1, 2].map(async (share) => {
        const executor = await executorOf('test/models/two-by-three.ts');
        executor.share(share, 3);
        return words(all(executor, strategy));
      }),
    );
    const rest = parts.flatMap((part) => part.slice(1));
    expect(new Set(rest).size).toBe(rest.length);
    expect(new Set([whole[0], ...rest])).toEqual(new Set(whole));
    for (const part of parts) expect(part.length).toBeGreaterThan(1);
  });
});

/** Whether the scene has two equal events. */
function sameEvents(executor: Executor): boolean {
  const { events } = executor.sceneSchedule();
  return new Set(events.map((e) => JSON.stringify(e))).size < events.length;
}

describe('the order', () => {
  it('of bounded: no more deviations before all with fewer were tried, but for what was seen before', async () => {
    const executor = await executorOf('test/models/two-by-three.ts');
    const depths = all(executor, 'bounded').map((r) => r.recorded.deviations.length);
    expect(depths[0]).toBe(0);
    expect(Math.max(...depths.slice(0, 4))).toBe(1);
  });
  it('of delay: by delays alone', async () => {
    const executor = await executorOf('test/models/two-by-three.ts');
    const depths = all(executor, 'delay').map((r) => r.recorded.deviations.length);
    expect(depths).toEqual([...depths].sort((a, b) => a - b));
  });
});
