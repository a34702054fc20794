// Which task may go on alone? Its next step must commute with every step that the other tasks can do before it does it. What they can do is
// their future: all that steps from locations behind theirs have touched, as far as they get without a lock that this task holds.
import { DONE, exists, head, isReady, NONE, task } from '../executor/state';
import { POINT } from '../executor/scheduler';
import { objectAt } from '../oracles/finding';
import { TASKS_MAX } from '../executor/layout';
import { inHeap, isAnonymous } from './addresses';
import { FUTURE_TABLE, FUTURE_TABLE_MASK, FUTURES, FUTURES_MAX, MARKS, SET_SIZE, TO_VISIT } from './layout';
import {
  addToSet, cellOf, inSet, isLasting, learned, LIVENESS, locationAt, readsOf, SEVERAL, setWords, successor, TOUCHES_MORE, UNBOUNDED, WATCHED,
  writesOf,
} from './locations';
import { hasLock } from './locksets';
import { beginsToWait } from './lock-waits';
import { ANYTHING, FREES, LOADS, OPERATES, STORES } from './pending';
import { isReachedByOthers, numberOf, reachFromStatic } from './reach';

let reducing: bool = false;
/** Only the task that stands at the decision may go on alone: what bounds on preemptions need. */
let onlyRunning: bool = false;
let futures: i32 = 0;
let mark: u32 = 0;
/** Steps that were taken alone in this transition, and how many may be. */
let alone: i32 = 0;
let aloneMax: i32 = 0;

export function startIndependence(reduce: bool, running: bool): void {
  reducing = reduce;
  onlyRunning = running;
  forgetFutures();
}
function forgetFutures(): void {
  memory.fill(FUTURE_TABLE, 0, (FUTURE_TABLE_MASK + 1) << 3);
  futures = 0;
}
/** A transition begins, in which at most so many steps are taken alone. */
export function allowAlone(steps: i32): void {
  alone = 0;
  aloneMax = steps;
}
export function stepsAlone(): i32 {
  return alone;
}

function futureAt(i: i32): usize {
  return FUTURES + <usize>i * (2 * SET_SIZE);
}

/** Reads, and SET_SIZE behind them the writes, that can follow from `location` without any lock of `locks`. */
function futureOf(location: i32, locks: i32): usize {
  const key = ((<u32>location << 10) | <u32>locks) + 1;
  let h = <usize>((key * 0x9e3779b1) >> 15) & FUTURE_TABLE_MASK;
  let at = FUTURE_TABLE + (h << 3);
  while (load<u32>(at) && load<u32>(at) != key) {
    h = (h + 1) & FUTURE_TABLE_MASK;
    at = FUTURE_TABLE + (h << 3);
  }
  if (load<u32>(at)) return futureAt(load<i32>(at + 4));
  if (futures == FUTURES_MAX) {
    forgetFutures();
    return futureOf(location, locks);
  }
  store<u32>(at, key);
  store<i32>(at + 4, futures);
  const set = futureAt(futures++);
  computeFuture(location, locks, set);
  return set;
}

function computeFuture(from: i32, locks: i32, set: usize): void {
  memory.fill(set, 0, 2 * SET_SIZE);
  const words = setWords();
  mark++;
  let n = 1;
  store<i32>(TO_VISIT, from);
  store<u32>(MARKS + (<usize>from << 2), mark);
  while (n > 0) {
    const i = load<i32>(TO_VISIT + (<usize>(--n) << 2));
    const location = locationAt(i);
    if (!i || location.flags & UNBOUNDED) {
      memory.fill(set, 0xff, 2 * SET_SIZE);
      return;
    }
    // It waits here until the lock is given back.
    if (locks && location.lock && location.lock != SEVERAL && hasLock(locks, location.lock)) {
      // What waits for a lock that is freed waits for ever; what comes later reads what is freed.
      if (!isLasting(location.lock)) addToSet(set, cellOf(location.lock + LIVENESS));
      continue;
    }
    for (let w: usize = 0; w < <usize>words << 3; w += 8) {
      store<u64>(set + w, load<u64>(set + w) | load<u64>(readsOf(i) + w));
      store<u64>(set + SET_SIZE + w, load<u64>(set + SET_SIZE + w) | load<u64>(writesOf(i) + w));
    }
    for (let k = 0; k < location.successors; k++) {
      const next = successor(i, k);
      const at = MARKS + (<usize>next << 2);
      if (load<u32>(at) == mark) continue;
      store<u32>(at, mark);
      store<i32>(TO_VISIT + ((<usize>(n++)) << 2), next);
    }
  }
}

/** Can a task that goes on from this location stand there again? */
export function canComeBack(from: i32): bool {
  mark++;
  let n = 1;
  store<i32>(TO_VISIT, from);
  while (n > 0) {
    const i = load<i32>(TO_VISIT + (<usize>(--n) << 2));
    const location = locationAt(i);
    if (!i || location.flags & UNBOUNDED) return true;
    for (let k = 0; k < location.successors; k++) {
      const next = successor(i, k);
      if (next == from) return true;
      const at = MARKS + (<usize>next << 2);
      if (load<u32>(at) == mark) continue;
      store<u32>(at, mark);
      store<i32>(TO_VISIT + ((<usize>(n++)) << 2), next);
    }
  }
  return false;
}

function meet(a: usize, b: usize): bool {
  for (let w: usize = 0, n = <usize>setWords() << 3; w < n; w += 8) if (load<u64>(a + w) & load<u64>(b + w)) return true;
  return false;
}

/** May task v, before t moves, do what t's next step depends on? */
function interferes(v: i32, locks: i32, kind: i32, cell: i32, here: i32): bool {
  const future = futureOf(task(v).location, locks);
  if (kind == LOADS) return inSet(future + SET_SIZE, cell);
  if (kind == STORES) return inSet(future, cell) || inSet(future + SET_SIZE, cell);
  return meet(writesOf(here), future) || meet(writesOf(here), future + SET_SIZE) || meet(readsOf(here), future + SET_SIZE);
}

/** Does an invariant that is checked after each step look at what the step writes? */
function isWatched(kind: i32, cell: i32, here: i32): bool {
  if (!learned.watched || kind == LOADS) return false;
  return kind == STORES ? inSet(WATCHED, cell) : meet(writesOf(here), WATCHED);
}

/** The object that task t's next step is an access to, if the step is nothing else; 0 = it is more. */
function soleObject(t: i32): usize {
  const r = task(t);
  const kind = r.pending;
  if ((kind != LOADS && kind != STORES && kind != FREES) || !r.location || !inHeap(r.pendingAddress)) return 0;
  if (locationAt(r.location).flags & TOUCHES_MORE) return 0;
  if (learned.watched && isWatched(kind, cellOf(r.pendingAddress), r.location)) return 0;
  return objectAt(r.pendingAddress);
}
/** Task t's next step is an access to an object that nobody else can get at before. Every other task's stack lies in memory. */
function isPrivate(t: i32): bool {
  const object = isAnonymous() ? soleObject(t) : 0;
  if (!object) return false;
  reachFromStatic();
  return !numberOf(object) && !isReachedByOthers(object, t);
}

/** Task t's next step commutes with all that others can do before it. */
function isAlone(t: i32): bool {
  const r = task(t);
  if (beginsToWait(t, r)) return true;
  const here = r.location;
  const kind = locationAt(here).flags & TOUCHES_MORE ? OPERATES : r.pending;
  if (kind == ANYTHING || !here) return false;
  const cell = kind == LOADS || kind == STORES ? cellOf(r.pendingAddress) : 0;
  if ((kind == LOADS || kind == STORES) && !cell) return true; // nobody has ever touched it
  if (isWatched(kind, cell, here)) return false;
  const locks = r.lockset;
  for (let low = head.existLow; low; low &= low - 1) {
    const v = <i32>ctz(low);
    if (v != t && !(task(v).flags & DONE) && interferes(v, locks, kind, cell, here)) return false;
  }
  for (let high = head.existHigh; high; high &= high - 1) {
    const v = 64 + <i32>ctz(high);
    if (v != t && !(task(v).flags & DONE) && interferes(v, locks, kind, cell, here)) return false;
  }
  return true;
}

/** A task that may go on alone at this decision of `me`; NONE if all that can run must be tried. */
export function goesAlone(me: i32, reason: i32): i32 {
  if (!reducing || learned.entangled || alone == aloneMax) return NONE;
  if (me >= 0 && reason == POINT && (isAlone(me) || isPrivate(me))) {
    alone++;
    return me;
  }
  if (onlyRunning) return NONE;
  for (let t = 0; t < TASKS_MAX; t++) {
    if (t == me && reason == POINT) continue;
    if (t < 64 ? !(head.existLow >> t) : !(head.existHigh >> (t - 64))) {
      if (t >= 64) break;
      t = 63; // none up to there
      continue;
    }
    if (!exists(t) || !isReady(t) || !isAlone(t)) continue;
    alone++;
    return t;
  }
  return NONE;
}

/** As `goesAlone`, once every stack lies in memory: a task that had no reason before may have one now. */
export function goesAlonePaused(): i32 {
  if (!reducing || onlyRunning || learned.entangled || alone == aloneMax || !isAnonymous()) return NONE;
  // The one that stands at a point was looked at before the pause.
  const known = head.pendingReason == POINT ? head.pendingTask : NONE;
  staticIsMet = false;
  for (let low = head.readyLow; low; low &= low - 1) if (<i32>ctz(low) != known && isLeftAlone(<i32>ctz(low))) return takeAlone(<i32>ctz(low));
  for (let high = head.readyHigh; high; high &= high - 1) {
    const t = 64 + <i32>ctz(high);
    if (t != known && isLeftAlone(t)) return takeAlone(t);
  }
  return NONE;
}
/** What static memory leads to is met. */
let staticIsMet: bool = false;
/** As `isPrivate`, for one task after the other. */
function isLeftAlone(t: i32): bool {
  const object = soleObject(t);
  if (!object) return false;
  if (!staticIsMet) reachFromStatic();
  staticIsMet = true;
  if (numberOf(object)) return false;
  staticIsMet = false;
  return !isReachedByOthers(object, t);
}
function takeAlone(t: i32): i32 {
  alone++;
  return t;
}
