// Interrupts. `plain` takes the lock of a handler with interrupts on: the handler can interrupt it there and wait for ever.
import { check, event, Irq, irqHandler, irqRestore, irqSave, Mutex, RwLock, scene, SpinLock } from 'heddle';

class Cell {
  value: i32 = 0;
  a: i32 = 0;
  b: i32 = 0;
}
const cell = new Cell();
const lock = new SpinLock();
const rwlock = new RwLock();
const mutex = new Mutex();
const line = new Irq(() => {
  cell.b += 1;
});

function plain(): void {
  lock.lock();
  cell.value += 1;
  lock.unlock();
}
function safe(): void {
  lock.lockIrqSave();
  cell.value += 1;
  lock.unlockIrqRestore();
}
function saving(): void {
  irqSave();
  lock.lock();
  cell.value += 1;
  lock.unlock();
  irqRestore();
}
function interrupting(): void {
  irqHandler(() => {
    lock.lock();
    cell.value += 10;
    lock.unlock();
  });
}
function writing(): void {
  cell.a = 1;
  cell.a = 2;
}
function looking(): void {
  irqHandler(() => {
    cell.b = 10 + cell.a * 3;
    cell.b += cell.a;
  });
}
function raising(): void {
  line.raise();
  line.raise();
}
function disabling(): void {
  line.disable();
  const before = cell.b;
  check(cell.b == before, 'no handler runs while the line is disabled');
  line.enable();
}
function sleeping(): void {
  irqHandler(() => {
    mutex.lock();
    mutex.unlock();
  });
}
function sleepingOff(): void {
  irqSave();
  mutex.lock();
  mutex.unlock();
  irqRestore();
}
function readingTwice(): void {
  rwlock.readLock();
  irqHandler(() => {
    rwlock.readLock();
    rwlock.readUnlock();
  });
  rwlock.readUnlock();
}
function writingLock(): void {
  rwlock.writeLock();
  rwlock.writeUnlock();
}

export function register(): void {
  event('plain', plain);
  event('safe', safe);
  event('saving', saving);
  event('interrupting', interrupting);
  event('writing', writing);
  event('looking', looking);
  event('raising', raising);
  event('disabling', disabling);
  event('sleeping', sleeping);
  event('sleeping-off', sleepingOff);
  event('reading-twice', readingTwice);
  event('writing-lock', writingLock);
  scene('plain').with('plain').with('interrupting');
  scene('safe').with('safe').with('interrupting');
  scene('saving').with('saving').with('interrupting');
  scene('elsewhere').with('writing').with('looking');
  scene('line').with('raising');
  scene('line-disable').with('raising').with('disabling');
  scene('sleeping').with('sleeping');
  scene('sleeping-off').with('sleeping-off');
  scene('readers').with('reading-twice').with('writing-lock');
}
