/** Plans batches with what the campaign has learnt about its strategies: what they yield, and which enumerations are done. */
import type { Declarations, SceneDeclaration } from '../executor/declarations.js';
import type { Random } from '../schedule/prng.js';
import type { BatchResult, SearchResult } from '../worker/protocol.js';
import { Bandit, costOf } from './bandit.js';
import type { Entries } from './entries.js';
import { type PlannedStage, planBatch, SAMPLERS, type Sampler } from './plan.js';
import type { CampaignStrategy } from './types.js';

/** The exhaustive search has an arm as well: what it yields decides its share. */
const SEARCH = 'search';
type Arm = Sampler | typeof SEARCH;
const ARMS: readonly Arm[] = [...SAMPLERS, SEARCH];

export class Planner {
  private readonly opened = new Map<string, number>();
  private readonly bandit = new Bandit<Arm>(ARMS);
  /** Of all stages, and the states of the search that have counted. */
  private executions = 0;
  private points = 0;
  private searched = 0;
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

  /** What strategies have yielded moves their shares. `finds`: entries of the corpus and findings of each stage. Answers the cost, in points. */
  learn(result: BatchResult, planned: readonly PlannedStage[], finds: readonly number[]): number {
    let cost = 0;
    for (const [i, { stage }] of planned.entries()) {
      // An enumeration that has nothing left on a worker costs a look each time, or it would be drawn for ever.
      const executions = Math.max(result.executions[i] ?? 0, result.exhausted.includes(i) ? 1 : 0);
      const points = result.stagePoints[i] ?? 0;
      this.bandit.learn(stage.strategy as Sampler, {
        executions,
        points,
        states: result.stageStates[i] ?? 0,
        finds: finds[i] ?? 0,
      });
      this.executions += executions;
      this.points += points;
      cost += costOf({ executions, points });
      if (!result.exhausted.includes(i)) continue;
      this.spent.set(stage.scene, (this.spent.get(stage.scene) ?? new Set()).add(result.worker));
    }
    return cost;
  }

  /**
   * What a part of the exhaustive search has yielded, for a cost in points. Its states are all that it passes, and a sampler is credited for
   * final ones only: so many as an execution passes count as one. `finds`: as of `learn`.
   */
  learnSearch({ states, transitions, spent }: SearchResult, cost: number, finds: number): void {
    // A new pass counts from the beginning.
    if (transitions === spent || states < this.searched) this.searched = 0;
    const fresh = ((states - this.searched) * this.executions) / Math.max(1, this.points);
    this.searched = states;
    this.bandit.learn(SEARCH, { executions: 0, points: cost, states: fresh, finds });
  }

  /** The part of all work that the exhaustive search should have, by what it lately gave. */
  searchShare(): number {
    return this.bandit.shares(ARMS).at(-1) ?? 0;
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
