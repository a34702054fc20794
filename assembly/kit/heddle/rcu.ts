// Read-copy-update: readers never wait; who removed something waits until every reader that may have seen it has left. One object is one
// domain, and a model needs one. A grace period waits for exactly those read-side sections that had begun when it did.
import { atomic_enter, atomic_exit, block, might_sleep, point, release, report, start, wake } from './abi/heddle';
import { ReadSide } from './grace-period';
import { afterGracePeriod } from '../heddle-worker';
import { EVERYONE, INVALID_ACCESS } from './kinds';

/** Something to do after a grace period; an object that extends it is freed then, unless it overrides run(). */
export class RcuHead {
  domain: Rcu | null = null;

  constructor(private callback: (() => void) | null = null) {}

  /** Called in a task of its own, which may not sleep. It may free this object. */
  run(): void {
    const callback = this.callback;
    if (callback) callback();
    else release(changetype<usize>(this));
  }
}

@final
export class Rcu extends ReadSide {
  private callbacks: i32 = 0;

  /** Begins a read-side section; they nest. The task may not sleep in it. */
  readLock(): void {
    point(changetype<usize>(this));
    atomic_enter();
    this.enter();
  }

  readUnlock(): void {
    point(changetype<usize>(this));
    if (this.leave()) atomic_exit();
  }

  /** Sleeps until every read-side section that had begun is left. */
  synchronize(): void {
    might_sleep();
    point(changetype<usize>(this));
    this.waitForReaders();
  }

  /** Runs `head` after a grace period, in a task of its own; does not sleep. A finding if it is waiting for one already. */
  callRcu(head: RcuHead): void {
    const run: (head: RcuHead) => void = afterGracePeriod;
    start(changetype<usize>(run), changetype<usize>(head), 1);
    if (head.domain) report(INVALID_ACCESS, changetype<usize>(head));
    head.domain = this;
    this.callbacks += 1;
  }

  /** Sleeps until no callback is left to run. */
  barrier(): void {
    const p = changetype<usize>(this);
    might_sleep();
    point(p);
    while (this.callbacks != 0) block(p);
  }

  /** For the callback's task: until its grace period is over. */
  takeBack(head: RcuHead): void {
    point(changetype<usize>(this));
    this.waitForReaders();
    head.domain = null;
    atomic_enter();
  }

  /** For the callback's task: it is done. Nobody but barrier() can tell, so it needs no point. */
  finish(): void {
    atomic_exit();
    this.callbacks -= 1;
    if (this.callbacks == 0) wake(changetype<usize>(this), EVERYONE);
  }
}
