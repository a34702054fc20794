/** The schedules that a campaign begins with: no preemption and the last task first; and turns at what is shared. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { executorOf, modelOf } from '../support/models.js';

describe('last-first', () => {
  it('runs each task to its end, the last one first', async () => {
    const executor = await executorOf('test/models/two-by-three.ts');
    executor.setEvents(executor.sceneSchedule());
    executor.strategy('last-first');
    executor.batch(1);
    const { trace } = executor.trace(executor.result().recorded);
    expect(blocks(trace).slice(-2)).toEqual([1, 0]);
  });
});

describe('turns', () => {
  it.each([
    ['examples/abba.ts', 'abba', 'ordered', 1, 'opposite'],
    ['examples/gallery/cve-2016-7911.ts', 'buggy', 'fixed', 1, 'ask-while-exiting'],
    ['examples/gallery/cve-2016-9806.ts', 'buggy', 'fixed', 1, 'two-dumps'],
    ['bench/sctbench/programs/wronglock.ts', 'buggy', 'fixed', 1, '3, C'],
    ['bench/sctbench/programs/stack.ts', 'buggy', 'fixed', 2, 'C'],
    ['bench/sctbench/programs/work_steal_queue.ts', 'buggy', 'fixed', 2, 'C'],
  ])(
    'show the bug of %s %s in one schedule, and none in %s: %i events each',
    async (path, bad, good, length, scene) => {
      const run = async (design: string): Promise<number> => {
        const executor = await executorOf(path, { design, scene });
        executor.setEvents(executor.sceneSchedule());
        executor.strategy('last-first');
        executor.batch(1);
        expect(executor.result().findings).toEqual([]);
        executor.strategy('turns', length);
        executor.batch(1);
        return executor.result().findings.length;
      };
      expect(await run(bad)).toBeGreaterThan(0);
      expect(await run(good)).toBe(0);
    },
  );

  it('lets tasks go on alone where nobody else cares', async () => {
    const artefact = await modelOf(
      `
import { event, scene } from 'heddle';
class Cells { left: i32 = 0; right: i32 = 0; shared: i32 = 0; }
const cells = new Cells();
function left(): void { for (let i = 0; i < 3; i++) cells.left = i; cells.shared++; }
function right(): void { for (let i = 0; i < 3; i++) cells.right = i; cells.shared++; }
export function register(): void {
  event('left', left);
  event('right', right);
  scene('both').with('left').with('right');
}`,
      'own-cells',
    );
    const executor = Executor.create({ artefact });
    executor.setEvents(executor.sceneSchedule());
    for (const strategy of ['last-first', 'turns'] as const) {
      executor.strategy(strategy);
      executor.batch(1);
    }
    const { trace } = executor.trace(executor.result().recorded);
    // The start is the first task's; then each goes to its load of what is shared and no further.
    // Who did the last of a round begins the next one.
    expect(blocks(trace.filter(({ kind }) => kind === 'access'))).toEqual([0, 1, 0]);
  });

  it.each([
    [1, [0, 1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0]],
    [2, [0, 0, 1, 1, 2, 2, 2, 2, 1, 1, 0, 0]],
  ])('go there and back, %i events each', async (length, expected) => {
    const artefact = await modelOf(
      `
import { event, scene } from 'heddle';
class Cell { shared: i32 = 0; }
const cell = new Cell();
function twice(): void { for (let i = 0; i < 2; i++) cell.shared++; }
export function register(): void {
  event('twice', twice);
  scene('three').with('twice').with('twice').with('twice');
}`,
      'there-and-back',
    );
    const executor = Executor.create({ artefact });
    executor.setEvents(executor.sceneSchedule());
    executor.strategy('last-first');
    executor.batch(1);
    executor.strategy('turns', length);
    executor.batch(1);
    const { trace } = executor.trace(executor.result().recorded);
    expect(trace.filter(({ kind }) => kind === 'access').map(({ task }) => task)).toEqual(expected);
  });
});

/** Tasks in the order in which they ran, each once for as long as it went on alone. */
function blocks(trace: readonly { readonly task: number }[]): number[] {
  return trace.map(({ task }) => task).filter((task, i, all) => task !== all[i - 1]);
}
