// WorkStealQueue and InterlockedWorkStealQueue: a work-stealing deque as in Cilk. The owner pushes and pops at the tail, without the lock where
// it can; a thief steals at the head, under the lock, and moves the head before it knows whether there is anything. The planted bug: the fast
// path of push takes the last free place of the ring, which may be the one that a thief is taking. The lock is a mutex, or in the interlocked
// program a word that is exchanged.
import { Atomic, check, designIs, event, free, invariant, Mutex, scene, sceneIndex, yieldNow } from 'heddle';
import { create, declareDesigns, Design, joinAll } from './threads';

class Item {
  obtained: i32 = 0;
}
const ITEMS = 4;
const items = new StaticArray<Item>(ITEMS);
for (let i = 0; i < ITEMS; i++) items[i] = new Item();

const RING_AT_FIRST = 2;
const head = new Atomic(0);
const tail = new Atomic(0);
let ring = new StaticArray<Item | null>(RING_AT_FIRST);
let mask: i32 = RING_AT_FIRST - 1;

const mutex = new Mutex();
const word = new Atomic(0);
const FIRST_INTERLOCKED = 2; // scene

function lock(): void {
  if (sceneIndex() < FIRST_INTERLOCKED) mutex.lock();
  else while (word.xchg(1) != 0) yieldNow();
}

function unlock(): void {
  if (sceneIndex() < FIRST_INTERLOCKED) mutex.unlock();
  else word.store(0);
}

function push(item: Item): void {
  const t = tail.load();
  const room = designIs(Design.fixed) ? mask : mask + 1;
  if (t < head.load() + room) {
    ring[t & mask] = item;
    tail.store(t + 1);
  } else pushLocked(item);
}

function pushLocked(item: Item): void {
  lock();
  const h = head.load();
  const count = tail.load() - h;
  head.store(h & mask);
  tail.store((h & mask) + count);
  if (count >= mask) grow(h, count);
  check(count < mask, 'there is no room after the ring has grown');
  const t = tail.load();
  ring[t & mask] = item;
  tail.store(t + 1);
  unlock();
}

function grow(h: i32, count: i32): void {
  const old = ring;
  const larger = new StaticArray<Item | null>(2 * (mask + 1));
  for (let i = 0; i < count; i++) larger[i] = old[(h + i) & mask];
  ring = larger;
  mask = larger.length - 1;
  head.store(0);
  tail.store(count);
  free(old);
}

function pop(): Item | null {
  const t = tail.load() - 1;
  tail.store(t);
  if (head.load() <= t) return ring[t & mask];
  tail.store(t + 1);
  return popLocked();
}

function popLocked(): Item | null {
  lock();
  let item: Item | null = null;
  const t = tail.load() - 1;
  tail.store(t);
  if (head.load() <= t) item = ring[t & mask];
  else tail.store(t + 1);
  if (head.load() > t) {
    head.store(0);
    tail.store(0);
    item = null;
  }
  unlock();
  return item;
}

function steal(): Item | null {
  lock();
  let item: Item | null = null;
  const h = head.load();
  head.store(h + 1);
  if (h < tail.load()) item = ring[h & mask];
  else head.store(h);
  unlock();
  return item;
}

function obtain(item: Item | null): void {
  if (item) item.obtained++;
}

function owner(): void {
  for (let i = 0; i < ITEMS; i += 2) {
    push(items[i]);
    push(items[i + 1]);
    obtain(pop());
  }
  for (let i = 0; i < ITEMS; i += 2) obtain(pop());
}

function thief(): void {
  for (let i = 0; i < 2; i++) obtain(steal());
}

function main(): void {
  create(owner);
  create(thief);
  joinAll(2);
}

function eachOnce(): bool {
  for (let i = 0; i < ITEMS; i++) if (items[i].obtained != 1) return false;
  return true;
}

export function register(): void {
  declareDesigns();
  event('owner', owner);
  event('thief', thief);
  event('main', main);
  scene('A').with('owner').with('thief');
  scene('C').with('main');
  scene('interlocked, A').with('owner').with('thief');
  scene('interlocked, C').with('main');
  invariant('each item is obtained once', eachOnce);
}
