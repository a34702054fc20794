// Turns at what is shared: tasks go on alone as far as nobody else cares, and after each event that may be in another's way the task that has
// done fewest goes on. The opposite of the schedules without preemptions, and as quick to try: most two-step atomicity violations and crossed
// locks show when two tasks go through their shared events step by step.
import { POINT } from '../executor/scheduler';
import { head, isReady } from '../executor/state';
import { pendingOf } from './pending-events';
import { anyConflict } from './profile';

/** How many shared events it has executed takes the place of a priority. */
export function newTaskTurns(t: i32): void {
  pendingOf(t).priority = 0;
}

/** Of those that can run the one with the fewest; of several the lowest. */
export function chooseTurns(me: i32, reason: i32): i32 {
  if (reason == POINT && isReady(me) && !anyConflict(pendingOf(me), me)) return me;
  let best = -1;
  for (let low = head.readyLow; low; low &= low - 1) {
    const t = <i32>ctz(low);
    if (best < 0 || pendingOf(t).priority < pendingOf(best).priority) best = t;
  }
  for (let high = head.readyHigh; high; high &= high - 1) {
    const t = 64 + <i32>ctz(high);
    if (best < 0 || pendingOf(t).priority < pendingOf(best).priority) best = t;
  }
  return best;
}

/** Task t executes its pending event. */
export function executedTurns(t: i32): void {
  const p = pendingOf(t);
  if (anyConflict(p, t)) p.priority++;
}
