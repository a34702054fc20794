/** Bounded enumeration: complete, nothing twice, cheapest first, and dealt among workers. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import type { ModelArtefact } from '../../src/executor/instance.js';
import type { ExecutionResult, TracedExecution } from '../../src/executor/types.js';
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

/** Four entry points, and arguments that nothing but equality looks at. */
const CLASSES = `import { event, scene, spawn } from 'heddle';
class Cell { value: i32 = 0; }
const cell = new Cell();
function one(a: i32, b: i32, c: i32): void { cell.value = cell.value * 7 + a + b + c; }
function another(a: i32, b: i32, c: i32): void { cell.value = cell.value * 7 + a + b + c; }
function child(): void { cell.value = 1; cell.value = 2; }
function mother(): void { spawn(child); }
function father(): void { spawn(child); }
export function register(): void {
  event('one', one).arg('a', 0, 3).arg('b', 0, 3).arg('c', 0, 3);
  event('another', another).arg('a', 0, 3).arg('b', 0, 3).arg('c', 0, 3);
  event('mother', mother);
  event('father', father);
  scene('first argument').with('one', 0, 1, 1).with('one', 1, 1, 1);
  scene('second argument').with('one', 1, 0, 1).with('one', 1, 1, 1);
  scene('third argument').with('one', 1, 1, 0).with('one', 1, 1, 1);
  scene('entry').with('one', 1, 1, 1).with('another', 1, 1, 1);
  scene('parent').with('mother').with('father');
  scene('nothing').with('one', 1, 1, 1).with('one', 1, 1, 1);
}`;

describe.each(['bounded', 'delay'] as const)('the classes of %s', (strategy) => {
  it.each(['first argument', 'second argument', 'third argument', 'entry', 'parent'])(
    'tell tasks apart that differ in their %s: as many schedules as the full walk has',
    async (scene) => {
      const artefact = await modelOf(CLASSES, 'classes');
      const leaves = enumerateExecutor(Executor.create({ artefact, configuration: { scene } }), () => {});
      expect(all(Executor.create({ artefact, configuration: { scene } }), strategy)).toHaveLength(leaves);
    },
  );
  it('take events that differ in nothing as one', async () => {
    const artefact = await modelOf(CLASSES, 'classes');
    const leaves = enumerateExecutor(Executor.create({ artefact, configuration: { scene: 'nothing' } }), () => {});
    expect(all(Executor.create({ artefact, configuration: { scene: 'nothing' } }), strategy)).toHaveLength(leaves / 2);
  });
});

const THREE = `import { event, scene } from 'heddle';
class Cell { value: i32 = 0; }
const cell = new Cell();
function stores(n: i32): void { for (let i = 0; i < 3; i++) cell.value = n + i; }
export function register(): void {
  event('stores', stores).arg('n', 0, 30);
  scene('three').with('stores', 0).with('stores', 10).with('stores', 20);
}`;

/** Tasks that its deviations skip, going round from the one that would go on by default; none of these tasks ever waits. */
function delaysOf({ trace, recorded, tasks }: TracedExecution): number {
  return recorded.deviations.reduce((sum, { task, step, target }) => {
    const at = trace.findIndex((s) => s.task === task && s.step === step && s.kind === 'switch');
    const isDone = (t: number): boolean => trace.slice(0, at).some((s) => s.kind === 'exit' && s.task === t);
    const slots = tasks.map(({ slot }) => slot);
    const byDefault = isDone(task) ? slots.find((slot) => !isDone(slot)) : task;
    if (byDefault === undefined) throw new Error('nobody is left');
    let delays = 0;
    for (let t = byDefault; t !== target; t = (t + 1) % slots.length) if (!isDone(t)) delays += 1;
    return sum + delays;
  }, 0);
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
  it('of delay: a deviation counts the tasks that can run and are skipped', async () => {
    const artefact = await modelOf(THREE, 'three-tasks');
    const traced = Executor.create({ artefact });
    const delays = all(Executor.create({ artefact }), 'delay').map(({ recorded }) => delaysOf(traced.trace(recorded)));
    expect(delays).toHaveLength(1_680); // 9! / (3! 3! 3!)
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
  });
});
