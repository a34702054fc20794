// The kit's locks beside mutex, spinlock and rwsem. The points are those of the code, in its order.
import { event, ModuleRef, Once, RwLock, scene, Semaphore, Seqcount } from 'heddle';

class Cell {
  value: i32 = 0;
  seen: i32 = 0;
  missed: i32 = 0;
  a: i32 = 0;
  b: i32 = 0;
}
const cell = new Cell();
const semaphore = new Semaphore(1);
const signal = new Semaphore(0);
const rwlock = new RwLock();
const seqcount = new Seqcount();
const once = new Once();
const ref = new ModuleRef();

function permitted(): void {
  semaphore.down();
  cell.value += 1;
  semaphore.up();
}
function trying(): void {
  if (semaphore.tryDown()) {
    cell.value += 1;
    semaphore.up();
  } else cell.missed = 1;
}
function patient(): void {
  if (signal.downTimeout()) cell.seen = 1;
  else cell.missed = 1;
}
function signalling(): void {
  cell.value = 5;
  signal.up();
}

function reading(): void {
  rwlock.readLock();
  cell.seen = cell.value;
  rwlock.readUnlock();
}
function writing(): void {
  rwlock.writeLock();
  cell.value += 1;
  rwlock.writeUnlock();
}
function tryingBoth(): void {
  if (rwlock.tryReadLock()) {
    rwlock.readUnlock();
    if (rwlock.tryWriteLock()) rwlock.writeUnlock();
    else cell.missed = 1;
  } else cell.missed = 2;
}

function publishing(): void {
  seqcount.writeBegin();
  cell.a = 1;
  cell.b = 1;
  seqcount.writeEnd();
}
function copying(): void {
  let a = 0;
  let b = 0;
  let version = 0;
  do {
    version = seqcount.readBegin();
    a = cell.a;
    b = cell.b;
  } while (seqcount.readRetry(version));
  cell.seen = 2 * a + b;
}

function initialising(): void {
  once.run(() => {
    cell.value += 1;
  });
  cell.seen = cell.value;
}

function using(): void {
  if (ref.tryGet()) {
    cell.seen = cell.value;
    ref.put();
  } else cell.missed = 1;
}
function unloading(): void {
  if (ref.unload()) cell.value = 7;
}
function sleeping(): void {
  rwlock.readLock();
  semaphore.down();
  semaphore.up();
  rwlock.readUnlock();
}
function writingAsleep(): void {
  seqcount.writeBegin();
  semaphore.down();
  semaphore.up();
  seqcount.writeEnd();
}
function puttingTwice(): void {
  if (ref.tryGet()) ref.put();
  ref.put();
}

export function register(): void {
  event('permitted', permitted);
  event('trying', trying);
  event('patient', patient);
  event('signalling', signalling);
  event('reading', reading);
  event('writing', writing);
  event('trying-both', tryingBoth);
  event('publishing', publishing);
  event('copying', copying);
  event('initialising', initialising);
  event('using', using);
  event('unloading', unloading);
  event('sleeping', sleeping);
  event('writing-asleep', writingAsleep);
  event('putting-twice', puttingTwice);
  scene('semaphore').with('permitted').with('permitted').with('permitted');
  scene('semaphore-try').with('permitted').with('trying');
  scene('semaphore-timeout').with('patient').with('signalling');
  scene('semaphore-alone').with('patient');
  scene('rwlock').with('reading').with('reading').with('writing');
  scene('rwlock-try').with('trying-both').with('reading');
  scene('rwlock-try-write').with('trying-both').with('writing');
  scene('seqcount').with('copying').with('publishing');
  scene('once').with('initialising').with('initialising');
  scene('module').with('using').with('unloading');
  scene('sleeping').with('sleeping');
  scene('writing-asleep').with('writing-asleep');
  scene('putting-twice').with('putting-twice');
}
