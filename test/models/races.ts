// Data races and their correct twins: what is an edge between two tasks, and what is none. Two tasks run in most scenes; a scene is named
// after the edge that it is about.
import {
  ACQUIRE,
  Atomic,
  check,
  Completion,
  event,
  free,
  join,
  List,
  ListNode,
  Mutex,
  Rcu,
  READ_ONCE,
  RELEASE,
  RwSem,
  scene,
  spawn,
  SpinLock,
  Work,
  WorkQueue,
  WRITE_ONCE,
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
const spinLock = new SpinLock();
const sem = new RwSem();
const rcu = new Rcu();
const done = new Completion();
const atomic = new Atomic();
const queue = new WorkQueue();
const list = new List<Item>();

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

/** Readers do not order each other: the second one's read meets the first one's store. */
function readsAndWrites(): void {
  sem.downRead();
  if (box.x == 0) box.x = 1;
  sem.upRead();
}
function readsLater(): void {
  sem.downRead();
  sem.upRead();
  cell.y = WRITE_ONCE(box.x);
}

class Version {
  x: i32 = 1;
}
class Current {
  version: Version = new Version();
}
const current = new Current();
function looks(): void {
  rcu.readLock();
  cell.x = WRITE_ONCE(ACQUIRE(current.version).x);
  rcu.readUnlock();
}
function replaces(): void {
  const old = READ_ONCE(current.version);
  current.version = RELEASE(new Version());
  rcu.synchronize();
  free(old);
}
function replacesHastily(): void {
  const old = READ_ONCE(current.version);
  current.version = RELEASE(new Version());
  free(old);
}

class Wide {
  n: u64 = 0;
  m: u64 = 0;
}
const wide = new Wide();
const copyOfWide = new Wide();
function addWide(): void {
  wide.n += 1;
}
function addWideLocked(): void {
  mutex.lock();
  wide.n += 1;
  mutex.unlock();
}
function copyAll(): void {
  memory.copy(changetype<usize>(copyOfWide), changetype<usize>(wide), offsetof<Wide>());
}
function copyAllLocked(): void {
  mutex.lock();
  copyAll();
  mutex.unlock();
}
function clearAll(): void {
  memory.fill(changetype<usize>(wide), 0, offsetof<Wide>());
}
function readWide(): void {
  cell.x = WRITE_ONCE(wide.m == 0 ? 1 : 2);
}
/** The other half of the object. */
function addOther(): void {
  wide.m += 1;
}
class Bytes {
  a: u8 = 0;
  b: u8 = 0;
  word: u16 = 0;
}
const bytes = new Bytes();
function addByte(): void {
  bytes.b += 1;
}
function readByte(): void {
  cell.x = WRITE_ONCE(<i32>bytes.b);
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

  event('reads-and-writes', readsAndWrites);
  event('reads-later', readsLater);
  event('looks', looks);
  event('replaces', replaces);
  event('replaces-hastily', replacesHastily);

  event('add-wide', addWide);
  event('add-wide-locked', addWideLocked);
  event('add-other', addOther);
  event('copy-all', copyAll);
  event('copy-all-locked', copyAllLocked);
  event('clear-all', clearAll);
  event('read-wide', readWide);
  event('add-byte', addByte);
  event('read-byte', readByte);

  two('data-race-wide', 'add-wide', 'add-wide');
  two('data-race-wide-copy', 'copy-all', 'add-wide');
  two('data-race-wide-fill', 'clear-all', 'read-wide');
  two('data-race-byte', 'add-byte', 'read-byte');
  two('data-race-wide-twin', 'add-wide-locked', 'add-wide-locked');
  two('data-race-wide-copy-twin', 'copy-all-locked', 'add-wide-locked');
  two('data-race-wide-apart-twin', 'add-wide', 'add-other');

  two('data-race-readers', 'reads-and-writes', 'reads-later');
  two('data-race-grace', 'looks', 'replaces-hastily');
  two('data-race-grace-twin', 'looks', 'replaces');
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
}
