// What can repeat for ever under a fair scheduler, and what cannot. Twins end in every fair run.
import { Completion, cpuRelax, event, Mutex, READ_ONCE, scene, WRITE_ONCE, yieldNow } from 'heddle';

class Words {
  a: i32 = 0;
  b: i32 = 0;
  turn: i32 = 0;
}
const words = new Words();
const first = new Mutex();
const second = new Mutex();
const never = new Completion();

/** Takes both locks, and gives the one back when the other is held: two of them can do so at the same time for ever. */
function backsOff(a: Mutex, b: Mutex): void {
  a.lock();
  while (!b.tryLock()) {
    a.unlock();
    cpuRelax();
    a.lock();
  }
  b.unlock();
  a.unlock();
}
function backsOffForwards(): void {
  backsOff(first, second);
}
function backsOffBackwards(): void {
  backsOff(second, first);
}

/** Waits for the other without giving way: fair turns end it. */
function meets(me: i32): void {
  if (me == 0) words.a = WRITE_ONCE(1);
  else words.b = WRITE_ONCE(1);
  while (READ_ONCE(me == 0 ? words.b : words.a) == 0) cpuRelax();
}
/** Waits for the other first. */
function meetsPolitely(me: i32): void {
  while (READ_ONCE(me == 0 ? words.b : words.a) == 0) cpuRelax();
  if (me == 0) words.a = WRITE_ONCE(1);
  else words.b = WRITE_ONCE(1);
}

/** Each gives way when the other wants as well: Dekker without a turn. */
function wants(me: i32): void {
  set(me, 1);
  while (READ_ONCE(me == 0 ? words.b : words.a) == 1) {
    set(me, 0);
    yieldNow();
    set(me, 1);
  }
  set(me, 0);
}
function set(me: i32, value: i32): void {
  if (me == 0) words.a = WRITE_ONCE(value);
  else words.b = WRITE_ONCE(value);
}

/** Holds the lock again and again until somebody who needs it has been there. */
function lets(): void {
  first.lock();
  while (READ_ONCE(words.turn) == 0) {
    first.unlock();
    first.lock();
  }
  first.unlock();
}
function comes(): void {
  first.lock();
  words.turn = WRITE_ONCE(1);
  first.unlock();
}
/** Goes round for ever beside one who waits for ever. */
function rounds(): void {
  while (READ_ONCE(words.turn) == 0) cpuRelax();
}
function waitsForEver(): void {
  never.wait();
}

function two(name: string, a: string, b: string): void {
  scene(name).with(a).with(b);
}
function both(name: string, one: string): void {
  scene(name).with(one, 0).with(one, 1);
}

export function register(): void {
  event('backs-off-forwards', backsOffForwards);
  event('backs-off-backwards', backsOffBackwards);
  event('meets', meets).arg('me', 0, 1);
  event('meets-politely', meetsPolitely).arg('me', 0, 1);
  event('wants', wants).arg('me', 0, 1);
  event('lets', lets);
  event('comes', comes);
  event('rounds', rounds);
  event('waits-for-ever', waitsForEver);
  two('livelock-back-off', 'backs-off-forwards', 'backs-off-backwards');
  two('livelock-back-off-twin', 'backs-off-forwards', 'backs-off-forwards');
  both('livelock-polite', 'meets-politely');
  both('livelock-polite-twin', 'meets');
  both('livelock-wants', 'wants');
  two('starvation-waits', 'rounds', 'waits-for-ever');
  two('starvation-lock-twin', 'lets', 'comes');
  // A deadlock, but nobody goes round for ever.
  scene('starvation-ended-twin').with('rounds').with('comes').with('waits-for-ever');
}
