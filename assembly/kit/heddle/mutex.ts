// A sleeping lock. Word 0 of the object holds the owner's slot + 1: the executor reads and writes it (docs/abi.md 1.2).
import { lock, trylock, unlock } from './abi/heddle';

@final
export class Mutex {
  private owner: i32 = 0;

  /** Takes the mutex; sleeps while another task holds it. Taking it twice is a self-deadlock. */
  lock(): void {
    lock(changetype<usize>(this));
  }

  /** Takes the mutex if it is free. */
  tryLock(): bool {
    return trylock(changetype<usize>(this));
  }

  /** Gives the mutex back; a finding if the current task does not hold it. */
  unlock(): void {
    unlock(changetype<usize>(this));
  }
}
