// POS, partial order sampling (Yuan, Yang, Gu; CAV'18): each pending event has a random priority and the highest is executed; the executing
// task's next event and every pending event that does not commute with the executed one draw anew, or priorities would propagate along
// chains. Differs from Fray and RFF: blocked tasks draw anew as well.
import { head } from '../executor/state';
import { conflict, isCrowded, pendingOf } from './pending-events';
import { random } from './random-source';

/** A new task's event. */
export function newTaskPos(t: i32): void {
  pendingOf(t).priority = random();
}

export function choosePos(): i32 {
  return highest(head.readyLow, head.readyHigh);
}

/**
 * The task whose event has the highest priority, of a set that is not empty; of two equal ones the lower task. Nobody can guess which is
 * higher: a maximum, not a branch.
 */
export function highest(low: u64, high: u64): i32 {
  let best: u64 = 0;
  for (; low; low &= low - 1) best = max(best, rankOf(<i32>ctz(low)));
  for (; high; high &= high - 1) best = max(best, rankOf(64 + <i32>ctz(high)));
  return taskOf(best);
}

/** Priority and task in one number, the greatest of which wins; `taskOf` is what tells the task. */
export function rankOf(t: i32): u64 {
  return (<u64>pendingOf(t).priority << 7) | <u64>(127 - t);
}
export function taskOf(rank: u64): i32 {
  return 127 - (<i32>rank & 127);
}

/** Task t executes its pending event. */
export function executedPos(t: i32): void {
  const e = pendingOf(t);
  e.priority = random();
  if (!e.address || (!CHECK && !isCrowded(e.address))) return;
  for (let low = head.existLow; low; low &= low - 1) drawAnew(<i32>ctz(low), t);
  for (let high = head.existHigh; high; high &= high - 1) drawAnew(64 + <i32>ctz(high), t);
}

function drawAnew(u: i32, t: i32): void {
  if (u == t) return;
  const p = pendingOf(u);
  if (!conflict(p, pendingOf(t))) return;
  if (CHECK && !isCrowded(p.address)) unreachable();
  p.priority = random();
}
