// For each oracle that costs time, but data races (races.ts), a scene with a fault, named after its kind, and beside it a correct twin. What follows the kind in a name
// is the edge or the rule that is meant. In most scenes two tasks run.
import {
  cpuRelax,
  deviceLock,
  event,
  free,
  guardedBy,
  guardedField,
  guardedWrites,
  lockClass,
  Mutex,
  nested,
  READ_ONCE,
  RwSem,
  scene,
  WaitQueue,
  WRITE_ONCE,
  yieldNow,
} from 'heddle';

class Cell {
  x: i32 = 0;
  y: i32 = 0;
}

const cell = new Cell();
const box = new Cell();
const mutex = new Mutex();
const other = new Mutex();
const third = new Mutex();
const sem = new RwSem();
const sleepers = new WaitQueue();

// ---- order of locks ----
function pair(a: Mutex, b: Mutex): void {
  a.lock();
  b.lock();
  cell.x += 1;
  b.unlock();
  a.unlock();
}
/** One task after the other: no run of it deadlocks. */
function bothOrders(): void {
  pair(mutex, other);
  pair(other, mutex);
}
function oneOrder(): void {
  pair(mutex, other);
  pair(mutex, other);
}
/** The two orders exclude each other: they never meet in one run. */
function chosenOrder(): void {
  mutex.lock();
  const first = box.x++;
  mutex.unlock();
  if (first) return;
  pair(other, third);
}
function chosenOrderBackwards(): void {
  mutex.lock();
  const first = box.x++;
  mutex.unlock();
  if (first) return;
  pair(third, other);
}
function onePair(): void {
  pair(mutex, other);
}
function ring(n: i32): void {
  if (n == 0) pair(mutex, other);
  else if (n == 1) pair(other, third);
  else pair(third, mutex);
}
function ringTwin(n: i32): void {
  if (n == 0) pair(mutex, other);
  else if (n == 1) pair(other, third);
  else pair(mutex, third);
}
/** A try-lock does not wait. */
function tries(): void {
  other.lock();
  if (mutex.tryLock()) mutex.unlock();
  other.unlock();
}

class Device {
  lock: Mutex = new Mutex();
  parent: Device | null = null;
}
function makeDevice(): Device {
  return new Device();
}
function dispose(device: Device): void {
  free(device.lock);
  free(device);
}
/** Locks that one place made are one class. */
function nests(): void {
  const inner = makeDevice();
  const outer = makeDevice();
  pair(outer.lock, inner.lock);
  dispose(inner);
  dispose(outer);
}
function nestsLevels(): void {
  const inner = makeDevice();
  const outer = makeDevice();
  outer.lock.lock();
  nested(1);
  inner.lock.lock();
  inner.lock.unlock();
  outer.lock.unlock();
  dispose(inner);
  dispose(outer);
}
function nestsDevices(): void {
  const inner = makeDevice();
  const outer = makeDevice();
  deviceLock(inner.lock);
  deviceLock(outer.lock);
  pair(outer.lock, inner.lock);
  dispose(inner);
  dispose(outer);
}
function invertsDevices(): void {
  const inner = makeDevice();
  const outer = makeDevice();
  deviceLock(inner.lock);
  deviceLock(outer.lock);
  pair(outer.lock, inner.lock);
  pair(inner.lock, outer.lock);
  dispose(inner);
  dispose(outer);
}
/** Two locks of one name are one class. */
function named(): void {
  lockClass(mutex, 'device');
  lockClass(other, 'device');
  pair(mutex, other);
}

// ---- lock sets ----
const account = new Cell();
const holder = new Cell();
guardedBy(account, mutex);
guardedField(holder, offsetof<Cell>('y'), sem);
const flags = new Cell();
guardedWrites(flags, offsetof<Cell>('y'), mutex);
function guarded(): void {
  mutex.lock();
  account.x += 1;
  mutex.unlock();
}
function unguarded(): void {
  account.x += 1;
}
function guardedMark(): void {
  box.x = WRITE_ONCE(READ_ONCE(account.x));
}
function guardedShared(): void {
  sem.downRead();
  box.x = WRITE_ONCE(holder.x + holder.y);
  sem.upRead();
}
function writesShared(): void {
  sem.downRead();
  holder.y = 1;
  sem.upRead();
}

function writesFlag(): void {
  mutex.lock();
  flags.y = WRITE_ONCE(1);
  mutex.unlock();
}
function writesFlagUnlocked(): void {
  flags.y = flags.x;
}
function readsFlag(): void {
  box.x = WRITE_ONCE(flags.y);
}

// ---- lost wake-ups ----
function sleepsUntested(): void {
  while (READ_ONCE(cell.x) == 0) sleepers.sleep();
}
function sleepsTested(): void {
  sleepers.waitUntil(() => READ_ONCE(cell.x) != 0);
}
function wakes(): void {
  cell.x = WRITE_ONCE(1);
  sleepers.wakeAll();
}
/** A deadlock, but nobody has called. */
function sleepsForEver(): void {
  sleepers.waitUntil(() => READ_ONCE(cell.y) != 0);
}

// ---- livelock ----
/** Two that give way to each other for ever. */
function polite(me: i32): void {
  while (READ_ONCE(box.x) != me) {
    box.y = WRITE_ONCE(me);
    yieldNow();
  }
}
function polls(): void {
  while (READ_ONCE(cell.x) == 0) cpuRelax();
}
function sets(): void {
  cell.x = WRITE_ONCE(1);
}
/** Long, but each step is new. */
function counts(): void {
  while (true) cell.x += 1;
}

// ---- starvation ----
/** Polls, with the lock, for what only a holder of the lock says: whoever waits for the lock waits for ever. */
function pollsLocked(): void {
  mutex.lock();
  while (READ_ONCE(cell.x) == 0) cpuRelax();
  mutex.unlock();
}
function pollsUnlocked(): void {
  mutex.lock();
  while (READ_ONCE(cell.x) == 0) {
    mutex.unlock();
    cpuRelax();
    mutex.lock();
  }
  mutex.unlock();
}
function setsLocked(): void {
  mutex.lock();
  cell.x = WRITE_ONCE(1);
  mutex.unlock();
}
/** The sleeper is called only once somebody has stopped for good, which nobody does. */
function sleepsBehind(): void {
  sleepers.waitUntil(() => READ_ONCE(cell.y) != 0);
}

function two(name: string, a: string, b: string): void {
  scene(name).with(a).with(b);
}

export function register(): void {
  event('both-orders', bothOrders);
  event('one-order', oneOrder);
  event('chosen-order', chosenOrder);
  event('chosen-order-backwards', chosenOrderBackwards);
  event('ring', ring).arg('n', 0, 2);
  event('ring-twin', ringTwin).arg('n', 0, 2);
  event('pair', onePair);
  event('tries', tries);
  event('nests', nests);
  event('nests-levels', nestsLevels);
  event('nests-devices', nestsDevices);
  event('inverts-devices', invertsDevices);
  event('named', named);
  event('guarded', guarded);
  event('unguarded', unguarded);
  event('guarded-mark', guardedMark);
  event('guarded-shared', guardedShared);
  event('writes-shared', writesShared);
  event('writes-flag', writesFlag);
  event('writes-flag-unlocked', writesFlagUnlocked);
  event('reads-flag', readsFlag);
  event('sleeps-untested', sleepsUntested);
  event('sleeps-tested', sleepsTested);
  event('sleeps-for-ever', sleepsForEver);
  event('wakes', wakes);
  event('polite', polite).arg('me', 1, 2);
  event('polls', polls);
  event('sets', sets);
  event('counts', counts);

  event('polls-locked', pollsLocked);
  event('polls-unlocked', pollsUnlocked);
  event('sets-locked', setsLocked);
  event('sleeps-behind', sleepsBehind);

  scene('lock-order').with('both-orders');
  two('lock-order-apart', 'chosen-order', 'chosen-order-backwards');
  scene('lock-order-ring').with('ring', 0).with('ring', 1).with('ring', 2);
  scene('lock-order-class').with('nests');
  scene('lock-order-named').with('named');
  scene('lock-order-device').with('inverts-devices');
  scene('lock-order-twin').with('one-order');
  two('lock-order-apart-twin', 'chosen-order', 'chosen-order');
  scene('lock-order-ring-twin').with('ring-twin', 0).with('ring-twin', 2);
  two('lock-order-try-twin', 'tries', 'pair');
  scene('lock-order-class-twin').with('nests-levels');
  scene('lock-order-device-twin').with('nests-devices');

  two('lockset', 'guarded', 'unguarded');
  scene('lockset-shared').with('writes-shared');
  two('lockset-writes', 'writes-flag', 'writes-flag-unlocked');
  two('lockset-twin', 'guarded', 'guarded-mark');
  two('lockset-shared-twin', 'guarded-shared', 'guarded-shared');
  two('lockset-writes-twin', 'writes-flag', 'reads-flag');

  two('lost-wakeup', 'sleeps-untested', 'wakes');
  two('lost-wakeup-twin', 'sleeps-tested', 'wakes');
  two('lost-wakeup-deadlock', 'sleeps-for-ever', 'wakes');

  scene('livelock').with('polite', 1).with('polite', 2);
  two('livelock-twin', 'polls', 'sets');
  scene('livelock-step-limit').with('counts');

  two('starvation', 'polls-locked', 'sets-locked');
  two('starvation-twin', 'polls-unlocked', 'sets-locked');
  scene('starvation-sleeper').with('polite', 1).with('polite', 2).with('sleeps-behind');
  two('starvation-step-limit', 'counts', 'sleeps-behind');
}
