/**
 * How likely the failure is after each step of the run: the share of random continuations that show it. The step at which it jumps is where
 * the bug was made; what comes before is only on the way. Prefixes are executed once, saved in the middle, and continued many times.
 */
import { isCostly } from '../executor/oracles.js';
import { followSchedule, type Move, type Stepper } from '../executor/stepping.js';
import type { RawFinding } from '../executor/types.js';
import { createRandom } from '../schedule/prng.js';
import type { HotSchedule } from '../schedule/schedule.js';

export interface LikelihoodPoint {
  /** Moves made before the continuation begins. */
  readonly moves: number;
  /** Continuations that failed; of `Likelihood.continuations`. */
  readonly failed: number;
}

export interface Likelihood {
  readonly continuations: number;
  /** In the order of time. */
  readonly points: readonly LikelihoodPoint[];
  /** The move with which the share rose most; null if it never rose by a tenth. */
  readonly turningPoint: { readonly move: Move; readonly before: number; readonly after: number } | null;
}

const CONTINUATIONS = 64;
/** Prefixes of the first look; the largest jump between two of them is then looked at step by step. */
const PREFIXES = 24;
const JUMP_MIN = 0.1;
/** Switches of the random walk come after 1 or 2 points. */
const WALK_BOUND = 2;

/**
 * `isBug` says whether a continuation's findings are the failure. Null for kinds whose oracles remember what no save has.
 */
export function likelihoodOf(
  stepper: Stepper,
  hot: HotSchedule,
  moves: readonly Move[],
  finding: RawFinding,
  isBug: (findings: readonly RawFinding[]) => boolean,
): Likelihood | null {
  if (isCostly(finding.kind) || moves.length === 0) return null;
  const sampler = new Sampler(stepper, hot, isBug);
  const count = Math.min(PREFIXES, moves.length);
  const grid = Array.from({ length: count + 1 }, (_, i) => Math.round((i * (moves.length - 1)) / count));
  sampler.sample(grid);
  for (let [low, high] = sampler.largestJump(); high - low > 1; ) {
    const middle = (low + high) >> 1;
    sampler.sample([middle]);
    const rises = [sampler.at(middle) - sampler.at(low), sampler.at(high) - sampler.at(middle)] as const;
    [low, high] = rises[0] >= rises[1] ? [low, middle] : [middle, high];
  }
  const points = sampler.points();
  const [before, after] = sampler.largestStep();
  const rise = (sampler.at(after) - sampler.at(before)) / CONTINUATIONS;
  const move = moves[before];
  return {
    continuations: CONTINUATIONS,
    points,
    turningPoint:
      move && rise >= JUMP_MIN
        ? { move, before: sampler.at(before) / CONTINUATIONS, after: sampler.at(after) / CONTINUATIONS }
        : null,
  };
}

class Sampler {
  private readonly failed = new Map<number, number>();

  constructor(
    private readonly stepper: Stepper,
    private readonly hot: HotSchedule,
    private readonly isBug: (findings: readonly RawFinding[]) => boolean,
  ) {
    // The strategy is made ready by an execution of its own.
    const { executor } = stepper;
    executor.strategy('random', WALK_BOUND);
    executor.setEvents(hot);
    executor.seed(1n);
    executor.batch(1);
  }

  at(moves: number): number {
    return this.failed.get(moves) ?? 0;
  }

  points(): LikelihoodPoint[] {
    return [...this.failed].map(([moves, failed]) => ({ moves, failed })).sort((a, b) => a.moves - b.moves);
  }

  sample(prefixes: readonly number[]): void {
    const saved = new Map<number, Uint8Array>();
    const last = Math.max(...prefixes);
    followSchedule(this.stepper, this.hot, (made) => {
      if (prefixes.includes(made)) saved.set(made, this.stepper.executor.save());
      return made < last;
    });
    for (const [moves, state] of saved) this.failed.set(moves, this.continueFrom(state, moves));
  }

  private continueFrom(state: Uint8Array, moves: number): number {
    const { stepper } = this;
    const { executor } = stepper;
    const random = createRandom(moves);
    executor.strategy('random', WALK_BOUND);
    executor.seed(BigInt(moves + 1));
    let failed = 0;
    for (let i = 0; i < CONTINUATIONS; i++) {
      executor.restore(state);
      const ready = executor.ready();
      const first = ready[random.below(Math.max(1, ready.length))] ?? stepper.byDefault;
      if (this.isBug(stepper.runOn(first).findings)) failed += 1;
    }
    return failed;
  }

  /** Two neighbouring prefixes of the curve. */
  largestJump(): [number, number] {
    return this.largest(() => true);
  }
  /** Of those that are one move apart. */
  largestStep(): [number, number] {
    return this.largest((low, high) => high - low === 1);
  }

  private largest(counts: (low: number, high: number) => boolean): [number, number] {
    const points = this.points();
    let best: [number, number] = [0, 0];
    let most = 0;
    for (const [i, { moves, failed }] of points.entries()) {
      const next = points[i + 1];
      if (next === undefined || !counts(moves, next.moves) || next.failed - failed <= most) continue;
      most = next.failed - failed;
      best = [moves, next.moves];
    }
    return best;
  }
}
