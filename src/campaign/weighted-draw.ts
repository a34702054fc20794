/**
 * Draws from a list by weights that move slowly. A campaign that runs for days has thousands of entries and draws a dozen parents a batch, so the
 * weights of a long list are kept for some draws: each draw pays for a bounded number of them.
 */
import type { Random } from '../schedule/prng.js';

/** Weights that a draw may cost: lists up to this length are weighed for each draw. */
const WEIGHTS_A_DRAW = 512;

export class WeightedDraw<T> {
  readonly list: T[] = [];
  /** Sums of the weights of the first entries, as of when they were last worked out. */
  private readonly sums: number[] = [];
  /** Draws for which they hold. */
  private left = 0;

  /** `weigh` answers a weight ≥ 0 for each element. Elements that came since weights were worked out have to wait. */
  pick(random: Random, weigh: (list: readonly T[]) => readonly number[]): T | undefined {
    if (this.left === 0) this.sum(weigh(this.list));
    this.left -= 1;
    const drawn = (random.u32() / 2 ** 32) * (this.sums.at(-1) ?? 0);
    const index = this.firstAbove(drawn);
    return this.list[index] ?? this.list.at(-1);
  }

  private sum(weights: readonly number[]): void {
    this.left = Math.max(1, Math.ceil(weights.length / WEIGHTS_A_DRAW));
    let sum = 0;
    for (const [i, weight] of weights.entries()) {
      sum += weight;
      this.sums[i] = sum;
    }
  }

  /** Index of the first sum above `drawn`; past the end if there is none. */
  private firstAbove(drawn: number): number {
    let [low, high] = [0, this.sums.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.sums[middle] ?? 0) > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
