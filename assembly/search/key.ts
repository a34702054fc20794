// The key of a paused execution: 64 bits over everything that its future depends on. Two different states have equal keys with probability
// 2^-64. Memory comes as the incremental hash; each task's own part is kept in its record and computed again only when it has run or was woken.
//
// Symmetry: events with equal functions and arguments are one class. As long as such a task has neither allocated nor started anything, no
// memory but the word of a lock that it holds tells which of them it is; their parts are added up without their numbers, so states that
// differ only in which of them did what have one key.
import { ARENAS, ARENA_SIZE, HELD_MAX } from '../executor/layout';
import { hashUpTo, mix } from '../hash/zobrist';
import { POINT, stackOf, YIELD } from '../executor/scheduler';
import { standsAtLock, startLockWaits, WAITS } from './lock-waits';
import { isAnonymous } from './addresses';
import { classOf } from './equal-events';
import { absorbLeaks, absorbLost, absorbObjects, absorbPlain, absorbStatic, absorbTaskPointers, glanceAtPointers } from './heap-key';
import { metCount, startRound } from './reach';
import { pointerOf, pointersOf, TOO_MANY, wordsEnd, wordsOf } from './task-pointers';
import { AT_LOCK, DONE, head, heldAt, STARTED, Task, task } from '../executor/state';
import { learned } from './locations';

let symmetric: bool = false;
/** Objects of tasks have no addresses in this pass. */
let anonymous: bool = false;
/** Keys tell how many preemptions there were, and who runs: for a bound on them. */
let countsPreemptions: bool = false;

/** A task asked for its own number: all threads and processes of the search must know. */
export function knowsItself(): void {
  learned.numbersKnown = 1;
}

/** Before a pass. `merge`: equal tasks may stand for each other, unless the model was seen to ask for a task's number. */
export function startKeys(merge: bool, preemptions: bool): void {
  symmetric = merge && !learned.numbersKnown;
  countsPreemptions = preemptions;
  startLockWaits(merge && !preemptions);
  anonymous = merge && isAnonymous();
  hashUpTo(anonymous ? ARENAS : usize.MAX_VALUE);
}
/** The symmetry of this pass was wrong. */
export function symmetryBroken(): bool {
  return symmetric && learned.numbersKnown != 0;
}

/** One round of a multiply-xorshift hash over 8 bytes. */
export function absorb(h: u64, word: u64): u64 {
  h = (h ^ word) * 0x9fb21c651e98df25;
  return h ^ (h >> 32);
}

/** Rank of a waiting task among those that wait for the same object. */
function rank(t: i32, r: Task): i32 {
  let n = 0;
  for (let low = head.existLow & (~head.readyLow | head.timedLow); low; low &= low - 1) {
    const o = <i32>ctz(low);
    if (o != t && task(o).waitsOn == r.waitsOn && task(o).ticket < r.ticket) n++;
  }
  for (let high = head.existHigh & (~head.readyHigh | head.timedHigh); high; high &= high - 1) {
    const o = 64 + <i32>ctz(high);
    if (o != t && task(o).waitsOn == r.waitsOn && task(o).ticket < r.ticket) n++;
  }
  return n;
}

/** No other task's part, and no memory, tells the task's number. */
function isNameless(t: i32, r: Task): bool {
  return symmetric && t < head.events && !r.spawned && (anonymous || r.brk == ARENAS + <usize>t * ARENA_SIZE);
}

/** The part of the task's state that changes only when it runs or is woken. Never 0. */
function ownKey(t: i32, r: Task): u64 {
  const name: u64 = isNameless(t, r) ? 128 + classOf(t) : t;
  const atLock = standsAtLock(r);
  let h = absorb(name, (<u64>(atLock ? r.flags | WAITS : r.flags) << 32) | <u64>(<u32>r.atomic));
  h = absorb(h, (<u64>r.spawned << 32) | <u64>r.choices);
  const used: u64 = anonymous ? 0 : r.brk - (ARENAS + <usize>t * ARENA_SIZE);
  h = absorb(h, (used << 32) | <u64>r.held);
  if (name >= 128 && r.held) h = absorb(h, heldKey(t));
  h = absorb(h, atLock ? r.pendingAddress : r.waitsOn);
  if ((r.flags & (STARTED | DONE)) == STARTED) {
    h = absorb(h, (<u64>r.savedCallSite << 32) | <u64>r.savedDepth);
    h = absorb(h, (<u64>r.savedArguments << 32) | <u64>(<u32>r.savedStackPointer));
    const stack = stackOf(t);
    if (anonymous) h = absorbPlain(h, stack + 8, load<u32>(stack));
    else for (let a = stack + 8, end: usize = load<u32>(stack); a < end; a += 8) {
      h = absorb(h, a + 8 <= end ? load<u64>(a) : <u64>load<u32>(a));
    }
  } else if (anonymous && !(r.flags & DONE)) h = absorbPlain(h, wordsOf(r, t), wordsEnd(r, t));
  return h ? h : 1;
}

/** The locks that the task holds, in any order. */
function heldKey(t: i32): u32 {
  let sum: u32 = 0;
  const n = min(task(t).held, HELD_MAX);
  for (let i = 0; i < n; i++) sum += <u32>mix(load<u32>(heldAt(t, i)), 1);
  return sum;
}

/** Takes the task's number out of the words of the locks that it holds. */
function unnamed(t: i32): u64 {
  let h: u64 = 0;
  const n = min(task(t).held, HELD_MAX);
  for (let i = 0; i < n; i++) {
    const lock: usize = load<u32>(heldAt(t, i));
    if (load<u32>(lock) == t + 1) h ^= mix(lock, t + 1) ^ mix(lock, 0xffff);
  }
  return h;
}

function taskKey(t: i32): u64 {
  const r = task(t);
  let h = r.ownKey;
  if (!h) r.ownKey = h = ownKey(t, r);
  if (r.waitsOn && !(r.flags & AT_LOCK)) {
    const timed = t < 64 ? (head.timedLow >> t) & 1 : (head.timedHigh >> (t - 64)) & 1;
    h = absorb(h, (timed << 32) | <u64>(rank(t, r) + 1));
  }
  if (countsPreemptions && head.pendingTask == t && (head.pendingReason == POINT || head.pendingReason == YIELD)) h = absorb(h, 0x52554e53);
  return absorb(h, 0x7461736b);
}

/** Never 0. */
export function exactKey(): u64 {
  if (anonymous) return anonymousKey();
  let h = head.hash;
  let sum: u64 = 0;
  for (let low = head.existLow; low; low &= low - 1) {
    const t = <i32>ctz(low);
    sum += taskKey(t);
    if (symmetric && task(t).held && isNameless(t, task(t))) h ^= unnamed(t);
  }
  for (let high = head.existHigh; high; high &= high - 1) sum += taskKey(64 + <i32>ctz(high));
  h = absorb(h, sum);
  if (countsPreemptions) h = absorb(h, head.preemptions);
  return h ? h : 1;
}

/** As `exactKey`, where objects have no addresses. Tasks without a name come last, in an order that does not tell which of them is which. */
function anonymousKey(): u64 {
  startRound();
  let nameless: u64 = 0;
  let h = head.hash;
  for (let low = head.existLow; low; low &= low - 1) {
    const t = <i32>ctz(low);
    const r = task(t);
    if (!isNameless(t, r)) continue;
    if (r.held) h ^= unnamed(t);
    nameless |= low & -low;
  }
  h = absorbObjects(absorbStatic(h), 0);
  const met = metCount();
  for (let low = head.existLow & ~nameless; low; low &= low - 1) h = absorbTask(h, <i32>ctz(low));
  for (let high = head.existHigh; high; high &= high - 1) h = absorbTask(h, 64 + <i32>ctz(high));
  const n = sortNameless(nameless);
  for (let i = 0; i < n; i++) h = absorbTask(h, namelessAt(i));
  h = absorbObjects(h, met);
  if (learned.loops) {
    for (let low = head.existLow & ~nameless; low; low &= low - 1) h = absorbLost(h, <i32>ctz(low));
    for (let high = head.existHigh; high; high &= high - 1) h = absorbLost(h, 64 + <i32>ctz(high));
    for (let i = 0; i < n; i++) h = absorbLost(h, namelessAt(i));
  }
  h = absorbLeaks(h);
  if (countsPreemptions) h = absorb(h, head.preemptions);
  return h ? h : 1;
}

function absorbTask(h: u64, t: i32): u64 {
  const r = task(t);
  return absorbTaskPointers(absorb(h, taskKey(t)), r, t);
}

/** Tasks without a name, by their keys: 16 bytes each. */
const order = memory.data(128 * 16);

function namelessAt(i: i32): i32 {
  return load<i32>(order + (<usize>i << 4) + 8);
}
/** Answers how many they are. */
function sortNameless(tasks: u64): i32 {
  let n = 0;
  for (; tasks; tasks &= tasks - 1) {
    const t = <i32>ctz(tasks);
    const key = taskKey(t);
    let i = n++;
    for (; i > 0 && comesBefore(t, key, i - 1); i--) memory.copy(order + (<usize>i << 4), order + (<usize>(i - 1) << 4), 16);
    store<u64>(order + (<usize>i << 4), key);
    store<i32>(order + (<usize>i << 4) + 8, t);
  }
  return n;
}

/** Does task t come before the i-th? Of two with equal keys their pointers may tell. */
function comesBefore(t: i32, key: u64, i: i32): bool {
  const other = load<u64>(order + (<usize>i << 4));
  if (key != other) return key < other;
  const o = namelessAt(i);
  const a = task(t);
  const b = task(o);
  return glanceAtPointers(wordsOf(a, t), wordsEnd(a, t)) < glanceAtPointers(wordsOf(b, o), wordsEnd(b, o));
}

/**
 * A key that many states share: where the tasks stand, and `bits` bits of the key. For passes that only learn: one state for each combination of
 * places shows most of what tasks touch. Never 0.
 */
export function scoutKey(bits: i32): u64 {
  let h: u64 = bits ? exactKey() & ((<u64>1 << bits) - 1) : 0;
  for (let low = head.existLow; low; low &= low - 1) {
    const t = <i32>ctz(low);
    h += mix(<u32>task(t).location, (<u32>t << 8) | <u32>(task(t).flags & 255));
  }
  for (let high = head.existHigh; high; high &= high - 1) {
    const t = 64 + <i32>ctz(high);
    h += mix(<u32>task(t).location, (<u32>t << 8) | <u32>(task(t).flags & 255));
  }
  return h ? h : 1;
}

/** Two tasks without names that stand alike and hold the same: exchanging them changes nothing. The state's key is known. */
export function areTwins(t: i32, o: i32): bool {
  const a = task(t);
  const b = task(o);
  if (a.ownKey != b.ownKey || a.held || a.waitsOn || !a.ownKey || !isNameless(t, a) || !isNameless(o, b)) return false;
  if (!anonymous) return true;
  const n = pointersOf(a, t);
  if (n == TOO_MANY || n != pointersOf(b, o)) return false;
  for (let i = 0; i < n; i++) if (pointerOf(a, t, i) != pointerOf(b, o, i)) return false;
  return true;
}
