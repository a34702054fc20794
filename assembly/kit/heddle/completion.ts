// "It has happened": each complete() lets one wait() through, completeAll() all of them from then on.
import { block, block_timed, might_sleep, point, wake } from './abi/heddle';
import { EVERYONE } from './kinds';

const FOR_GOOD: i32 = i32.MAX_VALUE;

@final
export class Completion {
  private done: i32 = 0;

  /** Sleeps until a complete() is left for this task, and uses it up. */
  wait(): void {
    const p = changetype<usize>(this);
    might_sleep();
    point(p);
    while (this.done == 0) block(p);
    if (this.done != FOR_GOOD) this.done -= 1;
  }

  /** The same; false if the time was over before there was one. */
  waitTimeout(): bool {
    const p = changetype<usize>(this);
    might_sleep();
    point(p);
    while (this.done == 0) if (!block_timed(p) && this.done == 0) return false;
    if (this.done != FOR_GOOD) this.done -= 1;
    return true;
  }

  /** Uses up a complete() if there is one; never sleeps. */
  tryWait(): bool {
    point(changetype<usize>(this));
    if (this.done == 0) return false;
    if (this.done != FOR_GOOD) this.done -= 1;
    return true;
  }

  /** Lets one waiter through, now or later. */
  complete(): void {
    const p = changetype<usize>(this);
    point(p);
    if (this.done != FOR_GOOD) this.done += 1;
    wake(p, 1);
  }

  /** Lets every waiter through, now and later. */
  completeAll(): void {
    const p = changetype<usize>(this);
    point(p);
    this.done = FOR_GOOD;
    wake(p, EVERYONE);
  }

  /** Would wait() return at once? */
  isDone(): bool {
    point(changetype<usize>(this));
    return this.done != 0;
  }

  /** Back to "not yet". */
  reinit(): void {
    point(changetype<usize>(this));
    this.done = 0;
  }
}
