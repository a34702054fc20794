/** Plans batches with what the campaign has learnt about its strategies: what they yield, and which enumerations are done. */
import type { Declarations, SceneDeclaration } from '../executor/declarations.js';
import type { Random } from '../schedule/prng.js';
import type { BatchResult, SearchResult } from '../worker/protocol.js';
import { Bandit, costOf, type StageYield } from './bandit.js';
import type { Entries } from './entries.js';
import { Pace } from './pace.js';
import { type PlannedStage, planBatch, SAMPLERS, type Sampler, STAGES } from './plan.js';
import type { CampaignStrategy } from './types.js';

/** The exhaustive search has an arm as well: what it yields decides its share. */
const SEARCH = 'search';
type Arm = Sampler | typeof SEARCH;
const ARMS: readonly Arm[] = [...SAMPLERS, SEARCH];

export class Planner {
  private readonly opened = new Map<string, number>();
  private readonly bandit = new Bandit<Arm>(ARMS);
  /** null: the clock decides nothing. */
  private readonly pace: Pace<Sampler> | null;
  /** Of all stages, and the states of the search that have counted. */
  private executions = 0;
  private points = 0;
  private searched = 0;
  /** Workers whose enumeration of a scene has nothing left. */
  private readonly spent = new Map<string, Set<number>>();
  /** Whether one of them has left schedules out. */
  private isCut = false;
  /** The last batch was all enumeration, of which its worker has nothing left: the next one is to run something, whoever has it. */
  private ranDry = false;

  constructor(
    private readonly declarations: Declarations,
    private readonly scenes: readonly SceneDeclaration[],
    private readonly workers: number,
    private readonly strategy: CampaignStrategy,
    private readonly random: Random,
    deterministic: boolean,
  ) {
    this.pace = strategy === 'portfolio' && !deterministic ? new Pace() : null;
  }

  /** The next batch, cut to the executions that are left. */
  plan(state: {
    readonly entries: Entries;
    readonly left: number;
    readonly executionsPerStage: number;
  }): PlannedStage[] {
    const { declarations, scenes, workers, strategy, random, opened, bandit } = this;
    const isSpent = (scene: string): boolean => this.isSpent(scene) || (this.ranDry && this.spent.has(scene));
    const fixed = { declarations, scenes, workers, strategy, random };
    const drawn = planBatch({ ...fixed, ...state, opened, bandit, isSpent });
    // Openings are counted in executions.
    const planned = drawn.length > STAGES ? drawn : this.paced(drawn, state.left);
    let sum = 0;
    return planned.filter(({ stage }) => {
      const fits = sum + stage.executions <= state.left;
      if (fits) sum += stage.executions;
      return fits;
    });
  }

  /** Stages of equal time, as far as executions are left. */
  private paced(planned: readonly PlannedStage[], left: number): readonly PlannedStage[] {
    const { pace } = this;
    if (!pace) return planned;
    let rest = left;
    return planned.flatMap((one) => {
      const { stage } = one;
      const executions = Math.min(rest, pace.fitting(stage.strategy as Sampler, stage.executions));
      rest -= executions;
      return executions > 0 ? [{ ...one, stage: { ...stage, executions } }] : [];
    });
  }

  /** What strategies have yielded moves their shares. `finds`: entries of the corpus and findings of each stage. Answers the cost, in points. */
  learn(result: BatchResult, planned: readonly PlannedStage[], finds: readonly number[]): number {
    let cost = 0;
    if (result.leftOut.length > 0) this.isCut = true;
    this.ranDry =
      this.strategy === 'portfolio' &&
      result.exhausted.length > 0 &&
      result.executions.every((executions) => executions === 0);
    for (const [i, { stage }] of planned.entries()) {
      // An enumeration that has nothing left on a worker costs a look each time, or it would be drawn for ever.
      const isExhausted = result.exhausted.includes(i);
      const executions = Math.max(result.executions[i] ?? 0, isExhausted ? 1 : 0);
      const points = result.stagePoints[i] ?? 0;
      const stageCost = costOf({ executions, points });
      const yielded = { executions, points, states: result.stageStates[i] ?? 0, finds: finds[i] ?? 0 };
      this.learnStage(stage.strategy as Sampler, yielded, stageCost, isExhausted ? 0 : (result.stageMs[i] ?? 0));
      this.executions += executions;
      this.points += points;
      cost += stageCost;
      if (!isExhausted) continue;
      this.spent.set(stage.scene, (this.spent.get(stage.scene) ?? new Set()).add(result.worker));
    }
    return cost;
  }

  /** `ms`: 0 = not worth measuring. */
  private learnStage(strategy: Sampler, yielded: StageYield, cost: number, ms: number): void {
    this.pace?.learn(strategy, { executions: yielded.executions, points: cost, ms });
    this.bandit.learn(strategy, yielded, ms > 0 ? (this.pace?.pointsIn(ms) ?? cost) : cost);
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

  /** Why the campaign ends if its only strategy is an enumeration that has nothing left; else null. */
  ending(): 'all-run' | 'left-out' | null {
    const { strategy, scenes } = this;
    if (strategy !== 'bounded' && strategy !== 'delay') return null;
    if (!scenes.every(({ name }) => this.isSpent(name))) return null;
    return this.isCut ? 'left-out' : 'all-run';
  }
}
