/** Executions of an executor whose two modules become one in the middle, beside those of one that stays as it is. */
import { expect } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import type { StrategyName } from '../../src/executor/layout.js';
import { linkedModule } from './linked.js';
import { modelAt } from './models.js';

export const RELINKED_STRATEGIES = [
  ['random', 0],
  ['pct', 3],
  ['pos', 1],
  ['surw', 4],
  ['reads-from', 0],
  ['bounded', 0],
  ['mutation', 0],
] as const;

/** Executions before and after. */
const RUNS = [40, 80] as const;

export async function expectNoDifference(
  [path, design, scene]: readonly [path: string, design: string, scene: string],
  [strategy, parameter]: readonly [StrategyName, number],
): Promise<void> {
  const artefact = await modelAt(path);
  const module = await linkedModule(artefact.wasm);
  const create = (): Executor => Executor.create({ artefact, configuration: { design, scene } });
  const two = create();
  const one = create();
  for (const executor of [two, one]) {
    const parent = executor.sceneSchedule();
    executor.seed(7n);
    executor.strategy(strategy, parameter, 50);
    executor.setParent(
      parent,
      parent.events.map((_, slot) => ({ slot, steps: 20 })),
      0,
    );
  }
  for (const [phase, runs] of RUNS.entries()) {
    if (phase === 1) one.relink(module);
    for (let run = 0; run < runs; run++) {
      const ran = two.batch(1);
      expect(one.batch(1)).toBe(ran);
      expect(one.interest()).toBe(two.interest());
      expect(one.result()).toEqual(two.result());
    }
  }
  expect(one.randomState()).toBe(two.randomState());
  expect(one.totals()).toEqual(two.totals());
  expect(one.observed()).toEqual(two.observed());
  const { recorded } = two.result();
  expect(one.trace(recorded)).toEqual(two.trace(recorded));
}
