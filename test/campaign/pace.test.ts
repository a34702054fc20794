/** Where a campaign may look at the clock, stages take equal time and cost time; where it may not, the clock changes nothing. */
import { describe, expect, it } from 'vitest';
import { Entries } from '../../src/campaign/entries.js';
import { Pace } from '../../src/campaign/pace.js';
import { executionsOf, type PlannedStage, SAMPLERS, STAGES } from '../../src/campaign/plan.js';
import { Planner } from '../../src/campaign/planner.js';
import { Executor } from '../../src/executor/executor.js';
import { createRandom } from '../../src/schedule/prng.js';
import type { BatchResult } from '../../src/worker/protocol.js';
import { modelAt } from '../support/models.js';

describe('the pace', () => {
  it('gives a slow strategy as many executions less', () => {
    const pace = new Pace<'fast' | 'slow' | 'new'>();
    for (let i = 0; i < 30; i++) {
      pace.learn('fast', { executions: 3_000, points: 30_000, ms: 10 });
      pace.learn('slow', { executions: 1_000, points: 10_000, ms: 10 });
    }
    expect(pace.fitting('fast', 2_000) / pace.fitting('slow', 2_000)).toBeCloseTo(3, 1);
    // Equal time for all: what both run together is what was asked for.
    expect((pace.fitting('fast', 2_000) + pace.fitting('slow', 2_000)) / 4_000).toBeCloseTo(1, 1);
    expect(pace.fitting('new', 2_000)).toBe(2_000);
    expect((pace.pointsIn(20) ?? 0) / 40_000).toBeCloseTo(1, 1);
  });

  it('forgets, and does not believe in anything', () => {
    const pace = new Pace<'a' | 'b'>();
    pace.learn('a', { executions: 1, points: 1, ms: 1_000_000 });
    pace.learn('b', { executions: 1_000, points: 1, ms: 1 });
    expect(pace.fitting('a', 1_000)).toBeGreaterThan(300);
    for (let i = 0; i < 200; i++)
      for (const name of ['a', 'b'] as const) pace.learn(name, { executions: 1_000, points: 1, ms: 1 });
    expect(Math.abs(pace.fitting('a', 1_000) - 1_000)).toBeLessThan(20);
  });
});

/** Batches of a campaign in which the strategies that look at each event take four times as long as the others. */
async function plans(deterministic: boolean, left = 10 ** 9): Promise<(readonly PlannedStage[])[]> {
  const artefact = await modelAt('test/models/toy.ts');
  const declarations = Executor.describe(artefact);
  const scenes = declarations.scenes.slice(0, 1);
  const planner = new Planner(declarations, scenes, 1, 'portfolio', createRandom(1, 2), deterministic);
  const entries = new Entries();
  let rest = left;
  return Array.from({ length: 40 }, () => {
    const executionsPerStage = Math.max(1, Math.min(1_000, Math.ceil(rest / STAGES)));
    const planned = planner.plan({ entries, left: rest, executionsPerStage });
    rest -= executionsOf(planned);
    const ms = ({ stage }: PlannedStage): number =>
      stage.executions * (['surw', 'pos', 'reads-from', 'bounded'].includes(stage.strategy) ? 4 : 1);
    const result = {
      ...{
        executions: planned.map(({ stage }) => stage.executions),
        stageMs: planned.map(ms),
        exhausted: [],
        leftOut: [],
        worker: 0,
      },
      ...{ stagePoints: planned.map(({ stage }) => 20 * stage.executions), stageStates: planned.map(() => 1) },
    } as unknown as BatchResult;
    planner.learn(
      result,
      planned,
      planned.map(() => 0),
    );
    return planned;
  });
}

function means(planned: readonly (readonly PlannedStage[])[]): Map<string, number> {
  const stages = planned.slice(20).flat();
  return new Map(
    SAMPLERS.map((name) => {
      const own = stages.filter(({ stage }) => stage.strategy === name);
      return [name, own.reduce((sum, { stage }) => sum + stage.executions, 0) / own.length];
    }),
  );
}

describe('the plan of a campaign', () => {
  it('has stages of equal time', async () => {
    const mean = means(await plans(false));
    const ratio = (a: string, b: string): number => (mean.get(a) ?? 0) / (mean.get(b) ?? 1);
    expect(ratio('pct', 'surw')).toBeGreaterThan(3);
    expect(ratio('pct', 'surw')).toBeLessThan(5);
    expect(ratio('random', 'pct')).toBeGreaterThan(0.75);
    expect(ratio('random', 'pct')).toBeLessThan(1.33);
  });

  it('has stages of equal executions if it is deterministic', async () => {
    const planned = await plans(true);
    expect(new Set(planned.slice(1).flatMap((batch) => batch.map(({ stage }) => stage.executions)))).toEqual(
      new Set([1_000]),
    );
  });

  it.each([false, true])(
    'hands out all executions that there are, and no more (deterministic: %s)',
    async (deterministic) => {
      const all = (await plans(deterministic, 60_001)).reduce((sum, planned) => sum + executionsOf(planned), 0);
      expect(all).toBe(60_001);
    },
  );
});
