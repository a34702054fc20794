// A counter of permits. A permit that is given back goes to the task that waits longest, so nobody overtakes it.
import { block, block_timed, might_sleep, point, wake } from './abi/heddle';

@final
export class Semaphore {
  private permits: i32;

  constructor(permits: i32 = 1) {
    this.permits = permits;
  }

  /** Takes a permit; sleeps while there is none. */
  down(): void {
    const p = changetype<usize>(this);
    might_sleep();
    point(p);
    if (this.permits > 0) this.permits -= 1;
    else block(p);
  }

  /** Takes a permit if there is one. */
  tryDown(): bool {
    point(changetype<usize>(this));
    if (this.permits <= 0) return false;
    this.permits -= 1;
    return true;
  }

  /** Takes a permit; false if the time was over before there was one. */
  downTimeout(): bool {
    const p = changetype<usize>(this);
    might_sleep();
    point(p);
    if (this.permits <= 0) return block_timed(p);
    this.permits -= 1;
    return true;
  }

  /** Gives a permit back, from any task. */
  up(): void {
    const p = changetype<usize>(this);
    point(p);
    if (wake(p, 1) == 0) this.permits += 1;
  }
}
