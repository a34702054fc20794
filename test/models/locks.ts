// Two or three tasks and two locks.
// locked (4 points): lock, load value, store value, unlock.
// spinning (4): spin lock, load value, store value, unlock.
// trying (2 or 4): trylock; if taken: load value, store value, unlock; else: store missed. So 4 or 2.
// reading (4): downRead, load value, store seen, upRead.
// writing (4): downWrite, load value, store value, upWrite.
import { event, Mutex, RwSem, scene, SpinLock } from 'heddle';

class Counter {
  value: i32 = 0;
  missed: i32 = 0;
  seen: i32 = 0;
}
const counter = new Counter();
const mutex = new Mutex();
const spinLock = new SpinLock();
const rwsem = new RwSem();

function locked(): void {
  mutex.lock();
  counter.value += 1;
  mutex.unlock();
}

function spinning(): void {
  spinLock.lock();
  counter.value += 1;
  spinLock.unlock();
}

function trying(): void {
  if (mutex.tryLock()) {
    counter.value += 1;
    mutex.unlock();
  } else {
    counter.missed = 1;
  }
}

function reading(): void {
  rwsem.downRead();
  counter.seen = counter.value;
  rwsem.upRead();
}

function writing(): void {
  rwsem.downWrite();
  counter.value += 1;
  rwsem.upWrite();
}

export function register(): void {
  event('locked', locked);
  event('spinning', spinning);
  event('trying', trying);
  event('reading', reading);
  event('writing', writing);
  scene('two').with('locked').with('locked');
  scene('three').with('locked').with('locked').with('locked');
  scene('spin').with('spinning').with('spinning');
  scene('try').with('locked').with('trying');
  scene('readers').with('reading').with('reading').with('writing');
  scene('writers').with('writing').with('writing').with('reading');
}
