// Something that happens later: from the moment it is armed, the schedule may let it happen at any time. It runs in a task of its own, like
// the kernel's in a soft interrupt: it may not sleep.
import { acquired, atomic_enter, atomic_exit, block, point, released, report, self, start, wake } from './abi/heddle';
import { elapse } from '../heddle-worker';
import { enterInterrupt, leaveInterrupt } from './irq';
import { EVERYONE, SELF_DEADLOCK } from './kinds';

export class Timer {
  private armed: bool = false;
  /** A task for it exists: one that finds it cancelled ends. */
  private hasTask: bool = false;
  private runner: i32 = 0; // slot + 1

  constructor(private handler: (() => void) | null = null) {}

  /** Called when its time has come. */
  run(): void {
    const handler = this.handler;
    if (handler) handler();
  }

  /** Arms it, again if it is armed; answers whether it was. Starts its task if there is none (a second scheduling point). */
  arm(): bool {
    const p = changetype<usize>(this);
    point(p);
    const was = this.armed;
    this.armed = true;
    if (!this.hasTask) {
      this.hasTask = true;
      const run: (timer: Timer) => void = elapse;
      start(changetype<usize>(run), p, 1);
    }
    return was;
  }

  /** Disarms it; answers whether it was armed. A handler that runs goes on running. */
  cancel(): bool {
    point(changetype<usize>(this));
    const was = this.armed;
    this.armed = false;
    return was;
  }

  /** Waits until the handler does not run, and disarms it then, whoever armed it. Not for the handler itself. */
  cancelSync(): bool {
    const p = changetype<usize>(this);
    point(p);
    if (this.runner == self() + 1) report(SELF_DEADLOCK, p);
    while (this.runner != 0) block(p);
    acquired(p, 0); // the order of locks: whoever holds a lock that the handler takes must not wait for the handler
    released(p);
    const was = this.armed;
    this.armed = false;
    return was;
  }

  isArmed(): bool {
    point(changetype<usize>(this));
    return this.armed;
  }

  /** For its task: does the handler run now? */
  expire(): bool {
    const p = changetype<usize>(this);
    point(p);
    if (!this.armed) {
      this.hasTask = false;
      return false;
    }
    this.armed = false;
    this.runner = self() + 1;
    acquired(p, 0);
    atomic_enter();
    enterInterrupt();
    return true;
  }

  /** For its task: the handler is done; is it armed again? */
  finish(): bool {
    const p = changetype<usize>(this);
    point(p);
    leaveInterrupt();
    atomic_exit();
    released(p);
    this.runner = 0;
    wake(p, EVERYONE);
    if (!this.armed) this.hasTask = false;
    return this.armed;
  }
}

/** A timer whose handler has an argument. */
export class TimerWith<T> extends Timer {
  constructor(
    private handlerWith: (argument: T) => void,
    private argument: T,
  ) {
    super();
  }

  override run(): void {
    this.handlerWith(this.argument);
  }
}
