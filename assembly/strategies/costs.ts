// In which order enumeration runs the schedules: what a deviation costs. A low cost says that the deviation may well show something new:
// - a preemption is cheap between two events of the preempted task that do not commute with what the other task does: an atomicity violation or a wrong
//   order needs such a place; without a later conflict the order of events changes nothing, without an earlier one it is merely another start;
// - while the preempted task holds a lock that the other one takes, that one will soon wait; that is of interest only where the preempted
//   task is about to take another lock;
// - a kind of switch (place, task, and the kinds of switches before it) is dearer the more often it was proposed, so that the thousandth
//   iteration or the hundredth equal task does not hide what comes after.
// Delay bounding has none of this: a deviation costs how many tasks it skips.
import { BLOCK, EXIT } from '../executor/scheduler';
import { control, task } from '../executor/state';
import { CHOICE, Decision, decisionAt, MOVES, OWN } from './bounded';
import { CONFLICTED, LAST_DECISIONS, KINDS_SEEN, KINDS_SEEN_MASK } from './layout';
import { LOCKS, NOTHING, Pending, WRITES } from './pending-events';
import { anyConflictAmong, isOwn, mayConflict } from './profile';
import { depthOf, isChoice, node, push } from './waiting-nodes';

const PREEMPTION: i32 = 3;
const ORDER: i32 = 3;
/** Another task of the same kind does the same, so it is the less likely to get in the way. */
const SAME_KIND: i32 = 1;
/** A spawned task that has done nothing, in the place of one that does the same: after all that other tasks show with a few deviations. */
const TWIN: i32 = 64;
const VALUE: i32 = 3;
const NO_LATER_CONFLICT: i32 = 8;
const NO_EARLIER_CONFLICT: i32 = 3;
const LOCK_HELD: i32 = 3;

/** The event before which a decision stands, as a record of its own. */
const event = changetype<Pending>(memory.data(32));

/** No kind of switch was proposed yet. */
export function forgetKinds(): void {
  memory.fill(KINDS_SEEN, 0, (<usize>KINDS_SEEN_MASK + 1) << 1);
}

/** What all children at a decision have in common. */
let familyKind: u32 = 0; // hash of the kinds of switches before, of the decision's task, reason and place
/** Cost of a preemption, but for what depends on the task that goes on; -1: going on elsewhere is no preemption. */
let preemption: i32 = -1;

/** Adds the schedules that deviate once more than schedule i, whose run made the first n decisions. */
export function addChildren(i: i32, n: i32, delays: bool): void {
  const isRoot = node(i).parent < 0;
  memory.fill(CONFLICTED, 0, 128 << 4);
  memory.fill(LAST_DECISIONS, 0xff, 128 << 2);
  const path = kindsOnPath(i);
  let children = 0;
  for (let k = 0; k < n; k++) {
    const d = decisionAt(k);
    familyKind = kindOf(path, d);
    if (d.reason == CHOICE) {
      for (let value = 1; value < <i32>d.more; value++) {
        if (isRoot && !isMine(children++)) continue;
        add(i, d, value, delays ? value : VALUE + seenBefore(value), true);
      }
      continue;
    }
    if (!delays && d.kind != NOTHING && isOwn(eventOf(d), d.task)) d.kind |= OWN;
    if (d.reason != MOVES) {
      if (!delays) preemption = preemptionAt(d);
      const firstsLow = d.readyLow & ~repeatedOf(d, 0);
      const firstsHigh = d.readyHigh & ~repeatedOf(d, 64);
      for (let half = 0; half < 2; half++) {
        for (let set = half ? firstsHigh : firstsLow; set; set &= set - 1) {
          const u = (half << 6) + <i32>ctz(set);
          if (u == d.byDefault) continue;
          if (isRoot && !isMine(children++)) continue;
          add(i, d, u, delays ? skipped(d, u) : isTwin(d, u) ? TWIN : costOf(d, u), false);
        }
      }
    }
    if (delays) continue;
    store<i32>(lastOf(d.task), k);
    const earlier = load<i32>(lastOf(d.chosen));
    if (earlier >= 0) noteConflicts(decisionAt(earlier));
  }
}

/** Index of the decision before the event that task t is about to execute; -1 if there was none. */
function lastOf(t: i32): usize {
  return LAST_DECISIONS + (<usize>t << 2);
}

/** With several workers, the children of the first schedule are dealt like cards. */
function isMine(child: i32): bool {
  return control.shares <= 1 || child % control.shares == control.share;
}

function add(i: i32, d: Decision, what: i32, cost: i32, choice: bool): void {
  push(i, d.step, (<u32>d.task << 16) | what, node(i).cost + cost, depthOf(node(i)) + 1, choice);
}

function sameClass(a: i32, b: i32): bool {
  const x = task(a);
  const y = task(b);
  return x.entry == y.entry && x.parent == y.parent && x.arg0 == y.arg0 && x.arg1 == y.arg1 && x.arg2 == y.arg2;
}

/**
 * Of the events that have done nothing, from `base` on: those that are the same as another of them, the default or a lower one. Tasks that were
 * spawned are not left out: whoever has their handles can tell them apart.
 */
function repeatedOf(d: Decision, base: i32): u64 {
  let repeated: u64 = 0;
  for (let set = base ? d.freshHigh : d.freshLow; set; set &= set - 1) {
    const at = <i32>ctz(set);
    if (task(base + at).parent < 0 && !isFirstOfClass(d, base + at)) repeated |= <u64>1 << at;
  }
  return repeated;
}
/** Whether it was spawned, has done nothing, and another of its class comes before it. */
function isTwin(d: Decision, u: i32): bool {
  return task(u).parent >= 0 && isIn(d.freshLow, d.freshHigh, u) && !isFirstOfClass(d, u);
}
function isFirstOfClass(d: Decision, u: i32): bool {
  if (isIn(d.freshLow, d.freshHigh, d.byDefault) && sameClass(d.byDefault, u)) return false;
  for (let half = 0; half < 2; half++) {
    for (let set = half ? d.freshHigh : d.freshLow; set; set &= set - 1) {
      const t = (half << 6) + <i32>ctz(set);
      if (t >= u) return true;
      if (sameClass(t, u)) return false;
    }
  }
  return true;
}
function isIn(low: u64, high: u64, t: i32): bool {
  return ((t < 64 ? low >> t : high >> (t - 64)) & 1) != 0;
}

/** Tasks that a round robin from the default would pass over before u. */
function skipped(d: Decision, u: i32): i32 {
  let count = 1;
  for (let t = (d.byDefault + 1) & 127; t != u; t = (t + 1) & 127) if (isIn(d.readyLow, d.readyHigh, t)) count++;
  return count;
}

function eventOf(d: Decision): Pending {
  event.address = d.address;
  event.kind = d.kind & ~OWN;
  event.site = d.site;
  return event;
}

function preemptionAt(d: Decision): i32 {
  const mayGoOn = d.reason < BLOCK && isIn(d.readyLow, d.readyHigh, d.task);
  if (!mayGoOn || isIn(d.freshLow, d.freshHigh, d.task)) return -1;
  return !(d.kind & OWN) && anyConflictAmong(eventOf(d), d.task) ? PREEMPTION : PREEMPTION + NO_LATER_CONFLICT;
}

function costOf(d: Decision, u: i32): i32 {
  const familiar = seenBefore(task(u).entry);
  if (preemption < 0) return ORDER + familiar;
  let cost = preemption + familiar;
  if (!isIn(conflicted(d.task, 0), conflicted(d.task, 8), u)) cost += NO_EARLIER_CONFLICT;
  if (task(d.task).entry == task(u).entry) cost += SAME_KIND;
  if (d.more && !(d.kind & LOCKS)) {
    event.address = d.more;
    event.kind = WRITES;
    if (mayConflict(event, u)) cost += LOCK_HELD;
  }
  return cost;
}

function conflicted(t: i32, half: usize): u64 {
  return load<u64>(CONFLICTED + (<usize>t << 4) + half);
}

/** The event at d is executed: from now on its task has been in conflict with those that may do what does not commute with it. */
function noteConflicts(d: Decision): void {
  const e = eventOf(d);
  if (e.kind == NOTHING || d.reason == EXIT || d.kind & OWN) return;
  for (let half = 0; half < 2; half++) {
    const at = CONFLICTED + (<usize>d.task << 4) + (<usize>half << 3);
    let bits = load<u64>(at);
    for (let set = (half ? d.readyHigh : d.readyLow) & ~bits; set; set &= set - 1) {
      const u = (half << 6) + <i32>ctz(set);
      if (u != <i32>d.task && mayConflict(e, u)) bits |= <u64>1 << <u64>(u & 63);
    }
    store<u64>(at, bits);
  }
}

/** Hash of the kinds of switches of schedule i. */
function kindsOnPath(i: i32): u32 {
  let h: u32 = 0;
  for (let n = i, left = depthOf(node(i)); left > 0; left--) {
    h = (h ^ <u32>task(<i32>(node(n).what >> 16)).entry) * 0x9e3779b1;
    if (!isChoice(node(n))) h = (h ^ <u32>task(<i32>(node(n).what & 127)).entry) * 0x85ebca77;
    n = node(n).parent;
  }
  return h;
}
function kindOf(path: u32, d: Decision): u32 {
  const h = (path ^ <u32>task(d.task).entry ^ (<u32>d.reason << 28)) * 0x85ebca77;
  return (h ^ <u32>(d.reason == EXIT ? 0 : d.site)) * 0xc2b2ae3d;
}

/**
 * A penalty for kinds of switches that were proposed before at such a decision: 0 for the first, growing with the logarithm of their number.
 * `target`: a value, or what the task that goes on runs.
 */
function seenBefore(target: i32): i32 {
  const h = (familyKind ^ <u32>target) * 0x9e3779b1;
  const at = KINDS_SEEN + (<usize>((h ^ (h >> 15)) & KINDS_SEEN_MASK) << 1);
  const count = <u32>load<u16>(at);
  if (count < 0xffff) store<u16>(at, <u16>(count + 1));
  return 2 * (32 - <i32>clz(count));
}
