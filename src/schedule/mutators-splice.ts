/**
 * Mutation operators that combine a schedule with another one of the corpus. The events stay, except for
 * `splice-events`.
 */
import type { Draft, MutationContext } from './draft.js';
import type { Mutator } from './mutate.js';
import { hasRoom } from './mutators-events.js';
import { pickOne, type Random } from './prng.js';
import { type HotDeviation, type HotSchedule, LIMITS } from './schedule.js';
import { remapDecisions } from './slots.js';

export const SPLICE_MUTATORS: readonly Mutator[] = [
  { name: 'splice-prefix', needs: 'partner', weight: 2, apply: splicePrefix },
  { name: 'splice-task', needs: 'partner', weight: 2, apply: spliceTask },
  { name: 'splice-union', needs: 'partner', weight: 2, apply: spliceUnion },
  { name: 'splice-events', needs: 'partner-and-events', weight: 1, apply: spliceEvents },
];

/**
 * Own deviations up to a point, the partner's after it. The point is a share of each task's steps: hot steps are per
 * task.
 */
function splicePrefix(draft: Draft, _context: MutationContext, random: Random, partner: HotSchedule): boolean {
  const theirs = adopt(draft, partner);
  const share = random.u32() / 2 ** 32;
  const isEarly = ({ task, step }: HotDeviation) => step < share * draft.stepsOf(task);
  const late = theirs.deviations.filter((deviation) => !isEarly(deviation));
  if (late.length === 0) return false;
  draft.deviations = limited([...draft.deviations.filter(isEarly), ...late]);
  if (random.chance(0.5)) draft.choices = [...theirs.choices];
  return true;
}

/** All decisions of some tasks come from the partner. */
function spliceTask(draft: Draft, _context: MutationContext, random: Random, partner: HotSchedule): boolean {
  const theirs = adopt(draft, partner);
  const source = pickOne(theirs.deviations, random);
  if (source === undefined) return false;
  // At least the task of one of the partner's deviations, so that something comes over.
  const taken = new Set(draft.tasks.filter((task) => task === source.task || random.chance(0.3)));
  const isTaken = ({ task }: { readonly task: number }) => task === source.task || taken.has(task);
  draft.deviations = limited([...draft.deviations.filter((d) => !isTaken(d)), ...theirs.deviations.filter(isTaken)]);
  draft.choices = [...draft.choices.filter((c) => !isTaken(c)), ...theirs.choices.filter(isTaken)].slice(
    0,
    LIMITS.choices,
  );
  return true;
}

/** Everything that both decide; where they disagree the own decision stays. */
function spliceUnion(draft: Draft, _context: MutationContext, _random: Random, partner: HotSchedule): boolean {
  const theirs = adopt(draft, partner);
  const decided = new Set(draft.deviations.map(({ task, step }) => `${task},${step}`));
  const chosen = new Set(draft.choices.map(({ task, nth }) => `${task},${nth}`));
  const news = theirs.deviations.filter(({ task, step }) => !decided.has(`${task},${step}`));
  const newChoices = theirs.choices.filter(({ task, nth }) => !chosen.has(`${task},${nth}`));
  if (news.length + newChoices.length === 0) return false;
  draft.deviations = limited([...draft.deviations, ...news]);
  draft.choices = [...draft.choices, ...newChoices].slice(0, LIMITS.choices);
  return true;
}

/** The partner's events join in after the own ones, with what they decide among themselves. */
function spliceEvents(draft: Draft, context: MutationContext, _random: Random, partner: HotSchedule): boolean {
  const map: number[] = [];
  for (const event of partner.events) {
    if (!hasRoom(draft, context, event.event)) {
      map.push(-1);
      continue;
    }
    const old = draft.events.map((own, from) => ({ event: own, from }));
    draft.replaceEvents([...old, { event, from: -1 }]);
    map.push(draft.events.length - 1);
  }
  if (map.every((at) => at < 0)) return false;
  const theirs = remapDecisions(partner, draft.events.length, map);
  draft.deviations = limited([...draft.deviations, ...theirs.deviations]);
  draft.choices = [...draft.choices, ...theirs.choices].slice(0, LIMITS.choices);
  return true;
}

/**
 * The partner's decisions in the draft's task numbers: its events stand for equal ones, else for ones of the same
 * kind.
 */
function adopt(draft: Draft, partner: HotSchedule): Pick<HotSchedule, 'deviations' | 'choices'> {
  const free = new Set(draft.events.keys());
  const map = partner.events.map(() => -1);
  for (const isEqual of [sameArgs, () => true]) {
    for (const [i, theirs] of partner.events.entries()) {
      if (map[i] !== -1) continue;
      const match = [...free].find((at) => {
        const own = draft.events[at];
        return own !== undefined && own.event === theirs.event && isEqual(own.args, theirs.args);
      });
      if (match === undefined) continue;
      map[i] = match;
      free.delete(match);
    }
  }
  return remapDecisions(partner, draft.events.length, map);
}

function sameArgs(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((arg, i) => arg === b[i]);
}

function limited(deviations: HotDeviation[]): HotDeviation[] {
  return deviations.slice(0, LIMITS.deviations);
}
