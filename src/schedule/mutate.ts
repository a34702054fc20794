/**
 * Mutation of hot schedules: a table of small operators and one function that stacks a few of them. Pure: the same
 * parent, context and random source give the same mutant.
 */
import { Draft, type MutationContext } from './draft.js';
import { normaliseHot } from './hot.js';
import { DECISION_MUTATORS } from './mutators-decisions.js';
import { EVENT_MUTATORS } from './mutators-events.js';
import { SPLICE_MUTATORS } from './mutators-splice.js';
import type { Random } from './prng.js';
import type { HotSchedule } from './schedule.js';

export type { MutationContext } from './draft.js';

/** One operator. Names are stable: yields are counted by them. */
export interface Mutator {
  readonly name: string;
  /** `events`: only where events may change. `partner`: a second schedule. */
  readonly needs: 'nothing' | 'events' | 'partner' | 'partner-and-events';
  /** Relative likelihood. */
  readonly weight: number;
  /** Changes the draft; `false` if it could not, and then the draft is as before. */
  apply(draft: Draft, context: MutationContext, random: Random, partner: HotSchedule): boolean;
}

export interface Mutant {
  /** Normal (`normaliseHot`) and within `LIMITS`. */
  readonly schedule: HotSchedule;
  /** Names of the operators that were applied, in order; empty if none was applicable. */
  readonly operators: readonly string[];
}

/** Every operator, in a stable order. */
export const MUTATORS: readonly Mutator[] = [...EVENT_MUTATORS, ...DECISION_MUTATORS, ...SPLICE_MUTATORS];

/** Operators are drawn anew this often for each that is wanted: some are not applicable to a schedule. */
const TRIES = 6;

/**
 * Applies one, two or four operators to a copy of the parent. Without a partner nothing is spliced. `weights` replaces
 * the operators' own weights, in the order of `MUTATORS`, so that a caller can favour what paid before.
 */
export function mutate(
  parent: HotSchedule,
  context: MutationContext,
  random: Random,
  more: { readonly partner?: HotSchedule; readonly weights?: readonly number[] } = {},
): Mutant {
  const draft = new Draft(normaliseHot(parent), context);
  const partner = more.partner === undefined ? undefined : normaliseHot(more.partner);
  const weights = MUTATORS.map((mutator, i) =>
    isUsable(mutator, context, partner) ? (more.weights?.[i] ?? mutator.weight) : 0,
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const wanted = 1 << random.below(3);
  const operators: string[] = [];
  for (let tries = wanted * TRIES; tries > 0 && operators.length < wanted; tries -= 1) {
    const mutator = pickWeighted(weights, total, random);
    if (mutator?.apply(draft, context, random, partner ?? parent)) operators.push(mutator.name);
  }
  return { schedule: normaliseHot(draft), operators };
}

function isUsable(mutator: Mutator, context: MutationContext, partner: HotSchedule | undefined): boolean {
  switch (mutator.needs) {
    case 'nothing':
      return true;
    case 'events':
      return !context.fixedEvents;
    case 'partner':
      return partner !== undefined;
    case 'partner-and-events':
      return partner !== undefined && !context.fixedEvents;
  }
}

function pickWeighted(weights: readonly number[], total: number, random: Random): Mutator | undefined {
  let rest = (random.u32() / 2 ** 32) * total;
  const at = weights.findIndex((weight) => {
    rest -= weight;
    return rest < 0;
  });
  return MUTATORS[at];
}
