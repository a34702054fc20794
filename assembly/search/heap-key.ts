// The key's part of objects without addresses (addresses.ts). Two states have one key if the objects of one can be renamed so that they are those
// of the other: objects are numbered in the order in which they are met on the way from static memory and the tasks' stacks, and a pointer counts
// as the number of its object and the place in it. An object that is met nowhere can only leak: it counts as the place that allocated it, and
// not at all once that leak is known.
import { ALLOC_SITE, ARENAS, ARENA_SIZE, CLASS_ID, FREED, FREE_SITE, HEADER_SIZE, MODEL, OBJECT_SIZE, SHADOW } from '../executor/layout';
import { mix } from '../hash/zobrist';
import { head, Task, task } from '../executor/state';
import { isPlaceKnown, LEAK, objectAt } from '../oracles/finding';
import { addressMatters, inHeap, pointerCellAt, pointerCellCount } from './addresses';
import { countsLost } from './growth';
import { absorb } from './key';
import { LEAK_SITES, LEAK_SITES_MAX } from './layout';
import { endOf, isFreed, meet, metCount, numberOf, objectMet } from './reach';
import { isReadStale } from './stale';
import { pointerOf, pointersOf, TOO_MANY, wordsEnd, wordsOf } from './task-pointers';

/** Set apart from plain words: the two that follow are not both plain; a pointer. */
const PAIR: u64 = 0x632be59bd9b4e019;
const POINTER: u64 = 0x9e6c63d0876a9a35;

/** Leaks that are known are left out: not where keys must be equal in searches that know different ones. */
let forgetsLeaks: bool = true;
export function keepKnownLeaks(): void {
  forgetsLeaks = false;
}

/** A pointer as the number of its object and the place in it; another word as it is. */
function absorbWord(h: u64, v: u32): u64 {
  if (!inHeap(v)) return absorb(h, v);
  const p = objectAt(v);
  if (p) return absorb(h ^ POINTER, (<u64>(v - p) << 32) | <u64>meet(p));
  addressMatters();
  return absorb(h, v);
}
function holdsPointer(words: u64): bool {
  return inHeap(<u32>words) || inHeap(<u32>(words >> 32));
}

/** A range of 4-byte words. */
function absorbWords(h: u64, from: usize, end: usize): u64 {
  for (let a = from; a < end; a += 8) {
    const words = load<u64>(a);
    if (holdsPointer(words)) h = absorbWord(absorbWord(absorb(h, PAIR), <u32>words), <u32>(words >> 32));
    else h = absorb(h, words);
  }
  return h;
}

/** What a word says if nothing is known of other objects: of a pointer only where its object was allocated. */
function plain(v: u32): u64 {
  const p = inHeap(v) ? objectAt(v) : 0;
  return p ? POINTER ^ ((<u64>(v - p) << 32) | <u64>load<u32>(p - ALLOC_SITE)) : <u64>v;
}
/** A range of 4-byte words, of a pointer only what `plain` says: `absorbPointers` has the rest. */
export function absorbPlain(h: u64, from: usize, end: usize): u64 {
  for (let a = from; a < end; a += 8) {
    const words = a + 8 <= end ? load<u64>(a) : <u64>load<u32>(a);
    if (holdsPointer(words)) h = absorb(absorb(absorb(h, PAIR), plain(<u32>words)), plain(<u32>(words >> 32)));
    else h = absorb(h, words);
  }
  return h;
}
/** The pointers in a range, in order. */
function absorbPointers(h: u64, from: usize, end: usize): u64 {
  for (let a = from; a < end; a += 4) if (inHeap(load<u32>(a))) h = absorbWord(h, load<u32>(a));
  return h;
}
/** As `absorbPointers`, of a task whose part of the key is known. */
export function absorbTaskPointers(h: u64, r: Task, t: i32): u64 {
  const n = pointersOf(r, t);
  if (n == TOO_MANY) return absorbPointers(h, wordsOf(r, t), wordsEnd(r, t));
  for (let i = 0; i < n; i++) h = absorbWord(h, pointerOf(r, t, i));
  return h;
}
/** Of the pointers in a range what is known already. */
export function glanceAtPointers(from: usize, end: usize): u64 {
  let h: u64 = 0;
  for (let a = from; a < end; a += 4) {
    const v = load<u32>(a);
    const p = inHeap(v) ? objectAt(v) : 0;
    if (p) h = absorb(h, numberOf(p));
  }
  return h;
}

/** Static memory: its hash has the pointers' values, which are taken out. */
export function absorbStatic(h: u64): u64 {
  const n = pointerCellCount();
  for (let i = 0; i < n; i++) {
    const a = pointerCellAt(i);
    const v = load<u32>(a);
    if (inHeap(v) && !isGone(a)) h ^= mix(a, v) ^ mix(a, 0);
  }
  for (let i = 0; i < n; i++) {
    const a = pointerCellAt(i);
    const v = load<u32>(a);
    if (inHeap(v) && !isGone(a)) h = absorbWord(absorb(h, a), v);
  }
  return h;
}
/** What nobody reads after free is no part of the state. */
function isGone(a: usize): bool {
  return load<u8>(SHADOW + ((a - MODEL) >> 3)) == FREED && !isReadStale(a);
}

/** The objects that were met from number `from` on, and all that they lead to. */
export function absorbObjects(h: u64, from: i32): u64 {
  for (let i = from; i < metCount(); i++) {
    const p = objectMet(i);
    h = absorb(h, (<u64>load<u32>(p - ALLOC_SITE) << 32) | <u64>load<u32>(p - CLASS_ID));
    const freed: u64 = isFreed(p) ? (<u64>load<u32>(p - FREE_SITE) & 0xffffff) | (1 << 24) : 0;
    h = absorb(h, (<u64>load<u32>(p - OBJECT_SIZE) << 32) | (freed << 3) | <u64>load<u8>(SHADOW + ((p - MODEL) >> 3)));
    h = absorbWords(h, p, endOf(p));
  }
  return h;
}

/** How much of its arena task t has lost, if that counts. After all that can be met was. */
export function absorbLost(h: u64, t: i32): u64 {
  if (!countsLost(t)) return h;
  let bytes: u64 = 0;
  const end = task(t).brk;
  for (let p = ARENAS + <usize>t * ARENA_SIZE + HEADER_SIZE; p < end; p = endOf(p) + HEADER_SIZE) {
    if (!isFreed(p) && !numberOf(p)) bytes += endOf(p) - p + HEADER_SIZE;
  }
  return absorb(h, bytes);
}

/** Places whose objects of task t nobody can get at; n have been listed. Answers how many are. */
function listLeaks(t: i32, n: i32): i32 {
  const end = task(t).brk;
  for (let p = ARENAS + <usize>t * ARENA_SIZE + HEADER_SIZE; p < end; p = endOf(p) + HEADER_SIZE) {
    if (isFreed(p) || numberOf(p)) continue;
    const site = load<i32>(p - ALLOC_SITE);
    if (forgetsLeaks && isPlaceKnown(LEAK, site)) continue;
    let k = 0;
    while (k < n && load<i32>(LEAK_SITES + (<usize>k << 2)) != site) k++;
    if (k < n) continue;
    if (n == LEAK_SITES_MAX) addressMatters();
    else store<i32>(LEAK_SITES + (<usize>(n++) << 2), site);
  }
  return n;
}

/** After all that can be met was. */
export function absorbLeaks(h: u64): u64 {
  let n = 0;
  for (let low = head.existLow; low; low &= low - 1) n = listLeaks(<i32>ctz(low), n);
  for (let high = head.existHigh; high; high &= high - 1) n = listLeaks(64 + <i32>ctz(high), n);
  let sum: u64 = 0;
  for (let k = 0; k < n; k++) sum += mix(load<u32>(LEAK_SITES + (<usize>k << 2)), 0x6c65616b);
  return absorb(h, sum);
}
