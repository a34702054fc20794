import { describe, expect, it } from 'vitest';
import { minimizeFinding } from '../../src/findings/minimize.js';
import { areIndependent, preemptionsOf, scheduleOf, turnsOf } from '../../src/findings/turns.js';
import { executorOf } from '../support/models.js';

const isRead = (): boolean => false;

describe('turns', () => {
  it('are a run, and give its schedule again', async () => {
    const executor = await executorOf('examples/bank.ts');
    const hot = { ...executor.sceneSchedule(), deviations: [{ task: 0, step: 3, target: 1 }] };
    const turns = turnsOf(executor.trace(hot).trace);
    expect(turns.map(({ task }) => task)).toEqual([0, 1, 0]);
    expect(executor.run(scheduleOf(turns, hot)).recorded.deviations).toEqual(hot.deviations);
    expect(preemptionsOf(executor, hot)).toBe(1);
  });

  it('that touch one place are not independent, and neither are two of one task', async () => {
    const executor = await executorOf('test/models/two-by-three.ts');
    const hot = { ...executor.sceneSchedule(), deviations: [{ task: 0, step: 1, target: 1 }] };
    const [a, b, c] = turnsOf(executor.trace(hot).trace);
    if (!a || !b || !c) throw new Error('three turns were expected');
    expect(areIndependent(a, c, isRead)).toBe(false);
    expect(areIndependent(a, { ...a, task: 9 }, isRead)).toBe(false);
    expect(areIndependent({ ...a, steps: [] }, b, isRead)).toBe(true);
  });
});

describe('another bug of the same bucket', () => {
  it('is not what a schedule is minimized to', async () => {
    const executor = await executorOf('test/models/waiting.ts', { scene: 'starved' });
    const schedule = executor.sceneSchedule();
    const { hot, reproduced } = minimizeFinding(executor, schedule, executor.run(schedule).findings[0] ?? 'none');
    expect(reproduced).toBe(true);
    const waits = (one: typeof schedule): string[] =>
      executor
        .run(one)
        .findings.flatMap(({ waiters }) => waiters.map(({ site }) => `${site}`))
        .slice(0, 1);
    expect(waits(hot)).toEqual(waits(schedule));
  });
});
