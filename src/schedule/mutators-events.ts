/** Mutation operators on events: which run, in which order, with which arguments. */
import type { Draft, EventDomain, MutationContext } from './draft.js';
import type { Mutator } from './mutate.js';
import { pickOne, type Random } from './prng.js';
import { type HotEvent, LIMITS } from './schedule.js';

export const EVENT_MUTATORS: readonly Mutator[] = [
  { name: 'event-add', needs: 'events', weight: 2, apply: addEvent },
  { name: 'event-remove', needs: 'events', weight: 2, apply: removeEvent },
  { name: 'event-duplicate', needs: 'events', weight: 2, apply: duplicateEvent },
  { name: 'event-swap', needs: 'nothing', weight: 2, apply: swapEvents },
  { name: 'event-move', needs: 'nothing', weight: 2, apply: moveEvent },
  { name: 'arg-random', needs: 'events', weight: 2, apply: randomArg },
  { name: 'arg-nudge', needs: 'events', weight: 1, apply: nudgeArg },
  { name: 'arg-copy', needs: 'events', weight: 2, apply: copyArg },
];

function addEvent(draft: Draft, context: MutationContext, random: Random): boolean {
  const addable = context.events.flatMap((_, event) => (hasRoom(draft, context, event) ? [event] : []));
  const event = pickOne(addable, random);
  if (event === undefined) return false;
  const args = (context.events[event]?.args ?? []).slice(0, LIMITS.args).map((domain) => valueIn(domain, random));
  insertEvent(draft, random.below(draft.events.length + 1), { event, args });
  return true;
}

function removeEvent(draft: Draft, _context: MutationContext, random: Random): boolean {
  if (draft.events.length < 2) return false;
  const gone = random.below(draft.events.length);
  draft.replaceEvents(draft.events.map((event, from) => ({ event, from })).filter(({ from }) => from !== gone));
  return true;
}

function duplicateEvent(draft: Draft, context: MutationContext, random: Random): boolean {
  const event = pickOne(draft.events, random);
  if (event === undefined || !hasRoom(draft, context, event.event)) return false;
  insertEvent(draft, random.below(draft.events.length + 1), event);
  return true;
}

function swapEvents(draft: Draft, _context: MutationContext, random: Random): boolean {
  const count = draft.events.length;
  if (count < 2) return false;
  const a = random.below(count);
  const b = (a + 1 + random.below(count - 1)) % count;
  const order = draft.events.map((_, i) => (i === a ? b : i === b ? a : i));
  reorder(draft, order);
  return true;
}

function moveEvent(draft: Draft, _context: MutationContext, random: Random): boolean {
  const count = draft.events.length;
  if (count < 2) return false;
  const from = random.below(count);
  const to = (from + 1 + random.below(count - 1)) % count;
  const order = draft.events.map((_, i) => i);
  order.splice(from, 1);
  order.splice(to, 0, from);
  reorder(draft, order);
  return true;
}

function randomArg(draft: Draft, context: MutationContext, random: Random): boolean {
  return changeArg(draft, context, random, (_old, domain) => valueIn(domain, random));
}

function nudgeArg(draft: Draft, context: MutationContext, random: Random): boolean {
  return changeArg(draft, context, random, (old) => old + (random.chance(0.5) ? 1 : -1));
}

/** Events that agree on a number (the same device) meet more often than those that do not. */
function copyArg(draft: Draft, context: MutationContext, random: Random): boolean {
  const value = pickOne(pickOne(draft.events, random)?.args ?? [], random);
  return value !== undefined && changeArg(draft, context, random, () => value);
}

/** Changes one argument, if the result lies in its domain and is another value. */
function changeArg(
  draft: Draft,
  context: MutationContext,
  random: Random,
  change: (old: number, domain: EventDomain['args'][number]) => number,
): boolean {
  const index = random.below(Math.max(1, draft.events.length));
  const event = draft.events[index];
  if (event === undefined || event.args.length === 0) return false;
  const nth = random.below(event.args.length);
  const old = event.args[nth];
  const domain = context.events[event.event]?.args[nth];
  if (old === undefined || domain === undefined) return false;
  const value = change(old, domain);
  if (value === old || value < domain.min || value > domain.max) return false;
  draft.events[index] = { event: event.event, args: event.args.with(nth, value) };
  return true;
}

/** Whether one more of that event is allowed. */
export function hasRoom(draft: Draft, context: MutationContext, event: number): boolean {
  const domain = context.events[event];
  if (domain === undefined || draft.events.length >= LIMITS.events) return false;
  return domain.atMost === 0 || draft.events.filter((other) => other.event === event).length < domain.atMost;
}

function insertEvent(draft: Draft, at: number, event: HotEvent): void {
  const next = draft.events.map((old, from) => ({ event: old, from }));
  next.splice(at, 0, { event, from: -1 });
  draft.replaceEvents(next);
}

function reorder(draft: Draft, order: readonly number[]): void {
  draft.replaceEvents(order.flatMap((from) => draft.events.slice(from, from + 1).map((event) => ({ event, from }))));
}

function valueIn({ min, max }: EventDomain['args'][number], random: Random): number {
  return min + random.below(max - min + 1);
}
