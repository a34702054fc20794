// Tasks that wait for a condition. waitUntil() cannot lose a wake-up: a task gets in line before it tests the condition, and a wake-up
// between the test and the sleep takes it off the line. sleep() is the bare sleep that can lose one.
import { at, block, block_timed, call_site, might_sleep, point, self, wake, wake_task } from './abi/heddle';
import { EVERYONE } from './kinds';

/** As many as there can be tasks. */
const LINE_MAX: usize = 128;

@final
export class WaitQueue {
  // The line, longest waiting first: one byte a task, its slot + 1, and 0 behind the last. Who stands in it sleeps or is about to; whoever
  // wakes a task takes it off. It lies in the object, so that it is part of the state.
  private line0: u64 = 0;
  private line1: u64 = 0;
  private line2: u64 = 0;
  private line3: u64 = 0;
  private line4: u64 = 0;
  private line5: u64 = 0;
  private line6: u64 = 0;
  private line7: u64 = 0;
  private line8: u64 = 0;
  private line9: u64 = 0;
  private line10: u64 = 0;
  private line11: u64 = 0;
  private line12: u64 = 0;
  private line13: u64 = 0;
  private line14: u64 = 0;
  private line15: u64 = 0;

  /** Sleeps until the condition holds. It is tested at the start and after each wake-up; its accesses are scheduling points. */
  waitUntil(condition: () => bool): void {
    const p = changetype<usize>(this);
    const call = call_site();
    might_sleep();
    point(p);
    while (true) {
      this.enter();
      const holds = condition();
      at(call); // the condition may have called the kit
      if (holds) break;
      if (this.stands()) block(p);
    }
    this.leave();
  }

  /** The same for a condition with an argument. */
  waitUntilWith<T>(condition: (argument: T) => bool, argument: T): void {
    const p = changetype<usize>(this);
    const call = call_site();
    might_sleep();
    point(p);
    while (true) {
      this.enter();
      const holds = condition(argument);
      at(call);
      if (holds) break;
      if (this.stands()) block(p);
    }
    this.leave();
  }

  /** Sleeps until the condition holds or the time is over; answers whether it holds, tested once more when the time is over. */
  waitTimeout(condition: () => bool): bool {
    const p = changetype<usize>(this);
    const call = call_site();
    might_sleep();
    point(p);
    while (true) {
      this.enter();
      const holds = condition();
      at(call); // the condition may have called the kit
      if (holds) break;
      if (this.stands() && !block_timed(p)) {
        this.leave();
        return condition();
      }
    }
    this.leave();
    return true;
  }

  /** The same for a condition with an argument. */
  waitTimeoutWith<T>(condition: (argument: T) => bool, argument: T): bool {
    const p = changetype<usize>(this);
    const call = call_site();
    might_sleep();
    point(p);
    while (true) {
      this.enter();
      const holds = condition(argument);
      at(call);
      if (holds) break;
      if (this.stands() && !block_timed(p)) {
        this.leave();
        return condition(argument);
      }
    }
    this.leave();
    return true;
  }

  /** Sleeps until the next wake-up or until the time is over; answers whether it was woken. */
  sleepTimeout(): bool {
    const p = changetype<usize>(this);
    might_sleep();
    point(p);
    this.enter();
    if (block_timed(p)) return true;
    this.leave();
    return false;
  }

  /** Sleeps until the next wake-up; one that came before is lost. */
  sleep(): void {
    const p = changetype<usize>(this);
    might_sleep();
    point(p);
    this.enter();
    block(p);
  }

  /** Wakes the task that waits longest, whether it sleeps or is about to. */
  wakeOne(): void {
    const p = changetype<usize>(this);
    point(p);
    const first = <i32>load<u8>(p);
    if (first == 0) {
      wake(p, 1); // nobody: the oracles are told
      return;
    }
    this.remove(0);
    wake_task(p, first - 1);
  }

  /** Wakes every task that sleeps or is about to. */
  wakeAll(): void {
    const p = changetype<usize>(this);
    point(p);
    for (let i: usize = 0; i < LINE_MAX && load<u8>(p + i) != 0; i++) store<u8>(p + i, 0);
    wake(p, EVERYONE);
  }

  /** Where the task with this byte stands in line, or else where the line ends. */
  private placeOf(task: u8): usize {
    const p = changetype<usize>(this);
    let i: usize = 0;
    while (load<u8>(p + i) != 0 && load<u8>(p + i) != task) i++;
    return i;
  }

  /** The current task gets in line, unless it stands there. While the model boots there is no task: its byte is 0. */
  private enter(): void {
    const me = <u8>(self() + 1);
    store<u8>(changetype<usize>(this) + this.placeOf(me), me);
  }

  /** Has nobody woken the current task since it got in line? */
  private stands(): bool {
    const me = <u8>(self() + 1);
    return load<u8>(changetype<usize>(this) + this.placeOf(me)) == me;
  }

  /** The current task does not wait any more. */
  private leave(): void {
    this.remove(this.placeOf(<u8>(self() + 1)));
  }

  /** Those behind the place close up. */
  private remove(place: usize): void {
    const p = changetype<usize>(this);
    let i = place;
    for (; i < LINE_MAX - 1 && load<u8>(p + i) != 0; i++) store<u8>(p + i, load<u8>(p + i + 1));
    if (i == LINE_MAX - 1) store<u8>(p + i, 0);
  }
}
