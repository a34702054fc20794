/** A schedule that lets turns go round: a switch of a task to itself where it would go on anyway. */
import { describe, expect, it } from 'vitest';
import { toPortable, fromPortable } from '../../src/executor/portable.js';
import { executorOf } from '../support/models.js';

/** Tasks in the order of their accesses. */
const order = (trace: readonly { kind: string; task: number }[]): number[] =>
  trace.filter(({ kind }) => kind === 'access').map(({ task }) => task);

describe('turns that go round', () => {
  it('begin where the schedule says so, one step each, and are recorded', async () => {
    const executor = await executorOf('test/models/two-by-three.ts');
    const plain = executor.sceneSchedule();
    expect(order(executor.trace(plain).trace)).toEqual([0, 0, 0, 1, 1, 1]);
    const schedule = { ...plain, deviations: [{ task: 0, step: 1, target: 0 }] };
    const traced = executor.trace(schedule);
    // The first turn of a task takes it to its first access.
    expect(order(traced.trace)).toEqual([0, 0, 1, 0, 1, 1]);
    expect(traced.recorded.deviations).toEqual(schedule.deviations);
    expect(executor.run(traced.recorded).hash).toBe(traced.hash);
    const portable = toPortable(executor, schedule, 'two-by-three');
    expect(portable.deviations.map(({ task, target }) => [task, target])).toEqual([['0', '0']]);
    const resolved = fromPortable(executor, portable);
    expect([resolved.hot.deviations, resolved.dropped]).toEqual([schedule.deviations, []]);
  });

  it('give way to later decisions of the schedule', async () => {
    const executor = await executorOf('test/models/two-by-three.ts');
    const deviations = [
      { task: 0, step: 0, target: 0 },
      { task: 1, step: 1, target: 1 },
    ];
    const { trace, recorded } = executor.trace({ ...executor.sceneSchedule(), deviations });
    expect(order(trace).slice(0, 4)).toEqual([0, 1, 1, 0]);
    expect(recorded.deviations).toEqual(deviations);
  });
});
