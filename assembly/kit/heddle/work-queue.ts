// Work that runs later, in a task of its own. A queue is ordered: one worker task at a time runs its items in the order in which they
// were queued. The worker is started when there is work and ends when there is none.
import { block, might_sleep, point, start, wake } from './abi/heddle';
import { EVERYONE } from './kinds';
import { work } from '../heddle-worker';
import { Links, ListNode } from './list';

/**
 * Something to do. While it is queued it cannot be queued again; from the moment it starts to run, it can. A function that queues its own
 * work again cannot be named in the constant that holds the work (the compiler says TS2448): extend Work and override run() instead.
 */
export class Work extends ListNode {
  /** For the kit: tasks in cancelSync(). Until they are done it cannot be queued, not even by itself. */
  cancellers: i32 = 0;
  /** For the kit: tasks in flush() that wait for the time that it is queued for now. They sleep at the item. */
  flushers: i32 = 0;

  constructor(private task: (() => void) | null = null) {
    super();
  }

  /** Called by the worker. */
  run(): void {
    const task = this.task;
    if (task) task();
  }
}

/** Work with an argument. */
export class WorkWith<T> extends Work {
  constructor(
    private taskWith: (argument: T) => void,
    private argument: T,
  ) {
    super();
  }

  override run(): void {
    this.taskWith(this.argument);
  }
}

@final
export class WorkQueue {
  private items: Links = new Links();
  /** For the kit. */
  running: Work | null = null;
  private hasWorker: bool = false;
  /** Tasks in flush() of the item that runs, waiting for this run of it: the item itself may be freed by it. */
  private flushers: i32 = 0;

  /** Queues an item; false if it is queued already or being cancelled. Starts a worker if there is none (a second scheduling point). */
  queueWork(item: Work): bool {
    const p = changetype<usize>(this);
    point(p);
    if (item.owner || item.cancellers) return false;
    this.enqueue(item);
    return true;
  }

  /** For the kit: puts it at the end; no point but that of starting the worker. */
  enqueue(item: Work): void {
    this.items.link(item, this.items.lastNode, null);
    if (this.hasWorker) return;
    this.hasWorker = true;
    const run: (queue: WorkQueue) => void = work;
    start(changetype<usize>(run), changetype<usize>(this), 1);
  }

  /** For the kit: takes it off; no point. */
  dequeue(item: Work): void {
    this.items.unlink(item);
    const n = item.flushers;
    if (n == 0) return;
    // They wait for the run before, or for none.
    item.flushers = 0;
    if (this.running == item) this.flushers += n;
    else wake(changetype<usize>(item), n);
  }

  /** Takes an item off the queue; false if it was not queued. An item that runs goes on running. */
  cancel(item: Work): bool {
    point(changetype<usize>(this));
    if (!item.owner) return false;
    this.dequeue(item);
    wake(changetype<usize>(this), EVERYONE);
    return true;
  }

  /** Sleeps until the item is done that is queued now, or else runs. What queues it again meanwhile is not waited for. */
  flush(item: Work): void {
    might_sleep();
    point(changetype<usize>(this));
    this.awaitRun(item);
  }

  /** cancel(), and sleeps until the item does not run; meanwhile it cannot be queued: afterwards it is neither queued nor running. */
  cancelSync(item: Work): bool {
    const p = changetype<usize>(this);
    might_sleep();
    point(p);
    const queued = item.owner != null;
    if (queued) this.dequeue(item);
    wake(p, EVERYONE);
    this.awaitEnd(item);
    return queued;
  }

  /** Sleeps until nothing is queued and nothing runs. */
  drain(): void {
    const p = changetype<usize>(this);
    might_sleep();
    point(p);
    while (this.hasWorker) block(p);
  }

  /** For the worker: the next item, or null when the worker is to end. */
  take(): Work | null {
    const p = changetype<usize>(this);
    point(p);
    const item = changetype<Work | null>(this.items.firstNode);
    this.running = item;
    if (item) {
      this.items.unlink(item);
      this.flushers = item.flushers;
      item.flushers = 0;
    } else {
      this.hasWorker = false;
      wake(p, EVERYONE);
    }
    return item;
  }

  /** For the worker: the item that ran is done. */
  finish(): void {
    const p = changetype<usize>(this);
    point(p);
    const item = changetype<usize>(this.running);
    this.running = null;
    wake(p, EVERYONE);
    const n = this.flushers;
    this.flushers = 0;
    if (n != 0) wake(item, n); // those that came before it was queued again have waited longest
  }

  /** For the kit: flush() after its point. */
  awaitRun(item: Work): void {
    if (item.owner) item.flushers += 1;
    else if (this.running == item) this.flushers += 1;
    else return;
    block(changetype<usize>(item));
  }

  /** For the kit: sleeps until the item does not run, and keeps it from being queued until then; no point. */
  awaitEnd(item: Work): void {
    item.cancellers += 1;
    while (this.running == item) block(changetype<usize>(this));
    item.cancellers -= 1;
  }
}
