/** Which executions a worker runs when stages on other events come between. */
import { vi } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import type { StrategyName } from '../../src/executor/layout.js';
import type { HotSchedule } from '../../src/schedule/schedule.js';
import { BatchRunner } from '../../src/worker/batch.js';
import type { BatchRequest, Stage } from '../../src/worker/protocol.js';
import { interleaving } from '../strategies/statistics.js';
import { modelAt } from './models.js';
import { workerSetup } from './worker-setup.js';

/** Calls `seen` after each execution of a batch; these go on being the same. To be undone with `vi.restoreAllMocks`. */
export function watch(seen: (executor: Executor, strategy: string) => void): void {
  const { batch, strategy } = Executor.prototype;
  const chosen = new WeakMap<Executor, StrategyName>();
  vi.spyOn(Executor.prototype, 'strategy').mockImplementation(function (this: Executor, name, ...more) {
    chosen.set(this, name);
    strategy.call(this, name, ...more);
  });
  vi.spyOn(Executor.prototype, 'batch').mockImplementation(function (this: Executor, n) {
    for (let i = 1; i <= n; i++) {
      if (batch.call(this, 1) === 0) return i - 1;
      seen(this, chosen.get(this) ?? '');
      if (this.interest() !== 0) return i;
    }
    return n;
  });
}

type Between = { readonly strategy: Stage['strategy']; readonly events: 'own' | 'varied' };

/** What executions of `strategy` on the scene's own events did, in batches with a stage between them. */
export async function executionsOf(
  strategy: 'bounded' | 'reads-from' | 'surw' | 'pos',
  between: Between | null,
  linked: WebAssembly.Module | null = null,
): Promise<string[]> {
  const setup = { ...workerSetup(await modelAt('test/models/toy.ts'), ''), visibleOnly: true };
  const runner = new BatchRunner(setup, () => 0, 0);
  const own = runner.executor('three').sceneSchedule();
  const varied = { ...own, events: own.events.slice(0, 2) };
  const stage = (name: Stage['strategy'], schedule: HotSchedule, executions: number): Stage => ({
    ...{ strategy: name, scene: 'three', parameter: 0, schedule, choices: 0, executions, steps: [8, 8, 8] },
  });
  const ran: string[] = [];
  watch((executor, name) => {
    const result = executor.result();
    if (name === strategy && result.recorded.events.length === 3) ran.push(interleaving(result));
  });
  for (let id = 1; id <= 4; id++) {
    const stages = [stage(strategy, own, 100)];
    if (between) stages.push(stage(between.strategy, between.events === 'own' ? own : varied, 10));
    const request: BatchRequest = {
      ...{ type: 'batch', id, seed: BigInt(id), stages, budgetMs: null, stopOnFirst: false, known: [] },
      linked: id > 1 ? linked : null,
    };
    runner.run(request);
  }
  vi.restoreAllMocks();
  return ran;
}
