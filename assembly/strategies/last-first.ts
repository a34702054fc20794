// The default scheduler's opposite: never preempts, but begins with the last task and goes on with the last one that can run. One schedule,
// which no other strategy draws often when there are many tasks.
import { POINT, YIELD } from '../executor/scheduler';
import { head, isReady } from '../executor/state';
import { NEVER } from './replay';

function lastReady(): i32 {
  return head.readyHigh ? 127 - <i32>clz(head.readyHigh) : 63 - <i32>clz(head.readyLow);
}

/** The first task gives way at its first step, as the start is no decision that a schedule can tell. */
export function nextLastFirst(base: i32): i32 {
  return !head.total && !base ? base : NEVER;
}

export function decideLastFirst(me: i32, reason: i32, byDefault: i32): i32 {
  if (me < 0) return byDefault;
  if (reason == POINT && isReady(me) && head.total > 1) return byDefault;
  if (reason == YIELD) return byDefault; // who polls would never let those before it run
  return lastReady();
}
