// Deadlocks that random orders rarely meet: four tasks close the cycle, and each takes and gives back other locks on its way there. Each scene has
// a twin in which the cycle cannot close, though its dependencies look alike: a lock around it, one order, readers only.
import { designIs, design, event, Mutex, RwSem, scene, SpinLock } from 'heddle';

enum Design {
  crossed,
  ordered,
} // in the order of register()

const TASKS: i32 = 4;
const ROUNDS: i32 = 6;

const forks = new StaticArray<Mutex>(TASKS);
for (let i = 0; i < TASKS; i++) forks[i] = new Mutex();
const cloakroom = new Mutex();
const gate = new Mutex();
const left = new RwSem();
const right = new RwSem();
const outer = new SpinLock();
const inner = new SpinLock();
let guests: i32 = 0;

function isOrdered(): bool {
  return designIs(Design.ordered);
}

/** Takes its own fork and then the next one's; in order: the last takes the first one's first. */
function dine(seat: i32): void {
  for (let i = 0; i < ROUNDS; i++) {
    cloakroom.lock();
    guests++;
    cloakroom.unlock();
    // Two locks at a time, in one order: dependencies without a cycle.
    const a = forks[min(seat, (seat + 1) % TASKS)];
    const b = forks[max(seat, (seat + 1) % TASKS)];
    a.lock();
    b.lock();
    b.unlock();
    a.unlock();
  }
  const last = seat == TASKS - 1 && isOrdered();
  const a = forks[last ? 0 : seat];
  const b = forks[last ? seat : (seat + 1) % TASKS];
  a.lock();
  b.lock();
  b.unlock();
  a.unlock();
}

/** Crossed, and behind a gate that lets one in at a time. */
function guarded(way: i32): void {
  if (isOrdered()) gate.lock();
  const a = forks[way];
  const b = forks[1 - way];
  a.lock();
  b.lock();
  b.unlock();
  a.unlock();
  if (isOrdered()) gate.unlock();
}

/** Crossed; in order nobody writes. */
function browse(way: i32): void {
  const a = way ? right : left;
  const b = way ? left : right;
  a.downRead();
  if (isOrdered()) b.downRead();
  else b.downWrite();
  if (isOrdered()) b.upRead();
  else b.upWrite();
  a.upRead();
}

/** The first one polls until the second has come by, holding what the second needs at its end only. */
let came: i32 = 0;
function poll(): void {
  outer.lock();
  outer.unlock();
  while (came == 0) {}
  inner.lock();
  outer.lock();
  outer.unlock();
  inner.unlock();
}
function come(): void {
  const a = isOrdered() ? inner : outer;
  const b = isOrdered() ? outer : inner;
  a.lock();
  came = 1;
  b.lock();
  b.unlock();
  a.unlock();
}

/** The first one takes its locks crosswise while the second one polls for it, before it takes its own: whoever is held back must not be waited for. */
let passed: i32 = 0;
function passes(): void {
  const a = isOrdered() ? inner : outer;
  const b = isOrdered() ? outer : inner;
  a.lock();
  b.lock();
  b.unlock();
  a.unlock();
  passed = 1;
}
function waitsForIt(): void {
  while (passed == 0) {}
  inner.lock();
  outer.lock();
  outer.unlock();
  inner.unlock();
}

export function register(): void {
  design('crossed', 'locks are taken crosswise');
  design('ordered', 'or so that nobody waits for ever');
  event('dine', dine).arg('seat', 0, TASKS - 1);
  event('guarded', guarded).arg('way', 0, 1);
  event('browse', browse).arg('way', 0, 1);
  event('poll', poll);
  event('come', come);
  event('passes', passes);
  event('waitsForIt', waitsForIt);
  const table = scene('table');
  for (let i = 0; i < TASKS; i++) table.with('dine', i);
  scene('gate').with('guarded', 0).with('guarded', 1);
  scene('readers').with('browse', 0).with('browse', 1);
  scene('in turn').with('passes').with('waitsForIt');
  scene('polled').with('poll').with('come');
}
