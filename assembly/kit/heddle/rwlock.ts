// A spinning lock for many readers or one writer; its holders may not sleep. Policy: a waiting writer keeps new readers out, but for
// those in an interrupt, as in the kernel.
import { acquired, atomic_enter, atomic_exit, block, holds, point, released, report, self, wake } from './abi/heddle';
import { inInterrupt } from './irq';
import { EVERYONE, SELF_DEADLOCK, UNLOCK_BY_NON_OWNER } from './kinds';

@final
export class RwLock {
  private writer: i32 = 0; // slot + 1
  private readers: i32 = 0;
  private writersWaiting: i32 = 0;

  private keepsReadersOut(): bool {
    return this.writer != 0 || (this.writersWaiting != 0 && !inInterrupt());
  }

  private enter(shared: i32): void {
    atomic_enter();
    acquired(changetype<usize>(this), shared);
  }

  private leave(): void {
    released(changetype<usize>(this));
    atomic_exit();
    if (this.readers == 0) wake(changetype<usize>(this), EVERYONE);
  }

  /** Takes the read side; waits while a writer holds the lock or waits for it. */
  readLock(): void {
    const p = changetype<usize>(this);
    point(p);
    if (this.writer == self() + 1) report(SELF_DEADLOCK, p);
    while (this.keepsReadersOut()) block(p);
    this.readers += 1;
    this.enter(1);
  }

  /** Takes the read side unless a writer holds the lock or waits for it. */
  tryReadLock(): bool {
    point(changetype<usize>(this));
    if (this.keepsReadersOut()) return false;
    this.readers += 1;
    this.enter(1);
    return true;
  }

  readUnlock(): void {
    const p = changetype<usize>(this);
    point(p);
    if (this.readers == 0 || !holds(p)) {
      report(UNLOCK_BY_NON_OWNER, p);
      return;
    }
    this.readers -= 1;
    this.leave();
  }

  /** Takes the write side; waits while anyone holds the lock. */
  writeLock(): void {
    const p = changetype<usize>(this);
    point(p);
    if (holds(p)) report(SELF_DEADLOCK, p);
    if (this.writer != 0 || this.readers != 0) {
      this.writersWaiting += 1;
      while (this.writer != 0 || this.readers != 0) block(p);
      this.writersWaiting -= 1;
    }
    this.writer = self() + 1;
    this.enter(0);
  }

  /** Takes the write side if nobody holds the lock. */
  tryWriteLock(): bool {
    point(changetype<usize>(this));
    if (this.writer != 0 || this.readers != 0) return false;
    this.writer = self() + 1;
    this.enter(0);
    return true;
  }

  writeUnlock(): void {
    const p = changetype<usize>(this);
    point(p);
    if (this.writer != self() + 1) {
      report(UNLOCK_BY_NON_OWNER, p);
      return;
    }
    this.writer = 0;
    this.leave();
  }
}
