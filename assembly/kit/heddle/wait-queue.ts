// Tasks that wait for a condition. waitUntil() cannot lose a wake-up: a task announces itself before it tests the condition, and a
// wake-up between the test and the sleep takes the announcement back. sleep() is the bare sleep that can lose one.
import { at, block, block_timed, call_site, might_sleep, point, self, wake } from './abi/heddle';
import { EVERYONE } from './kinds';

@final
export class WaitQueue {
  // One bit a slot: the task tests its condition and is about to sleep.
  private announcedLow: u64 = 0;
  private announcedHigh: u64 = 0;

  /** Sleeps until the condition holds. It is tested at the start and after each wake-up; its accesses are scheduling points. */
  waitUntil(condition: () => bool): void {
    const p = changetype<usize>(this);
    const call = call_site();
    might_sleep();
    point(p);
    while (true) {
      this.announce();
      const holds = condition();
      at(call); // the condition may have called the kit
      if (holds) break;
      if (this.withdraw()) block(p);
    }
    this.withdraw();
  }

  /** The same for a condition with an argument. */
  waitUntilWith<T>(condition: (argument: T) => bool, argument: T): void {
    const p = changetype<usize>(this);
    const call = call_site();
    might_sleep();
    point(p);
    while (true) {
      this.announce();
      const holds = condition(argument);
      at(call);
      if (holds) break;
      if (this.withdraw()) block(p);
    }
    this.withdraw();
  }

  /** Sleeps until the condition holds or the time is over; answers whether it holds, tested once more when the time is over. */
  waitTimeout(condition: () => bool): bool {
    const p = changetype<usize>(this);
    const call = call_site();
    might_sleep();
    point(p);
    while (true) {
      this.announce();
      const holds = condition();
      at(call); // the condition may have called the kit
      if (holds) break;
      if (this.withdraw() && !block_timed(p)) return condition();
    }
    this.withdraw();
    return true;
  }

  /** The same for a condition with an argument. */
  waitTimeoutWith<T>(condition: (argument: T) => bool, argument: T): bool {
    const p = changetype<usize>(this);
    const call = call_site();
    might_sleep();
    point(p);
    while (true) {
      this.announce();
      const holds = condition(argument);
      at(call);
      if (holds) break;
      if (this.withdraw() && !block_timed(p)) return condition(argument);
    }
    this.withdraw();
    return true;
  }

  /** Sleeps until the next wake-up or until the time is over; answers whether it was woken. */
  sleepTimeout(): bool {
    const p = changetype<usize>(this);
    might_sleep();
    point(p);
    return block_timed(p);
  }

  /** Sleeps until the next wake-up; one that came before is lost. */
  sleep(): void {
    const p = changetype<usize>(this);
    might_sleep();
    point(p);
    block(p);
  }

  /** Wakes the task that sleeps longest; if none sleeps, one that is about to (the lowest slot). */
  wakeOne(): void {
    const p = changetype<usize>(this);
    point(p);
    if (wake(p, 1) != 0) return;
    if (this.announcedLow != 0) this.announcedLow &= this.announcedLow - 1;
    else this.announcedHigh &= this.announcedHigh - 1;
  }

  /** Wakes every task that sleeps or is about to. */
  wakeAll(): void {
    const p = changetype<usize>(this);
    point(p);
    this.announcedLow = 0;
    this.announcedHigh = 0;
    wake(p, EVERYONE);
  }

  private announce(): void {
    const slot = self();
    if (slot < 64) this.announcedLow |= (<u64>1) << slot;
    else this.announcedHigh |= (<u64>1) << (slot - 64);
  }

  /** Answers whether the announcement still stood. */
  private withdraw(): bool {
    const slot = self();
    if (slot < 64) {
      const bit = (<u64>1) << slot;
      const stood = (this.announcedLow & bit) != 0;
      this.announcedLow &= ~bit;
      return stood;
    }
    const bit = (<u64>1) << (slot - 64);
    const stood = (this.announcedHigh & bit) != 0;
    this.announcedHigh &= ~bit;
    return stood;
  }
}
