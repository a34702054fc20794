// A task at the point before a lock that another holds, and one that waits for that lock, are in one state: both go on once the lock is free and
// they are chosen, and do the same then. Starting to wait changes nothing that anybody can see, so it goes alone, and the two have one key. Not
// where the lock can be freed: then the point reads what is freed, and who waits goes on waiting. Nor where it matters who can be
// interrupted, what a preemption is, or which edges lead from a state to a state.
import { AT_LOCK, DONE, IN_BLOCK, Task } from '../executor/state';
import { isLasting, learned } from './locations';
import { LOCKS } from './pending';

/** How a task that waits for a lock is marked. */
export const WAITS: i32 = AT_LOCK | IN_BLOCK;

let merges: bool = false;

/** Before a pass. `on`: the search has neither a bound on preemptions nor keeps edges. */
export function startLockWaits(on: bool): void {
  merges = on && !learned.entangled;
}

/** The task stands at the point before a lock, which counts as waiting for it. */
export function standsAtLock(r: Task): bool {
  return merges && r.pending == LOCKS && !(r.flags & (DONE | WAITS)) && isLasting(r.pendingAddress);
}

/** Task t's next step is to wait. */
export function beginsToWait(t: i32, r: Task): bool {
  if (!standsAtLock(r)) return false;
  const owner = load<i32>(r.pendingAddress);
  return owner != 0 && owner != t + 1;
}
