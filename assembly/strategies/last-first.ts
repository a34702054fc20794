// The default scheduler's opposite: never preempts, but begins with the last task and goes on with the last one that can run. One schedule,
// which no other strategy draws often when there are many tasks.
import { POINT, YIELD } from '../executor/scheduler';
import { head, isReady } from '../executor/state';
import { isStart } from './pending-events';

/** The first task gives way at its first step, as the start is no decision that a schedule can tell. */
export function chooseLastFirst(me: i32, reason: i32, byDefault: i32): i32 {
  if (reason == POINT && isReady(me) && !isStart()) return byDefault;
  if (reason == YIELD) return byDefault; // who polls would never let those before it run
  return head.readyHigh ? 127 - <i32>clz(head.readyHigh) : 63 - <i32>clz(head.readyLow);
}
