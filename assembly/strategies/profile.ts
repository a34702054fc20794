// What tasks did in earlier executions of the same events: which cells each touched, how, and how often in the first execution. Learnt by
// the strategies that look at every event; forgotten when the events change.
import { EVENTS, INPUT } from '../executor/layout';
import { control, head, NONE, task } from '../executor/state';
import { EVENT_COUNTS, LEARNT, LEARNT_BITS, PARENTS, PROFILE, PROFILE_MAX, PROFILE_TABLE, PROFILE_TABLE_MASK } from './layout';
import { forgetDependencies } from './lock-dependencies';
import { forgetFirst, NOTHING, Pending, READS, WRITES } from './pending-events';
import { forgetAccesses } from './visibility';

@unmanaged
export class Entry {
  address: usize;
  /** ALL: the sum over all tasks. */
  task: i32;
  /** Bits: READS, WRITES; above them, in sums, the number of tasks. */
  kinds: i32;
  /** Events in the first execution. */
  count: i32;
}

/** In place of a task. */
export const ALL: i32 = 255;
const ONE_TASK: i32 = 4;

let events: u64 = 0;
/** Executions that it knows. */
export let profiled: i32 = 0;
/** Events of the first of them. */
export let profiledEvents: i32 = 0;
export let entries: i32 = 0;
/** Tasks that it knows. */
export let knownLow: u64 = 0;
export let knownHigh: u64 = 0;
/** Grows when it is forgotten, so that strategies can tell. */
export let generation: i32 = 0;
/** Grows with each change of an entry. */
export let changes: i32 = 0;

export function entryAt(i: i32): Entry {
  return changetype<Entry>(PROFILE + (<usize>i << 4));
}

function hashOfEvents(): u64 {
  let h: u64 = control.events;
  for (let at = INPUT + EVENTS, end = at + (<usize>control.events << 5); at < end; at += 8) {
    h = (h ^ load<u64>(at)) * 0x9e3779b97f4a7c15;
    h ^= h >> 29;
  }
  return h;
}

/** Before an execution: forgets what belongs to other events. */
export function prepareProfile(): void {
  const h = hashOfEvents();
  if (h == events && generation) return;
  events = h;
  forgetProfile();
}

/** Nothing is known of these events any more. */
export function forgetProfile(): void {
  profiled = profiledEvents = entries = 0;
  changes++;
  knownLow = knownHigh = 0;
  generation++;
  memory.fill(PROFILE_TABLE, 0, (<usize>PROFILE_TABLE_MASK + 1) << 1);
  memory.fill(EVENT_COUNTS, 0, 128 << 2);
  memory.fill(LEARNT, 0, 4 << LEARNT_BITS);
  forgetFirst();
  forgetAccesses();
  forgetDependencies();
}
export function finishProfile(): void {
  profiled++;
}

export function knows(t: i32): bool {
  return ((t < 64 ? knownLow >> t : knownHigh >> (t - 64)) & 1) != 0;
}

/** Place in the table of (t, address): the entry's, or an empty one. */
function placeOf(t: i32, address: usize): usize {
  let i = (<u32>address * 0x9e3779b1) ^ (<u32>t * 0x85ebca77);
  i ^= i >> 15;
  while (true) {
    const at = PROFILE_TABLE + (<usize>(i & PROFILE_TABLE_MASK) << 1);
    const found = <i32>load<u16>(at);
    if (!found) return at;
    const e = entryAt(found - 1);
    if (e.address == address && e.task == t) return at;
    i++;
  }
}

/** The entry of (t, address), made if it is missing; null if there is no space. */
function entryOf(t: i32, address: usize): Entry | null {
  const at = placeOf(t, address);
  const found = <i32>load<u16>(at);
  if (found) return entryAt(found - 1);
  if (entries >= PROFILE_MAX) return null;
  const e = entryAt(entries++);
  store<u16>(at, <u16>entries);
  e.address = address;
  e.task = t;
  e.kinds = e.count = 0;
  return e;
}

/** Events of task t at a cell in the profile's first execution. */
export function countOf(t: i32, address: usize): i32 {
  const found = <i32>load<u16>(placeOf(t, address));
  return found ? entryAt(found - 1).count : 0;
}

/** Where it is kept that task t does something of this kind at p's cell. */
function learntAt(key: u32): usize {
  return LEARNT + (<usize>((key * 0x9e3779b1) >> (32 - LEARNT_BITS)) << 2);
}
/** Cells are below 32 MiB. */
function learntKey(t: i32, p: Pending): u32 {
  return (<u32>p.address << 7) | (<u32>t << 2) | <u32>(p.kind & (READS | WRITES));
}

/** False only if `learn(t, p)` would change nothing, as an earlier execution has shown it: told from one word, at each event. */
export function isNews(t: i32, p: Pending): bool {
  const key = learntKey(t, p);
  return p.kind == NOTHING || load<u32>(learntAt(key)) != key;
}

/** Task t executes event p. */
export function learn(t: i32, p: Pending): void {
  const kind = p.kind & (READS | WRITES);
  learnAnew(t, p, kind);
  const key = learntKey(t, p);
  if (profiled && kind != NOTHING) store<u32>(learntAt(key), key);
}

function learnAnew(t: i32, p: Pending, kind: i32): void {
  if (!knows(t)) {
    if (t < 64) knownLow |= <u64>1 << t;
    else knownHigh |= <u64>1 << (t - 64);
    store<i32>(PARENTS + (<usize>t << 2), task(t).parent);
  }
  const counted = EVENT_COUNTS + (<usize>t << 2);
  if (!profiled) {
    store<i32>(counted, load<i32>(counted) + 1);
    profiledEvents++;
  }
  if (p.kind == NOTHING) return;
  const e = entryOf(t, p.address);
  if (!e || (profiled && (e.kinds & kind))) return;
  const sum = entryOf(ALL, p.address);
  if (!sum) return;
  changes++;
  if (!e.kinds) sum.kinds += ONE_TASK;
  e.kinds |= kind;
  sum.kinds |= kind;
  if (profiled && e.count) return;
  e.count++;
  sum.count++;
}

/** Whether e is the sum of a cell that several tasks touch and one writes. */
export function isShared(e: Entry): bool {
  return e.task == ALL && e.kinds >= 2 * ONE_TASK && (e.kinds & WRITES) != 0;
}

/** Whether task t, or one that it will spawn, may do what does not commute with p. True for a task that was never seen. */
export function mayConflict(p: Pending, t: i32): bool {
  if (p.kind == NOTHING) return false;
  if (!knows(t)) return true;
  const found = <i32>load<u16>(placeOf(t, p.address));
  return found != 0 && ((p.kind & WRITES) != 0 || (entryAt(found - 1).kinds & WRITES) != 0);
}

/** True only if `mayConflict(p, u)` is false for every other task u, as nobody else has touched the cell: without a look at each. */
export function isOwn(p: Pending, t: i32): bool {
  if ((head.existLow & ~knownLow) | (head.existHigh & ~knownHigh)) return false;
  const sum = <i32>load<u16>(placeOf(ALL, p.address));
  if (!sum) return entries < PROFILE_MAX;
  return entryAt(sum - 1).kinds < 2 * ONE_TASK && load<u16>(placeOf(t, p.address)) != 0;
}

/** Whether any task but t may. */
export function anyConflict(p: Pending, t: i32): bool {
  return p.kind != NOTHING && !isOwn(p, t) && anyConflictAmong(p, t);
}
/** The same, by a look at each. */
export function anyConflictAmong(p: Pending, t: i32): bool {
  if (p.kind == NOTHING) return false;
  for (let low = head.existLow; low; low &= low - 1) {
    const u = <i32>ctz(low);
    if (u != t && mayConflict(p, u)) return true;
  }
  for (let high = head.existHigh; high; high &= high - 1) {
    const u = 64 + <i32>ctz(high);
    if (u != t && mayConflict(p, u)) return true;
  }
  return false;
}

/** The task itself if it exists, else the nearest of its ancestors that does; NONE. */
export function presentFor(t: i32): i32 {
  while (t >= 0 && !((t < 64 ? head.existLow >> t : head.existHigh >> (t - 64)) & 1)) t = load<i32>(PARENTS + (<usize>t << 2));
  return t < 0 ? NONE : t;
}
