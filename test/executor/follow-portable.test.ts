/** Schedules of files, run in one execution: what `fromPortable` finds in many. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { followPortable } from '../../src/executor/follow-portable.js';
import { fromPortable, toPortable } from '../../src/executor/portable.js';
import { Stepper } from '../../src/executor/stepping.js';
import type { Schedule } from '../../src/schedule/schedule.js';
import { committedEntries, sourceOfModel } from '../corpus/committed.js';
import { executorOf, modelAt } from '../support/models.js';
import { randomRun } from '../support/schedules.js';

const SCENES: readonly (readonly [path: string, scene: string])[] = [
  ['examples/bank.ts', 'two-transfers'],
  ['examples/abba.ts', 'opposite'],
  ['test/models/spawning.ts', 'family'],
  ['test/models/choosing.ts', 'both'],
  ['test/models/waiting.ts', 'work-two'],
  ['test/models/faults.ts', 'deadlock'],
  ['test/models/faults.ts', 'no-progress-waiting-twin'],
];

/** In one execution; the run is the same. */
function expectSame(executor: Executor, stepper: Stepper, portable: Schedule): void {
  const before = stepper.executor.totals().executions;
  const { hot, dropped } = followPortable(stepper, portable);
  expect(stepper.executor.totals().executions - before).toBe(1);
  const wanted = fromPortable(executor, portable);
  expect(dropped).toHaveLength(wanted.dropped.length);
  const [ours, theirs] = [hot, wanted.hot].map((schedule) => executor.run(schedule));
  expect(ours).toEqual(theirs);
}

describe('a schedule followed in one execution', () => {
  it.each(SCENES)('of %s, scene %s, is the run that it was', async (path, scene) => {
    const executor = await executorOf(path, { scene });
    const stepper = new Stepper(await executorOf(path, { scene }, { eager: true }));
    let choices = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const portable = toPortable(executor, randomRun(executor, seed).recorded, executor.manifest.name);
      choices += portable.choices.length;
      expectSame(executor, stepper, portable);
      // With decisions that have no place in this run.
      const halves = { deviations: portable.deviations.slice(1), choices: portable.choices.slice(1) };
      expectSame(executor, stepper, { ...portable, ...halves });
    }
    if (path.endsWith('choosing.ts')) expect(choices).toBeGreaterThan(20);
  });

  it('is the one of every committed schedule', async () => {
    const executors = new Map<string, { executor: Executor; stepper: Stepper }>();
    for (const { schedule } of committedEntries()) {
      const { model, design, scene, options } = schedule;
      const key = JSON.stringify([model, design, scene, options]);
      let pair = executors.get(key);
      if (!pair) {
        const artefact = await modelAt(sourceOfModel(model));
        const base = { artefact, configuration: { design, scene, options } };
        pair = { executor: Executor.create(base), stepper: new Stepper(Executor.create({ ...base, eager: true })) };
        executors.set(key, pair);
      }
      expectSame(pair.executor, pair.stepper, schedule);
    }
  }, 300_000);
});
