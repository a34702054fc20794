// The tasks that the kit starts. They lie beside the kit's folder because the functions in there have no sites of their own: they report
// their caller's, and a task that the kit starts has no caller.
import { DelayedWork } from './heddle/delayed-work';
import { Irq } from './heddle/irq';
import { Rcu, RcuHead } from './heddle/rcu';
import { Timer } from './heddle/timer';
import { WorkQueue } from './heddle/work-queue';

/** Runs a work queue's items. */
export function work(queue: WorkQueue): void {
  while (true) {
    const next = queue.take();
    if (!next) break;
    next.run();
    queue.finish();
  }
}

/** Lets an armed timer happen. */
export function elapse(timer: Timer): void {
  while (timer.expire()) {
    timer.run();
    if (!timer.finish()) break;
  }
}

/** Lets the delay of a work end. */
export function endDelay(work: DelayedWork): void {
  work.expire();
}

/** Runs the handler of an interrupt line. */
export function handleInterrupt(line: Irq): void {
  while (line.begin()) {
    line.run();
    if (!line.end()) break;
  }
}

/** Runs a callback of RCU. It may free the object that it belongs to. */
export function afterGracePeriod(head: RcuHead): void {
  const domain = changetype<Rcu>(head.domain);
  domain.takeBack(head);
  head.run();
  domain.finish();
}
