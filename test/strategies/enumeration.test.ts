/** Bounded enumeration: complete, nothing twice, cheapest first, and dealt among workers. */
import { describe, expect, it } from 'vitest';
import type { Executor } from '../../src/executor/executor.js';
import type { ModelArtefact } from '../../src/executor/instance.js';
import type { ExecutionResult } from '../../src/executor/types.js';
import { BatchRunner } from '../../src/worker/batch.js';
import { enumerateExecutor } from '../support/enumerate.js';
import { executorOf, modelAt, modelOf } from '../support/models.js';
import { workerSetup } from '../support/worker-setup.js';
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

describe.each(['bounded', 'delay'] as const)('what %s says of its end', (strategy) => {
  /** A worker's word for it: whether schedules were left out. */
  async function endOf(path: string, artefact: ModelArtefact, scene: string): Promise<boolean> {
    const runner = new BatchRunner(workerSetup(artefact, ''), () => 0, 0);
    const schedule = runner.executor(scene).sceneSchedule();
    const stage = { strategy, scene, parameter: 0, schedule, choices: 0, executions: 100_000, steps: [] };
    const result = runner.run({
      ...{
        type: 'batch',
        id: 1,
        seed: 1n,
        stages: [stage],
        budgetMs: null,
        stopOnFirst: false,
        known: [],
        linked: null,
      },
    });
    expect([path, result.exhausted]).toEqual([path, [0]]);
    return result.leftOut.length > 0;
  }

  it.each([
    ['test/models/two-by-three.ts', 'two-by-three'],
    ['test/models/choosing.ts', 'both'],
    ['test/models/toy.ts', 'two'],
    ['examples/bank.ts', ''],
  ])('is that nothing was left out: %s %s', async (path, scene) => {
    expect(await endOf(path, await modelAt(path), scene)).toBe(false);
  });

  const MODEL = `import { choose, event, scene } from 'heddle';
class Cell { value: i32 = 0; }
const cell = new Cell();
function wide(n: i32): void { cell.value = choose(n); }
function deep(n: i32): void { while (n > 0 && choose(2) == 1) n--; cell.value = n; }
function long(n: i32): void { for (let i = 0; i < n; i++) cell.value = i; }
export function register(): void {
  event('wide', wide).arg('n', 1, 65536);
  event('deep', deep).arg('n', 1, 1000);
  event('long', long).arg('n', 1, 10000);
  scene('many').with('wide', 49000);
  scene('too-many').with('wide', 60000);
  scene('deep').with('deep', 64);
  scene('too-deep').with('deep', 66);
  scene('long-alone').with('long', 5000);
  scene('long-choice').with('long', 1).with('long', 1500);
  scene('too-long').with('long', 1).with('long', 2500);
}`;
  it.each([
    ['many', false],
    ['too-many', true],
    ['deep', false],
    ['too-deep', true],
    ['long-alone', false],
    ['long-choice', false],
    ['too-long', true],
  ])('is honest where there is no space: %s, %s', async (scene, isCut) => {
    expect(await endOf(scene, await modelOf(MODEL, 'no-space'), scene)).toBe(isCut);
  });
});

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
