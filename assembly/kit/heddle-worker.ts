// The task that runs a work queue's items. It lies beside the kit's folder because the functions in there have no sites of their own:
// they report their caller's, and a task that the kit starts has no caller.
import { WorkQueue } from './heddle/work-queue';

export function work(queue: WorkQueue): void {
  while (true) {
    const next = queue.take();
    if (!next) break;
    next.run();
    queue.finish();
  }
}
