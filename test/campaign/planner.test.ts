/** What is planned when little is left to run. */
import { expect, it } from 'vitest';
import { Entries } from '../../src/campaign/entries.js';
import type { PlannedStage } from '../../src/campaign/plan.js';
import { Planner } from '../../src/campaign/planner.js';
import { createRandom } from '../../src/schedule/prng.js';
import type { BatchResult } from '../../src/worker/protocol.js';
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
