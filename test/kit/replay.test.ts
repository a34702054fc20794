/** What the kit's tasks, timeouts and interrupts do replays: in a fresh instance, eagerly, in the debug build, in the exact artefact. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { modelAt } from '../support/models.js';
import { randomRun } from '../support/schedules.js';

const SCENES = [
  ['locks', 'rwlock'],
  ['locks', 'semaphore-timeout'],
  ['rcu', 'rcu-barrier'],
  ['rcu', 'rcu-free'],
  ['klist', 'klist-remove'],
  ['timers', 'timer-periodic'],
  ['timers', 'delayed-cancel'],
  ['timers', 'timeout-condition'],
  ['timers', 'timeout-sleep'],
  ['notifier', 'unregister'],
  ['irq', 'plain'],
  ['irq', 'line-disable'],
] as const;
const RUNS = 40;

describe('replay', () => {
  it.each(SCENES)('%s, %s', async (model, scene) => {
    const path = `test/models/kit-${model}.ts`;
    const artefact = await modelAt(path);
    const configuration = { scene };
    const recorder = Executor.create({ artefact, configuration });
    const others = [
      Executor.create({ artefact, configuration }),
      Executor.create({ artefact, configuration, eager: true }),
      Executor.create({ artefact, configuration, build: 'debug' }),
      Executor.create({ artefact: await modelAt(path, 'exact'), configuration, eager: true }),
    ];
    for (let seed = 1; seed <= RUNS; seed++) {
      const { recorded, hash, points } = randomRun(recorder, seed);
      const [first, ...rest] = others.map((executor) => executor.trace(recorded));
      expect([first?.hash, first?.points, first?.recorded]).toEqual([hash, points, recorded]);
      for (const { trace, findings } of rest)
        expect({ trace, findings }).toEqual({ trace: first?.trace, findings: first?.findings });
      expect(recorder.recomputeHash()).toBe(hash);
    }
  });

  it.each(['random', 'pct', 'mutation'] as const)('timeouts in a loop end under %s', async (strategy) => {
    const executor = Executor.create({
      artefact: await modelAt('test/models/kit-timers.ts'),
      configuration: { scene: 'polling' },
    });
    executor.setEvents(executor.sceneSchedule());
    executor.strategy(strategy, 3);
    for (let seed = 1n; seed <= 50n; seed++) {
      executor.seed(seed * 0x9e3779b97f4a7c15n);
      executor.batch(1);
      expect(executor.result().findings).toEqual([]);
    }
  });
});
