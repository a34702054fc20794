// A sleeping lock for many readers or one writer. Policy: a waiting writer keeps new readers out, so writers do not starve, and a
// task that takes the read side twice can deadlock with a writer in between, as in the kernel.
import { acquired, block, holds, might_sleep, point, released, report, self, wake } from './abi/heddle';
import { EVERYONE, SELF_DEADLOCK, UNLOCK_BY_NON_OWNER } from './kinds';

@final
export class RwSem {
  private writer: i32 = 0; // slot + 1
  private readers: i32 = 0;
  private writersWaiting: i32 = 0;

  /** Takes the read side; sleeps while a writer holds the lock or waits for it. */
  downRead(): void {
    const p = changetype<usize>(this);
    might_sleep();
    point(p);
    if (this.writer != 0 && this.writer == self() + 1) report(SELF_DEADLOCK, p); // while the model boots self() + 1 is 0
    while (this.writer != 0 || this.writersWaiting != 0) block(p);
    this.readers += 1;
    acquired(p, 1);
  }

  /** Takes the read side unless a writer holds the lock or waits for it. */
  tryDownRead(): bool {
    const p = changetype<usize>(this);
    point(p);
    if (this.writer != 0 || this.writersWaiting != 0) return false;
    this.readers += 1;
    acquired(p, 1);
    return true;
  }

  upRead(): void {
    const p = changetype<usize>(this);
    point(p);
    if (this.readers == 0 || !holds(p)) {
      report(UNLOCK_BY_NON_OWNER, p);
      return;
    }
    this.readers -= 1;
    released(p);
    if (this.readers == 0) wake(p, EVERYONE);
  }

  /** Takes the write side; sleeps while anyone holds the lock. */
  downWrite(): void {
    const p = changetype<usize>(this);
    might_sleep();
    point(p);
    this.enterWrite();
  }

  /** For the kit: downWrite() after its point. */
  enterWrite(): void {
    const p = changetype<usize>(this);
    if (holds(p)) report(SELF_DEADLOCK, p);
    if (this.writer != 0 || this.readers != 0) {
      this.writersWaiting += 1;
      while (this.writer != 0 || this.readers != 0) block(p);
      this.writersWaiting -= 1;
    }
    this.writer = self() + 1;
    acquired(p, 0);
  }

  /** Takes the write side if nobody holds the lock. */
  tryDownWrite(): bool {
    const p = changetype<usize>(this);
    point(p);
    if (this.writer != 0 || this.readers != 0) return false;
    this.writer = self() + 1;
    acquired(p, 0);
    return true;
  }

  upWrite(): void {
    const p = changetype<usize>(this);
    point(p);
    if (this.writer != self() + 1) {
      report(UNLOCK_BY_NON_OWNER, p);
      return;
    }
    this.leaveWrite();
  }

  /** For the kit: upWrite() after its point. */
  leaveWrite(): void {
    const p = changetype<usize>(this);
    this.writer = 0;
    released(p);
    wake(p, EVERYONE);
  }
}
