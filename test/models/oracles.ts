// For each oracle that costs time a scene with a fault, named after its kind, and beside it a correct twin. What follows the kind in a name
// is the edge or the rule that is meant. In most scenes two tasks run.
import {
  ACQUIRE, Atomic, check, Completion, cpuRelax, deviceLock, event, free, guardedBy, guardedField, join, List, ListNode, lockClass, Mutex,
  nested, READ_ONCE, RELEASE, RwSem, scene, spawn, SpinLock, WaitQueue, Work, WorkQueue, WRITE_ONCE, yieldNow,
} from 'heddle';

class Cell {
  x: i32 = 0;
  y: i32 = 0;
  next: Cell | null = null;
}
class Item extends ListNode {
  x: i32 = 0;
}

const cell = new Cell();
const box = new Cell();
const mutex = new Mutex();
const other = new Mutex();
const third = new Mutex();
const spinLock = new SpinLock();
const sem = new RwSem();
const done = new Completion();
const atomic = new Atomic();
const sleepers = new WaitQueue();
const queue = new WorkQueue();
const list = new List<Item>();

// ---- data races ----
function add(): void {
  cell.x += 1;
}
function addLocked(): void {
  mutex.lock();
  cell.x += 1;
  mutex.unlock();
}
function addSpinning(): void {
  spinLock.lock();
  cell.x += 1;
  spinLock.unlock();
}
/** Each task under its own lock: no protection. */
function addWrongLock(): void {
  other.lock();
  cell.x += 1;
  other.unlock();
}
function addWriting(): void {
  sem.downWrite();
  cell.x += 1;
  sem.upWrite();
}
function readReading(): void {
  sem.downRead();
  box.x = WRITE_ONCE(cell.x);
  sem.upRead();
}
/** Holds the lock for reading, and writes. */
function addReading(): void {
  sem.downRead();
  cell.x += 1;
  sem.upRead();
}

function addOnce(): void {
  cell.x = WRITE_ONCE(READ_ONCE(cell.x) + 1);
}

function publish(): void {
  const c = new Cell();
  c.x = 7;
  box.next = RELEASE(c);
}
function publishOnce(): void {
  const c = new Cell();
  c.x = 7;
  box.next = WRITE_ONCE(c);
}
function consume(): void {
  const c = ACQUIRE(box.next);
  if (c) check(c.x == 7, 'complete');
}

function produce(): void {
  cell.x = 1;
  done.complete();
}
function waitForIt(): void {
  done.wait();
  cell.x += 1;
}
function waitForNothing(): void {
  done.tryWait();
  cell.x += 1;
}

function child(): void {
  cell.x += 1;
}
function parent(): void {
  cell.x += 1;
  const t = spawn(child);
  join(t);
  cell.x += 1;
}
function hastyParent(): void {
  cell.x += 1;
  const t = spawn(child);
  cell.x += 1;
  join(t);
}

const work = new Work(child);
function queues(): void {
  cell.x += 1;
  queue.queueWork(work);
  queue.flush(work);
  cell.x += 1;
}
function queuesHastily(): void {
  queue.queueWork(work);
  cell.x += 1;
  queue.flush(work);
}

/** The last one to leave frees. */
function leave(): void {
  const c = READ_ONCE(box.next);
  if (!c) return;
  box.y = WRITE_ONCE(c.x);
  if (atomic.addReturn(1) == 2) free(c);
}
/** One frees what the other may be at. */
function leaveHastily(): void {
  const c = READ_ONCE(box.next);
  if (!c) return;
  box.y = WRITE_ONCE(c.x);
  if (atomic.addReturn(1) == 2) box.next = WRITE_ONCE<Cell | null>(null);
}
function freeHastily(): void {
  const c = READ_ONCE(box.next);
  box.next = WRITE_ONCE<Cell | null>(null);
  if (c) free(c);
}
function setUpBox(): void {
  box.next = new Cell();
}

/** Lists order nothing: what hangs on them needs a lock. */
function hang(): void {
  const item = new Item();
  item.x = 1;
  list.addTail(item);
}
function take(): void {
  const item = list.first();
  if (item) item.x = 2;
}
function hangLocked(): void {
  const item = new Item();
  item.x = 1;
  mutex.lock();
  list.addTail(item);
  mutex.unlock();
}
function takeLocked(): void {
  mutex.lock();
  const item = list.first();
  if (item) item.x = 2;
  mutex.unlock();
}

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
/** Locks that one place made are one class. */
function nests(): void {
  pair(makeDevice().lock, makeDevice().lock);
}
function nestsLevels(): void {
  const inner = makeDevice().lock;
  const outer = makeDevice().lock;
  outer.lock();
  nested(1);
  inner.lock();
  inner.unlock();
  outer.unlock();
}
function nestsDevices(): void {
  const inner = makeDevice().lock;
  const outer = makeDevice().lock;
  deviceLock(inner);
  deviceLock(outer);
  pair(outer, inner);
}
function invertsDevices(): void {
  const inner = makeDevice().lock;
  const outer = makeDevice().lock;
  deviceLock(inner);
  deviceLock(outer);
  pair(outer, inner);
  pair(inner, outer);
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

function two(name: string, a: string, b: string): void {
  scene(name).with(a).with(b);
}

export function register(): void {
  event('add', add);
  event('add-locked', addLocked);
  event('add-spinning', addSpinning);
  event('add-wrong-lock', addWrongLock);
  event('add-writing', addWriting);
  event('read-reading', readReading);
  event('add-reading', addReading);
  event('add-once', addOnce);
  event('publish', publish);
  event('publish-once', publishOnce);
  event('consume', consume);
  event('produce', produce);
  event('wait-for-it', waitForIt);
  event('wait-for-nothing', waitForNothing);
  event('parent', parent);
  event('hasty-parent', hastyParent);
  event('queues', queues);
  event('queues-hastily', queuesHastily);
  event('leave', leave);
  event('leave-hastily', leaveHastily);
  event('free-hastily', freeHastily);
  event('hang', hang);
  event('take', take);
  event('hang-locked', hangLocked);
  event('take-locked', takeLocked);
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
  event('sleeps-untested', sleepsUntested);
  event('sleeps-tested', sleepsTested);
  event('sleeps-for-ever', sleepsForEver);
  event('wakes', wakes);
  event('polite', polite).arg('me', 1, 2);
  event('polls', polls);
  event('sets', sets);
  event('counts', counts);

  two('data-race', 'add', 'add');
  two('data-race-one-locked', 'add', 'add-locked');
  two('data-race-wrong-lock', 'add-wrong-lock', 'add-locked');
  two('data-race-shared', 'add-reading', 'add-reading');
  two('data-race-publish', 'publish-once', 'consume');
  two('data-race-completion', 'produce', 'wait-for-nothing');
  scene('data-race-spawn').with('hasty-parent');
  scene('data-race-work').with('queues-hastily');
  scene('data-race-free', setUpBox).with('leave-hastily').with('free-hastily');
  two('data-race-list', 'hang', 'take');
  two('data-race-twin', 'add-locked', 'add-locked');
  two('data-race-spinlock-twin', 'add-spinning', 'add-spinning');
  two('data-race-shared-twin', 'add-writing', 'read-reading');
  two('data-race-marked-twin', 'add-once', 'add-once');
  two('data-race-publish-twin', 'publish', 'consume');
  two('data-race-completion-twin', 'produce', 'wait-for-it');
  scene('data-race-spawn-twin').with('parent');
  scene('data-race-work-twin').with('queues');
  scene('data-race-free-twin', setUpBox).with('leave').with('leave');
  two('data-race-list-twin', 'hang-locked', 'take-locked');

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
  two('lockset-twin', 'guarded', 'guarded-mark');
  two('lockset-shared-twin', 'guarded-shared', 'guarded-shared');

  two('lost-wakeup', 'sleeps-untested', 'wakes');
  two('lost-wakeup-twin', 'sleeps-tested', 'wakes');
  two('lost-wakeup-deadlock', 'sleeps-for-ever', 'wakes');

  scene('livelock').with('polite', 1).with('polite', 2);
  two('livelock-twin', 'polls', 'sets');
  scene('livelock-step-limit').with('counts');
}
