// Work that is queued later: from the moment it is scheduled, the schedule may let its delay end at any time.
import { might_sleep, point, start, wake } from './abi/heddle';
import { endDelay } from '../heddle-worker';
import { EVERYONE } from './kinds';
import { Work, WorkQueue } from './work-queue';

export class DelayedWork extends Work {
  private waits: bool = false;
  /** A task for its delay exists: one that finds it cancelled does nothing. */
  private hasTask: bool = false;

  constructor(
    private queue: WorkQueue,
    task: (() => void) | null = null,
  ) {
    super(task);
  }

  /** Starts its delay; false if it waits or is queued already. Starts a task for the delay if there is none (a second scheduling point). */
  schedule(): bool {
    point(changetype<usize>(this.queue));
    if (this.waits || this.owner || this.cancellers) return false;
    this.wait();
    return true;
  }

  /** Starts its delay anew, also if it is queued; answers whether it waited or was queued. */
  modify(): bool {
    point(changetype<usize>(this.queue));
    const was = this.takeBack();
    if (!this.cancellers) this.wait();
    return was;
  }

  /** Neither waits nor is queued afterwards; answers whether it was. If it runs, it goes on running. */
  cancel(): bool {
    point(changetype<usize>(this.queue));
    return this.takeBack();
  }

  /** The same, and sleeps until it does not run; meanwhile it cannot be scheduled, not even by itself. */
  cancelSync(): bool {
    might_sleep();
    point(changetype<usize>(this.queue));
    const was = this.takeBack();
    this.queue.awaitEnd(this);
    return was;
  }

  /** Ends its delay at once, and sleeps until it is done that is queued now, or else runs; not for what is scheduled meanwhile. */
  flush(): void {
    might_sleep();
    point(changetype<usize>(this.queue));
    if (this.waits) {
      this.waits = false;
      this.queue.enqueue(this);
    }
    this.queue.awaitRun(this);
  }

  /** Does it wait, or is it queued? */
  isPending(): bool {
    point(changetype<usize>(this.queue));
    return this.waits || this.owner != null;
  }

  /** For the task of the delay: it is over. */
  expire(): void {
    point(changetype<usize>(this.queue));
    this.hasTask = false;
    if (!this.waits) return;
    this.waits = false;
    this.queue.enqueue(this);
  }

  private wait(): void {
    this.waits = true;
    if (this.hasTask) return;
    this.hasTask = true;
    const run: (work: DelayedWork) => void = endDelay;
    start(changetype<usize>(run), changetype<usize>(this), 1);
  }

  private takeBack(): bool {
    const was = this.waits || this.owner != null;
    this.waits = false;
    if (this.owner) {
      this.queue.dequeue(this);
      wake(changetype<usize>(this.queue), EVERYONE);
    }
    return was;
  }
}
