// One event for each kind of finding, named after it (a second one of the same kind has a suffix: `trap-unreachable`), and beside it a
// correct twin, `<event>-twin`, that does nearly the same. A scene of the same name for each event, with one task unless said otherwise.
// The points are those of the code, in its order: each access, lock and free of an object that another task can reach, each kit call.
import {
  check,
  event,
  free,
  invariant,
  irqHandler,
  irqRestore,
  irqSave,
  Mutex,
  Rcu,
  Refcount,
  scene,
  SpinLock,
  Srcu,
  When,
  yieldNow,
} from 'heddle';

class Cell {
  x: i32 = 0;
  y: i32 = 0;
  next: Cell | null = null;
}

const shared = new Cell();
const box = new Cell();
const a = new Mutex();
const b = new Mutex();
const spinLock = new SpinLock();
const rcu = new Rcu();
const srcu = new Srcu();

function nullDereference(): void {
  shared.x = box.next!.x;
}
function nullDereferenceTwin(): void {
  const next = box.next;
  if (next) shared.x = next.x;
}

function useAfterFree(): void {
  const cell = new Cell();
  box.next = cell;
  free(cell);
  shared.x = box.next!.x;
}
function useAfterFreeTwin(): void {
  const cell = new Cell();
  box.next = cell;
  shared.x = box.next!.x;
  box.next = null;
  free(cell);
}

function useAfterFreeWrite(): void {
  const cell = new Cell();
  box.next = cell;
  free(cell);
  box.next!.x = 1;
}
function useAfterFreeWriteTwin(): void {
  const cell = new Cell();
  box.next = cell;
  box.next!.x = 1;
  box.next = null;
  free(cell);
}

function doubleFree(): void {
  const cell = new Cell();
  free(cell);
  free(cell);
}
function doubleFreeTwin(): void {
  const cell = new Cell();
  free(cell);
  free(new Cell());
}

/** Frees the middle of an object. */
function invalidFree(): void {
  box.next = new Cell();
  free(changetype<Cell>(changetype<usize>(box.next) + 4));
}
function invalidFreeTwin(): void {
  box.next = new Cell();
  free(changetype<Cell>(changetype<usize>(box.next) + 4 - 4));
  box.next = null;
}

/** Garbage as a pointer. */
function invalidAccess(): void {
  shared.x = changetype<Cell>(0x12345678).x;
}
function invalidAccessTwin(): void {
  shared.x = changetype<Cell>(changetype<usize>(shared)).x;
}

/** Behind the end of an object. */
function invalidAccessBeyond(): void {
  shared.x = load<i32>(changetype<usize>(new Cell()), 64);
}
function invalidAccessBeyondTwin(): void {
  const cell = new Cell();
  shared.x = load<i32>(changetype<usize>(cell), offsetof<Cell>('y'));
  free(cell);
}

function leak(): void {
  const cell = new Cell();
  cell.x = 1;
}
function leakTwin(): void {
  box.next = new Cell();
}

/** The only pointer is overwritten. */
function leakOverwritten(): void {
  box.next = new Cell();
  box.next = new Cell();
}
function leakOverwrittenTwin(): void {
  box.next = new Cell();
  box.next!.next = new Cell();
}

class Counted {
  references: Refcount = new Refcount();
}
const counted = new Counted();

function refcountMisuse(): void {
  counted.references.put();
  counted.references.get();
}
function refcountMisuseTwin(): void {
  counted.references.put();
  counted.references.getNotZero();
}

function refcountMisusePut(): void {
  counted.references.put();
  counted.references.put();
}
function refcountMisusePutTwin(): void {
  counted.references.get();
  counted.references.put();
  counted.references.put();
}

/** Scene: two tasks, orders 0 and 1. */
function deadlock(order: i32): void {
  const first = order ? a : b;
  const second = order ? b : a;
  first.lock();
  second.lock();
  shared.x += 1;
  second.unlock();
  first.unlock();
}
function deadlockTwin(order: i32): void {
  a.lock();
  b.lock();
  shared.x += order;
  b.unlock();
  a.unlock();
}

function selfDeadlock(): void {
  a.lock();
  a.lock();
  a.unlock();
}
function selfDeadlockTwin(): void {
  a.lock();
  a.unlock();
  a.lock();
  a.unlock();
}

function unlockByNonOwner(): void {
  a.unlock();
}
function unlockByNonOwnerTwin(): void {
  a.lock();
  a.unlock();
}

function sleepInAtomic(): void {
  spinLock.lock();
  a.lock();
  a.unlock();
  spinLock.unlock();
}
function sleepInAtomicTwin(): void {
  a.lock();
  spinLock.lock();
  spinLock.unlock();
  a.unlock();
}

/** With interrupts off. */
function sleepInAtomicIrqsOff(): void {
  irqSave();
  a.lock();
  a.unlock();
  irqRestore();
}
function sleepInAtomicIrqsOffTwin(): void {
  irqSave();
  if (a.tryLock()) a.unlock();
  irqRestore();
  a.lock();
  a.unlock();
}

/** In a read-side section of RCU; those of SRCU may sleep. */
function sleepInAtomicRcu(): void {
  rcu.readLock();
  a.lock();
  a.unlock();
  rcu.readUnlock();
}
function sleepInAtomicRcuTwin(): void {
  srcu.readLock();
  a.lock();
  a.unlock();
  srcu.readUnlock();
}

/** In the handler of an interrupt. */
function sleepInAtomicHandler(): void {
  irqHandler(() => {
    a.lock();
    a.unlock();
  });
}
function sleepInAtomicHandlerTwin(): void {
  irqHandler(() => {
    spinLock.lock();
    spinLock.unlock();
  });
}

/** A loop without a scheduling point. */
function noProgress(): void {
  for (let i = 0; ; i++) if (i < 0 && i > 0) break;
}
function noProgressTwin(): void {
  for (let i = 0; ; i++) if (i > 1000) break;
}

/** A loop that waits for what nobody does. */
function noProgressWaiting(): void {
  while (shared.y == 0) yieldNow();
}
function noProgressWaitingTwin(): void {
  for (let i = 0; i < 3 && shared.y == 0; i++) yieldNow();
}

/** A loop with scheduling points that changes the state for ever. */
function stepLimit(): void {
  while (true) shared.x += 1;
}
function stepLimitTwin(): void {
  for (let i = 0; i < 20; i++) shared.x += 1;
}

function down(n: i32): i32 {
  return n > 0 ? down(n - 1) + 1 : shared.x;
}
function stackDepth(): void {
  shared.x = down(100_000_000);
}
function stackDepthTwin(): void {
  shared.x = down(50);
}

function trap(): void {
  shared.x = 7 / box.x;
}
function trapTwin(): void {
  shared.x = 7 / (box.x + 1);
}

function trapUnreachable(): void {
  if (shared.y == 0) unreachable();
}
function trapUnreachableTwin(): void {
  if (shared.y != 0) unreachable();
}

function abort_(): void {
  if (shared.y == 0) throw new Error('thrown');
}
function abortTwin(): void {
  if (shared.y != 0) throw new Error('thrown');
}

function assertion(): void {
  check(shared.y == 99, 'ninety-nine');
}
function assertionTwin(): void {
  check(shared.y == 0, 'nought');
}

/** Broken for one step, whole at the end: only the invariant that is tested always sees it. */
function invariantAlways(): void {
  shared.y = 13;
  shared.y = 0;
}
function invariantAlwaysTwin(): void {
  shared.y = 12;
  shared.y = 0;
}

function invariantAtEnd(): void {
  shared.x = 1313;
}
function invariantAtEndTwin(): void {
  shared.x = 1313;
  shared.x = 0;
}

function outOfMemory(): void {
  while (true) {
    const cell = new Cell();
    cell.next = box.next;
    box.next = cell;
  }
}
function outOfMemoryTwin(): void {
  for (let i = 0; i < 20; i++) {
    const cell = new Cell();
    cell.next = box.next;
    box.next = cell;
  }
}

function pair(name: string, faulty: () => void, twinName: string, twin: () => void): void {
  event(name, faulty);
  event(twinName, twin);
  scene(name).with(name);
  scene(twinName).with(twinName);
}

export function register(): void {
  pair('null-dereference', nullDereference, 'null-dereference-twin', nullDereferenceTwin);
  pair('use-after-free', useAfterFree, 'use-after-free-twin', useAfterFreeTwin);
  pair('use-after-free-write', useAfterFreeWrite, 'use-after-free-write-twin', useAfterFreeWriteTwin);
  pair('double-free', doubleFree, 'double-free-twin', doubleFreeTwin);
  pair('invalid-free', invalidFree, 'invalid-free-twin', invalidFreeTwin);
  pair('invalid-access', invalidAccess, 'invalid-access-twin', invalidAccessTwin);
  pair('invalid-access-beyond', invalidAccessBeyond, 'invalid-access-beyond-twin', invalidAccessBeyondTwin);
  pair('leak', leak, 'leak-twin', leakTwin);
  pair('leak-overwritten', leakOverwritten, 'leak-overwritten-twin', leakOverwrittenTwin);
  pair('refcount-misuse', refcountMisuse, 'refcount-misuse-twin', refcountMisuseTwin);
  pair('refcount-misuse-put', refcountMisusePut, 'refcount-misuse-put-twin', refcountMisusePutTwin);
  event('deadlock', deadlock).arg('order', 0, 1);
  event('deadlock-twin', deadlockTwin).arg('order', 0, 1);
  scene('deadlock').with('deadlock', 0).with('deadlock', 1);
  scene('deadlock-twin').with('deadlock-twin', 0).with('deadlock-twin', 1);
  pair('self-deadlock', selfDeadlock, 'self-deadlock-twin', selfDeadlockTwin);
  pair('unlock-by-non-owner', unlockByNonOwner, 'unlock-by-non-owner-twin', unlockByNonOwnerTwin);
  pair('sleep-in-atomic', sleepInAtomic, 'sleep-in-atomic-twin', sleepInAtomicTwin);
  pair('sleep-in-atomic-irqs-off', sleepInAtomicIrqsOff, 'sleep-in-atomic-irqs-off-twin', sleepInAtomicIrqsOffTwin);
  pair('sleep-in-atomic-rcu', sleepInAtomicRcu, 'sleep-in-atomic-rcu-twin', sleepInAtomicRcuTwin);
  pair('sleep-in-atomic-handler', sleepInAtomicHandler, 'sleep-in-atomic-handler-twin', sleepInAtomicHandlerTwin);
  pair('no-progress', noProgress, 'no-progress-twin', noProgressTwin);
  pair('no-progress-waiting', noProgressWaiting, 'no-progress-waiting-twin', noProgressWaitingTwin);
  pair('step-limit', stepLimit, 'step-limit-twin', stepLimitTwin);
  pair('stack-depth', stackDepth, 'stack-depth-twin', stackDepthTwin);
  pair('trap', trap, 'trap-twin', trapTwin);
  pair('trap-unreachable', trapUnreachable, 'trap-unreachable-twin', trapUnreachableTwin);
  pair('abort', abort_, 'abort-twin', abortTwin);
  pair('assertion', assertion, 'assertion-twin', assertionTwin);
  pair('invariant', invariantAtEnd, 'invariant-twin', invariantAtEndTwin);
  pair('invariant-always', invariantAlways, 'invariant-always-twin', invariantAlwaysTwin);
  pair('out-of-memory', outOfMemory, 'out-of-memory-twin', outOfMemoryTwin);
  invariant('y is never 13', () => shared.y != 13, When.Always);
  invariant('x does not end as 1313', () => shared.x != 1313);
}
