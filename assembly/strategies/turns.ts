// Turns at what is shared: tasks go on alone as far as nobody else cares, and after each event that may be in another's way the task that has
// done fewest goes on. The opposite of the schedules without preemptions, and as quick to try: most two-step atomicity violations and crossed
// locks show when tasks go through their shared events step by step. Rounds go there and back: who ends one begins the next, so a
// task's neighbouring events stay together at some places and not at others, and nobody is always first.
import { POINT } from '../executor/scheduler';
import { control, head, isReady } from '../executor/state';
import { pendingOf } from './pending-events';
import { anyConflict } from './profile';

/** How many shared events it has executed takes the place of a priority. */
export function newTaskTurns(t: i32): void {
  pendingOf(t).priority = 0;
}

/** Shared events of a turn. */
function turnLength(): u32 {
  return max<u32>(1, <u32>control.parameter);
}

/** Of those that can run the one that has had the fewest turns; of several the lowest, in every second round the highest. */
export function chooseTurns(me: i32, reason: i32): i32 {
  const length = turnLength();
  if (reason == POINT && isReady(me)) {
    const mine = pendingOf(me);
    if (mine.priority % length || !anyConflict(mine, me)) return me;
  }
  let best = -1;
  let round: u32 = 0;
  for (let low = head.readyLow; low; low &= low - 1) {
    const t = <i32>ctz(low);
    const had = pendingOf(t).priority / length;
    if (best < 0 || comesBefore(had, round)) {
      best = t;
      round = had;
    }
  }
  for (let high = head.readyHigh; high; high &= high - 1) {
    const t = 64 + <i32>ctz(high);
    const had = pendingOf(t).priority / length;
    if (best < 0 || comesBefore(had, round)) {
      best = t;
      round = had;
    }
  }
  return best;
}

/** A task that has had so many turns, before a lower one that has had `others`. */
function comesBefore(had: u32, others: u32): bool {
  return had < others || (had == others && (had & 1) != 0);
}

/** Task t executes its pending event. */
export function executedTurns(t: i32): void {
  const p = pendingOf(t);
  if (anyConflict(p, t)) p.priority++;
}
