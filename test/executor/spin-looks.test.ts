/** Where the default scheduler looks whether a task spins does not depend on where a strategy decided: what ran replays. */
import { expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { modelAt } from '../support/models.js';

const RUNS = 10;

it.each([
  ['turns', 1],
  ['surw', 1],
  ['random', 0],
  ['pct', 3],
] as const)('two tasks that spin, by %s', async (strategy, parameter) => {
  const artefact = await modelAt('test/models/endless.ts');
  const create = (): Executor => Executor.create({ artefact, configuration: { scene: 'hogs' } });
  const [executor, again] = [create(), create()];
  executor.seed(3n);
  for (let i = 0; i < RUNS; i++) {
    executor.strategy(strategy, parameter, 50);
    executor.setEvents(executor.sceneSchedule());
    expect(executor.batch(1)).toBe(1);
    const { recorded, hash, tasks } = executor.result();
    expect(again.run(recorded)).toMatchObject({ recorded, hash, tasks });
  }
});
