// A task that stands before a taken lock, and the lock is freed: an access to what is freed. One that waits already waits for ever.
// enter (2 points): store ready, lock. close: lock, load ready; if ready, load gate, store gate, free; unlock otherwise.
import { event, free, Mutex, scene } from 'heddle';

class Gate {
  ready: i32 = 0;
  lock: Mutex | null = new Mutex();
}
const gate = new Gate();

function enter(): void {
  const lock = gate.lock!;
  gate.ready = 1;
  lock.lock();
  lock.unlock();
}

function close(): void {
  const lock = gate.lock!;
  lock.lock();
  if (gate.ready) free(lock);
  else lock.unlock();
}

export function register(): void {
  event('enter', enter);
  event('close', close);
  scene('freed').with('enter').with('close');
}
