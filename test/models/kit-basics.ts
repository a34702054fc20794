// Atomics, reference counts, lists, and what models of waiting and locks elsewhere leave out: completeAll, wakeOne, tried locks, cancelled
// work. Each kit operation is one point, each access to a cell as well. An event's program stands in test/kit/basics.test.ts or waiting.test.ts.
import {
  Atomic,
  check,
  Completion,
  cpuRelax,
  event,
  Ghost,
  List,
  ListNode,
  Refcount,
  RwSem,
  scene,
  SpinLock,
  WaitQueue,
  Work,
  WorkQueue,
  yieldNow,
} from 'heddle';

class Cell {
  value: i32 = 0;
  a: i32 = 0;
  b: i32 = 0;
  c: i32 = 0;
}
class Item extends ListNode {
  constructor(public n: i32) {
    super();
  }
}

const cell = new Cell();
const atomic = new Atomic(2);
const references = new Refcount();
const list = new List<Item>();
const other = new List<Item>();
const one = new Item(1);
const two = new Item(2);
const three = new Item(3);
const done = new Completion();
const queue = new WaitQueue();
const rwsem = new RwSem();
const spinLock = new SpinLock();
const works = new WorkQueue();
const work = new Work(() => {
  cell.value += 1;
});

// ---- atomics ----
function adding(): void {
  cell.a = atomic.addReturn(5);
  atomic.sub(1);
}
function exchanging(): void {
  cell.b = atomic.xchg(7);
  atomic.inc();
}
function comparing(): void {
  cell.c = atomic.cmpxchg(7, 9);
  cell.value = atomic.load();
}
function countingDown(): void {
  if (atomic.decAndTest()) cell.value += 1;
}
function storing(): void {
  atomic.add(1);
  atomic.dec();
  cell.a = atomic.subReturn(2);
  atomic.store(4);
  cell.b = atomic.load();
}

// ---- reference counts ----
function putting(): void {
  if (references.put()) cell.value += 1;
}
function getting(): void {
  if (!references.getNotZero()) {
    cell.a = 1;
    return;
  }
  references.get();
  cell.b = references.value();
  references.put();
  if (references.put()) cell.value += 1;
}

// ---- lists ----
function prepare(): void {
  list.addTail(one);
  list.addTail(two);
}
function taking(): void {
  const item = list.takeFirst();
  cell.a = item ? item.n : 9;
}
function adds(): void {
  list.add(three);
  cell.b = list.empty() ? 1 : 0;
}
function walking(): void {
  let sum = 0;
  for (let item = list.first(); item; item = list.next(item)) sum = sum * 10 + item.n;
  cell.c = sum;
}
function moving(): void {
  list.moveAllTo(other);
  const last = other.last();
  cell.value = last ? last.n : 9;
}
function deleting(): void {
  one.delist();
  if (two.isListed()) list.del(two);
}

// ---- completions and wait queues ----
function waiting(): void {
  done.wait();
  cell.value += 1;
}
function completingAll(): void {
  cell.a = done.isDone() ? 1 : 0;
  done.completeAll();
}
function tryingTwice(): void {
  const first = done.tryWait();
  cell.b = done.tryWait() ? 2 : first ? 1 : 0;
}
function completing(): void {
  done.complete();
}
function restarting(): void {
  done.complete();
  done.reinit();
}
function sleeping(): void {
  queue.sleep();
  cell.value += 1;
}
function wakingOne(): void {
  queue.wakeOne();
}

// ---- tried locks ----
function reading(): void {
  rwsem.downRead();
  cell.b = cell.value;
  rwsem.upRead();
}
function writing(): void {
  rwsem.downWrite();
  cell.value += 1;
  rwsem.upWrite();
}
function tryingToRead(): void {
  if (!rwsem.tryDownRead()) return;
  cell.a = 1 + cell.value;
  rwsem.upRead();
}
function tryingToWrite(): void {
  if (!rwsem.tryDownWrite()) return;
  cell.value += 10;
  rwsem.upWrite();
}
function spinning(): void {
  spinLock.lock();
  cell.value += 1;
  spinLock.unlock();
}
function tryingToSpin(): void {
  if (!spinLock.tryLock()) return;
  cell.value += 10;
  spinLock.unlock();
}

// ---- work ----
function cancelling(): void {
  works.queueWork(work);
  cell.a = works.cancel(work) ? 1 : 2;
}
function cancellingSync(): void {
  works.queueWork(work);
  cell.a = works.cancelSync(work) ? 1 : 2;
  cell.b = cell.value;
}
function draining(): void {
  works.queueWork(work);
  works.drain();
  cell.b = cell.value;
}

class Again extends Work {
  runs: i32 = 0;
  run(): void {
    check(!cancelled.get(), 'runs after it was cancelled');
    if (this.runs) return;
    this.runs = 1;
    works.queueWork(this);
  }
}
const again = new Again();
const cancelled = new Ghost();
function cancellingAgain(): void {
  works.queueWork(again);
  works.cancel(again);
  cancelled.set(1);
}
function cancellingAgainSync(): void {
  works.queueWork(again);
  works.cancelSync(again);
  cancelled.set(1);
}
function cancellingAgainTwice(): void {
  works.cancelSync(again);
  works.queueWork(work);
}

// ---- giving way ----
function givingWay(): void {
  cell.a += 1;
  yieldNow();
  cpuRelax();
  cell.a += 1;
}

export function register(): void {
  event('adding', adding);
  event('exchanging', exchanging);
  event('comparing', comparing);
  event('counting-down', countingDown);
  event('storing', storing);
  event('putting', putting);
  event('getting', getting);
  event('taking', taking);
  event('adds', adds);
  event('walking', walking);
  event('moving', moving);
  event('deleting', deleting);
  event('waiting', waiting);
  event('completing-all', completingAll);
  event('trying-twice', tryingTwice);
  event('completing', completing);
  event('restarting', restarting);
  event('sleeping', sleeping);
  event('waking-one', wakingOne);
  event('reading', reading);
  event('writing', writing);
  event('trying-to-read', tryingToRead);
  event('trying-to-write', tryingToWrite);
  event('spinning', spinning);
  event('trying-to-spin', tryingToSpin);
  event('cancelling', cancelling);
  event('cancelling-sync', cancellingSync);
  event('draining', draining);
  event('cancelling-again', cancellingAgain);
  event('cancelling-again-sync', cancellingAgainSync);
  event('cancelling-again-twice', cancellingAgainTwice);
  event('giving-way', givingWay);

  scene('atomic').with('adding').with('exchanging');
  scene('atomic-compare').with('exchanging').with('comparing');
  scene('atomic-last').with('counting-down').with('counting-down');
  scene('atomic-store').with('storing').with('adding');
  scene('refcount').with('putting').with('getting');
  scene('list').with('taking').with('adds');
  scene('list-walk', prepare).with('walking').with('adds');
  scene('list-move', prepare).with('moving').with('taking');
  scene('list-delete', prepare).with('deleting').with('taking');
  scene('complete-all').with('waiting').with('waiting').with('completing-all');
  scene('complete-try').with('trying-twice').with('completing');
  scene('complete-reinit').with('waiting').with('restarting');
  scene('wake-one').with('sleeping').with('sleeping').with('waking-one');
  scene('rwsem').with('reading').with('writing');
  scene('rwsem-try-read').with('trying-to-read').with('writing');
  scene('rwsem-try-write').with('trying-to-write').with('writing');
  scene('rwsem-try-both').with('trying-to-write').with('trying-to-read');
  scene('spin-try').with('spinning').with('trying-to-spin');
  scene('work-cancel').with('cancelling');
  scene('work-cancel-sync').with('cancelling-sync');
  scene('work-drain').with('draining');
  scene('work-again').with('cancelling-again');
  scene('work-again-sync').with('cancelling-again-sync');
  scene('work-again-twice').with('cancelling-again-sync').with('cancelling-again-twice');
  scene('yield').with('giving-way').with('giving-way');
}
