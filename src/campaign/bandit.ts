/**
 * Which strategy deserves the next stage: shares by what each has yielded for its cost lately, with a floor for each, so that one that
 * begins to yield again is noticed. Cost is counted in points and executions, so that the same results give the same shares; a campaign that may
 * look at the clock counts time instead, as so many points (pace.ts).
 */
import type { Random } from '../schedule/prng.js';

/** What it cost, in points. */
export function costOf({ executions, points }: Pick<StageYield, 'executions' | 'points'>): number {
  return points + EXECUTION_POINTS * executions;
}

/** What a stage gave. */
export interface StageYield {
  readonly executions: number;
  readonly points: number;
  /** Final states that its worker had not seen. */
  readonly states: number;
  /** Entries of the corpus and findings. */
  readonly finds: number;
}

/** An execution costs as much as this many points. */
const EXECUTION_POINTS = 30;
/** A corpus entry or a finding is worth as many new final states. */
const FIND_STATES = 50;
/** What was learnt loses this part of its weight with each stage of the same strategy. */
export const FORGETTING = 0.15;
/** Each strategy's least part of an even share. */
const FLOOR = 0.25;

interface Arm {
  gain: number;
  cost: number;
}

export class Bandit<Name extends string> {
  private readonly arms = new Map<Name, Arm>();

  constructor(names: readonly Name[]) {
    // Something to begin with: all are equal.
    for (const name of names) this.arms.set(name, { gain: 1, cost: 1_000 });
  }

  /** `cost`: in points. */
  learn(name: Name, stage: StageYield, cost = costOf(stage)): void {
    const arm = this.arms.get(name);
    if (!arm || cost === 0) return;
    const keep = 1 - FORGETTING;
    arm.gain = keep * arm.gain + stage.states + FIND_STATES * stage.finds;
    arm.cost = keep * arm.cost + cost;
  }

  /** The part of the stages that each of the names gets; together 1. */
  shares(names: readonly Name[]): number[] {
    const rates = names.map((name) => {
      const arm = this.arms.get(name);
      return arm ? (arm.gain + 0.01) / arm.cost : 0;
    });
    const sum = rates.reduce((a, b) => a + b, 0);
    const least = FLOOR / names.length;
    return rates.map((rate) => least + (1 - FLOOR) * (sum > 0 ? rate / sum : 1 / names.length));
  }

  /** Draws n names by their shares, spread evenly: one draw for all. */
  draw<Some extends Name>(names: readonly Some[], n: number, random: Random): Some[] {
    const shares = this.shares(names);
    const offset = random.u32() / 2 ** 32;
    return Array.from({ length: n }, (_, i) => {
      let at = (i + offset) / n;
      const index = shares.findIndex((share) => {
        at -= share;
        return at < 0;
      });
      return (names[index] ?? names.at(-1)) as Some;
    });
  }
}
