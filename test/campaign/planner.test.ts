/** What is planned: by what strategies have yielded, with which parameters, on which parents, and when little is left to run. */
import { describe, expect, it } from 'vitest';
import { Entries } from '../../src/campaign/entries.js';
import { AIMS_AT_LOCK_CYCLES, MANY_OBJECTS, OBJECTS } from '../../src/campaign/opening.js';
import { type PlannedStage, SAMPLERS } from '../../src/campaign/plan.js';
import { Planner } from '../../src/campaign/planner.js';
import { createRandom } from '../../src/schedule/prng.js';
import type { BatchResult, SearchResult } from '../../src/worker/protocol.js';
import { executorOf } from '../support/models.js';

/** What a worker answers: the enumeration alone shows what is new, as long as something is left of it. */
function answer(planned: readonly PlannedStage[], isLeft: boolean): BatchResult {
  const isBounded = planned.map(({ stage }) => stage.strategy === 'bounded');
  const executions = planned.map(({ stage }, i) => (isBounded[i] && !isLeft ? 0 : stage.executions));
  const none = executions.map(() => 0);
  return {
    ...{ type: 'batch', id: 1, discoveries: [], samples: [], sightings: [], again: [] },
    ...{ executions, stagePoints: executions.map((n) => 30 * n), stageMs: none },
    stageStates: executions.map((n, i) => (isBounded[i] ? n : 0)),
    exhausted: isLeft ? [] : planned.flatMap((_, i) => (isBounded[i] ? [i] : [])),
    leftOut: [],
    ...{ worker: 0, workerExecutions: 0, statesOnce: 0, points: 0, knownHits: 0 },
  } as unknown as BatchResult;
}

// The other worker has not said that its part is done, and may not come to it: the executions are all granted.
it('goes on with something else where an enumeration is done on the only worker that still runs', async () => {
  const { declarations } = await executorOf('examples/double-checked.ts');
  const { scenes } = declarations;
  const planner = new Planner(declarations, scenes, 2, 'portfolio', createRandom(1, 2), true);
  const entries = new Entries();
  const run = (left: number, executionsPerStage: number, isLeft: boolean): BatchResult => {
    const planned = planner.plan({ entries, left, executionsPerStage });
    const result = answer(planned, isLeft);
    planner.learn(
      result,
      planned,
      planned.map(() => 0),
    );
    return result;
  };
  for (let batch = 0; batch < 100; batch++) run(100_000, 1_000, true);
  let inARow = 0;
  let most = 0;
  for (let batch = 0; batch < 200; batch++) {
    const { executions } = run(4, 1, false);
    inARow = executions.some((n) => n > 0) ? 0 : inARow + 1;
    most = Math.max(most, inARow);
  }
  expect(most).toBe(1);
});

/** Batches behind the openings; `finds`: of a strategy’s stages. `entry`: one is in the corpus. */
async function batches(n: number, finds: (strategy: string) => number, entry = false) {
  const executor = await executorOf('examples/double-checked.ts');
  const { declarations } = executor;
  const planner = new Planner(declarations, declarations.scenes, 1, 'portfolio', createRandom(1, 2), true);
  const entries = new Entries();
  const [scene] = declarations.scenes;
  if (!scene) throw new Error('the model has a scene');
  const schedule = executor.sceneSchedule();
  if (entry) entries.add({ id: 'one', scene: scene.name, schedule, steps: [], choices: [], features: [1] });
  for (let left = declarations.scenes.length; left > 0; left--)
    planner.plan({ entries, left: 1e6, executionsPerStage: 100 });
  const stages: PlannedStage[] = [];
  for (let i = 0; i < n; i++) {
    const planned = planner.plan({ entries, left: 1e6, executionsPerStage: 100 });
    stages.push(...planned);
    const result = { ...answer(planned, true), stageStates: planned.map(() => 0) };
    planner.learn(
      result,
      planned,
      planned.map(({ stage }) => finds(stage.strategy)),
    );
  }
  return { planner, entries, stages };
}

describe('the portfolio', () => {
  it('draws from all samplers, with the parameters of each', async () => {
    const { stages } = await batches(100, () => 1, true);
    const seen = new Map<string, Set<number>>();
    for (const { stage } of stages)
      seen.set(stage.strategy, (seen.get(stage.strategy) ?? new Set()).add(stage.parameter));
    expect([...seen.keys()].sort()).toEqual([...SAMPLERS].sort());
    expect([...seen.keys()]).toContain('reads-from');
    const parameters = (name: string): number[] => [...(seen.get(name) ?? [])].sort((a, b) => a - b);
    expect(parameters('pos')).toEqual([AIMS_AT_LOCK_CYCLES]);
    expect(parameters('pct')).toEqual([2, 3, 4, 5]);
    expect(parameters('surw')).toEqual([0, 1, OBJECTS, MANY_OBJECTS].sort((a, b) => a - b));
  });

  it.each(['pct', 'reads-from', 'mutation'])('gives most to the one that finds something: %s', async (name) => {
    const { stages } = await batches(60, (strategy) => (strategy === name ? 1 : 0), true);
    const late = stages.slice(-160);
    expect(late.filter(({ stage }) => stage.strategy === name).length / late.length).toBeGreaterThan(0.6);
  });

  it('counts how often a parent was mutated, and what came of it', async () => {
    const { entries, stages } = await batches(40, () => 1, true);
    const mutations = stages.filter(({ stage }) => stage.strategy === 'mutation');
    expect(mutations.length).toBeGreaterThan(10);
    expect(entries.find('one')?.chosen).toBe(mutations.length);
    expect(entries.find('one')?.children).toBe(0);
    entries.bore('one', [2]);
    entries.bore('one', [3]);
    expect(entries.find('one')?.children).toBe(2);
  });

  it('gives the search a share by what it yields', async () => {
    const { planner } = await batches(20, () => 0);
    const search = (states: number, finds: number): number => {
      planner.learnSearch({ states, transitions: 10, spent: 1 } as unknown as SearchResult, 1_000, finds);
      return planner.searchShare();
    };
    let poor = 0;
    for (let i = 0; i < 30; i++) poor = search(0, 0);
    let rich = 0;
    for (let i = 1; i <= 30; i++) rich = search(0, 5);
    expect(rich).toBeGreaterThan(0.5);
    expect(poor).toBeLessThan(0.2);
  });
});
