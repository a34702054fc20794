// POS, partial order sampling (Yuan, Yang, Gu; CAV'18): each pending event has a random priority and the highest is executed; the executing
// task's next event and every pending event that does not commute with the executed one draw anew, or priorities would propagate along
// chains. Differs from Fray and RFF: blocked tasks draw anew as well.
import { head } from '../executor/state';
import { conflict, pendingOf } from './pending-events';
import { random } from './random-source';

export function newTaskPos(t: i32): void {
  pendingOf(t).priority = random();
}

export function choosePos(): i32 {
  let best = -1;
  for (let low = head.readyLow; low; low &= low - 1) {
    const t = <i32>ctz(low);
    if (best < 0 || pendingOf(t).priority > pendingOf(best).priority) best = t;
  }
  for (let high = head.readyHigh; high; high &= high - 1) {
    const t = 64 + <i32>ctz(high);
    if (best < 0 || pendingOf(t).priority > pendingOf(best).priority) best = t;
  }
  return best;
}

/** Task t executes its pending event. */
export function executedPos(t: i32): void {
  const e = pendingOf(t);
  e.priority = random();
  if (!e.address) return;
  for (let low = head.existLow; low; low &= low - 1) drawAnew(<i32>ctz(low), t);
  for (let high = head.existHigh; high; high &= high - 1) drawAnew(64 + <i32>ctz(high), t);
}

function drawAnew(u: i32, t: i32): void {
  if (u == t) return;
  const p = pendingOf(u);
  if (conflict(p, pendingOf(t))) p.priority = random();
}
