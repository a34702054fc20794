/** Plans batches with what the campaign has learnt about its strategies: what they yield, and which enumerations are done. */
import type { Declarations, SceneDeclaration } from '../executor/declarations.js';
import type { Random } from '../schedule/prng.js';
import type { BatchResult } from '../worker/protocol.js';
import { Bandit } from './bandit.js';
import type { Entries } from './entries.js';
import { type PlannedStage, planBatch, SAMPLERS, type Sampler } from './plan.js';
import type { CampaignStrategy } from './types.js';

export class Planner {
  private readonly opened = new Map<string, number>();
  private readonly bandit = new Bandit<Sampler>(SAMPLERS);
  /** Workers whose enumeration of a scene has nothing left. */
  private readonly spent = new Map<string, Set<number>>();

  constructor(
    private readonly declarations: Declarations,
    private readonly scenes: readonly SceneDeclaration[],
    private readonly workers: number,
    private readonly strategy: CampaignStrategy,
    private readonly random: Random,
  ) {}

  /** The next batch, cut to the executions that are left. */
  plan(state: {
    readonly entries: Entries;
    readonly left: number;
    readonly executionsPerStage: number;
  }): PlannedStage[] {
    const { declarations, scenes, workers, strategy, random, opened, bandit } = this;
    const isSpent = (scene: string): boolean => this.isSpent(scene);
    const fixed = { declarations, scenes, workers, strategy, random };
    const planned = planBatch({ ...fixed, ...state, opened, bandit, isSpent });
    let sum = 0;
    return planned.filter(({ stage }) => {
      const fits = sum + stage.executions <= state.left;
      if (fits) sum += stage.executions;
      return fits;
    });
  }

  /** What strategies have yielded moves their shares. `finds`: entries of the corpus and findings of each stage. */
  learn(result: BatchResult, planned: readonly PlannedStage[], finds: readonly number[]): void {
    for (const [i, { stage }] of planned.entries()) {
      this.bandit.learn(stage.strategy as Sampler, {
        executions: result.executions[i] ?? 0,
        points: result.stagePoints[i] ?? 0,
        states: result.stageStates[i] ?? 0,
        finds: finds[i] ?? 0,
      });
      if (!result.exhausted.includes(i)) continue;
      this.spent.set(stage.scene, (this.spent.get(stage.scene) ?? new Set()).add(result.worker));
    }
  }

  private isSpent(scene: string): boolean {
    return this.spent.get(scene)?.size === this.workers;
  }

  /** True if the only strategy is an enumeration that has nothing left. */
  isAllRun(): boolean {
    const { strategy, scenes } = this;
    return (strategy === 'bounded' || strategy === 'delay') && scenes.every(({ name }) => this.isSpent(name));
  }
}
