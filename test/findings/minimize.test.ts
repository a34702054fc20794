import { describe, expect, it } from 'vitest';
import type { HotDeviation } from '../../src/schedule/schedule.js';
import { bucketOf } from '../../src/findings/place.js';
import { minimizeFinding } from '../../src/findings/minimize.js';
import { Executor } from '../../src/executor/executor.js';
import { executorOf, modelOf } from '../support/models.js';
import { preemptionsOf } from '../../src/findings/turns.js';
import { failingSchedules } from '../support/schedules.js';

/** Two tasks with a thousand increments each before the race. */
const LONG = `import { event, invariant, scene } from 'heddle';
class Cell { steps: i32 = 0; value: i32 = 0; seen: i32 = 0; }
const cell = new Cell();
function count(): void {
  for (let i = 0; i < 1000; i++) cell.steps += 1;
  const before = cell.value;
  cell.seen = before;
  cell.value = before + 1;
}
export function register(): void {
  event('count', count);
  scene('two').with('count').with('count');
  invariant('both count', () => cell.value == 2);
}
`;

describe('minimizeFinding', () => {
  it('leaves one preemption of a random failing schedule, and it replays exactly', async () => {
    const executor = await executorOf('examples/bank.ts');
    const schedules = failingSchedules(executor, 'invariant', 20);
    expect(schedules).toHaveLength(20);
    for (const schedule of schedules) {
      const { hot, reproduced, complete } = minimizeFinding(executor, schedule, 'invariant “no money is lost”');
      expect({ reproduced, complete, deviations: hot.deviations.length }).toEqual({
        reproduced: true,
        complete: true,
        deviations: 1,
      });
      const result = executor.run(hot);
      expect(result.recorded).toEqual(hot);
      expect(result.findings.map((raw) => bucketOf(raw, executor.manifest))).toEqual(['invariant “no money is lost”']);
    }
  });

  it('merges the turns of two tasks that alternate step by step', async () => {
    const executor = await executorOf('examples/bank.ts');
    const deviations: HotDeviation[] = [];
    for (let step = 0; step < 3; step++) deviations.push({ task: 0, step, target: 1 }, { task: 1, step, target: 0 });
    const schedule = {
      ...executor.sceneSchedule(),
      deviations: deviations.sort((a, b) => a.task - b.task || a.step - b.step),
    };
    expect(executor.run(schedule).findings).toHaveLength(1);
    expect(minimizeFinding(executor, schedule, 'invariant “no money is lost”').hot.deviations).toHaveLength(1);
  });

  it('drops thousands of switches that no bug needs, and gives up after so much work', async () => {
    const executor = Executor.create({ artefact: await modelOf(LONG, 'long-prelude') });
    const steps = Array.from({ length: 2_002 }, (_, step) => step);
    const schedule = {
      ...executor.sceneSchedule(),
      deviations: [0, 1].flatMap((task) => steps.map((step) => ({ task, step, target: 1 - task }))),
    };
    const name = 'invariant “both count”';
    expect(executor.run(schedule).findings).toHaveLength(1);
    const { hot, complete, runs } = minimizeFinding(executor, schedule, name, { keepEvents: true });
    expect({ complete, deviations: hot.deviations.length }).toEqual({ complete: true, deviations: 1 });
    expect(runs).toBeLessThan(1_000);
    const little = minimizeFinding(executor, schedule, name, { keepEvents: true, maxWork: 1_000_000 });
    expect(little).toMatchObject({ reproduced: true, complete: false });
    expect(executor.run(little.hot).findings).toHaveLength(1);
  });

  it('puts two turns together over one that must stay', async () => {
    const executor = await executorOf('test/models/between.ts');
    const alternating: HotDeviation[] = [
      { task: 0, step: 1, target: 1 },
      { task: 0, step: 2, target: 2 },
      { task: 1, step: 1, target: 0 },
    ];
    const schedule = { ...executor.sceneSchedule(), deviations: alternating };
    const [finding] = executor.run(schedule).findings;
    if (!finding) throw new Error('the schedule must fail');
    expect(preemptionsOf(executor, schedule)).toBe(3);
    const { hot, complete } = minimizeFinding(executor, schedule, finding);
    expect({ complete, preemptions: preemptionsOf(executor, hot) }).toEqual({ complete: true, preemptions: 2 });
  });

  it('keeps the events of a fixed scene', async () => {
    const executor = await executorOf('test/models/waiting.ts', { scene: 'starved' });
    const schedule = executor.sceneSchedule();
    const [raw] = executor.run(schedule).findings;
    const bucket = raw ?? { kind: 'deadlock', site: 0, message: '' };
    expect(minimizeFinding(executor, schedule, bucket).hot.events).toHaveLength(1);
    expect(minimizeFinding(executor, schedule, bucket, { keepEvents: true }).hot.events).toHaveLength(3);
  });

  it('says so if the schedule does not show the bucket', async () => {
    const executor = await executorOf('examples/bank.ts');
    const schedule = executor.sceneSchedule();
    expect(minimizeFinding(executor, schedule, 'leak at f new X')).toEqual({
      hot: schedule,
      runs: 1,
      reproduced: false,
      complete: true,
    });
  });

  it('stops at the limit of runs', async () => {
    const executor = await executorOf('examples/bank.ts');
    const [schedule] = failingSchedules(executor, 'invariant', 1);
    const { runs, reproduced } = minimizeFinding(
      executor,
      schedule ?? executor.sceneSchedule(),
      'invariant “no money is lost”',
      { maxRuns: 2 },
    );
    expect({ runs, reproduced }).toEqual({ runs: 2, reproduced: true });
  });
});
