// A chain of functions that are told of what happens. The chain's lock is a reader-writer semaphore, held while they run: they may sleep,
// but one that registers or unregisters on the same chain deadlocks.
import { at, call_site, might_sleep, point } from './abi/heddle';
import { Links, ListNode } from './list';
import { RwSem } from './rwsem';

/** A notifier's answers. A chain ends after one that has NOTIFY_STOP_MASK. */
export const NOTIFY_DONE: i32 = 0;
export const NOTIFY_OK: i32 = 1;
export const NOTIFY_STOP_MASK: i32 = 0x8000;
export const NOTIFY_BAD: i32 = 0x8002;
export const NOTIFY_STOP: i32 = 0x8001;

export class Notifier<T> extends ListNode {
  constructor(
    private callback: ((action: i32, data: T) => i32) | null = null,
    public priority: i32 = 0,
  ) {
    super();
  }

  /** Called for each event of the chain. */
  notify(action: i32, data: T): i32 {
    const callback = this.callback;
    return callback ? callback(action, data) : NOTIFY_DONE;
  }
}

@final
export class NotifierChain<T> {
  private sem: RwSem = new RwSem();
  private notifiers: Links = new Links();

  /** Adds a notifier after those of higher or equal priority; sleeps while the chain is called. A finding if it is on a list. */
  register(notifier: Notifier<T>): void {
    this.lock();
    let before = this.notifiers.lastNode;
    while (before && changetype<Notifier<T>>(before).priority < notifier.priority) before = before.previousNode;
    this.notifiers.link(notifier, before, before ? before.nextNode : this.notifiers.firstNode);
    this.sem.leaveWrite();
  }

  /** Takes a notifier off; sleeps while the chain is called. A finding if it is not on this chain. */
  unregister(notifier: Notifier<T>): void {
    this.lock();
    this.notifiers.unlink(notifier);
    this.sem.leaveWrite();
  }

  /** Calls the notifiers in order until one stops the chain; answers what the last one answered. */
  call(action: i32, data: T): i32 {
    const site = call_site();
    this.sem.downRead();
    let answer = NOTIFY_DONE;
    let node = this.notifiers.firstNode;
    while (node) {
      const next = node.nextNode;
      answer = changetype<Notifier<T>>(node).notify(action, data);
      if (answer & NOTIFY_STOP_MASK) break;
      node = next;
    }
    at(site);
    this.sem.upRead();
    return answer;
  }

  private lock(): void {
    might_sleep();
    point(changetype<usize>(this.sem));
    this.sem.enterWrite();
  }
}
