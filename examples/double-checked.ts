// Double-checked initialisation: the second test is under the lock, the first is not, so what it sees must be complete: the store releases
// what was written before it, and the load acquires it.
import { ACQUIRE, check, design, designIs, event, Mutex, RELEASE, scene } from 'heddle';

enum Design {
  broken,
  fixed,
}

class Config {
  limit: i32 = 0;
}
class Slot {
  config: Config | null = null;
}
const slot = new Slot();
const mutex = new Mutex();

function use(): void {
  if (ACQUIRE(slot.config) == null) {
    mutex.lock();
    if (slot.config == null) {
      const config = new Config();
      if (designIs(Design.broken)) slot.config = config; // seen by the other task before the limit is there
      config.limit = 7;
      slot.config = RELEASE(config);
    }
    mutex.unlock();
  }
  check(slot.config!.limit == 7, 'a configuration is used before it is complete');
}

export function register(): void {
  design('broken', 'publishes, then initialises');
  design('fixed', 'initialises, then publishes');
  event('use', use);
  scene('two-users').with('use').with('use');
}
