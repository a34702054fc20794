// What POS aims at with parameter 1: a deadlock (DeadlockFuzzer; Joshi, Park, Sen, Naik; PLDI'09). A task is held back where it is about to take
// the lock that would make it part of a cycle, until nobody else can go on: by then, if it can be, the others have come to theirs. Every second
// execution aims at nothing, so that dependencies are learnt which an early deadlock would hide; as long as no cycle is known none does.
import { head } from '../executor/state';
import { AIMED } from './layout';
import { Dependency, drawCycle, drawnDependency, holdsAsIn } from './lock-dependencies';
import { pendingOf } from './pending-events';
import { highest } from './pos';

/** Tasks that stand where they are to be held back. */
let heldLow: u64 = 0;
let heldHigh: u64 = 0;
/** Dependencies at which this execution aims, at most one of each task. */
let aims: i32 = 0;
let everySecond: bool = false;

/** Where it is kept at which dependency task t is to be held back; null: at none. */
function aimOf(t: i32): usize {
  return AIMED + (<usize>t << 2);
}

/** Before an execution. `wanted`: it may aim at a deadlock. */
export function prepareLockCycles(wanted: bool): void {
  if (aims) memory.fill(AIMED, 0, 128 << 2);
  aims = 0;
  heldLow = heldHigh = 0;
  everySecond = !everySecond;
  if (!wanted || !everySecond) return;
  aims = drawCycle();
  for (let i = 0; i < aims; i++) {
    const d = drawnDependency(i);
    store<u32>(aimOf(d.task), <u32>changetype<usize>(d));
  }
}

/** Task t has come to a decision. */
export function arrivedLockCycles(t: i32): void {
  if (!aims) return;
  const d = changetype<Dependency>(<usize>load<u32>(aimOf(t)));
  const isThere = changetype<usize>(d) != 0 && pendingOf(t).address == (d.taken & ~1) && pendingOf(t).site == d.site && holdsAsIn(d, t);
  const bit = <u64>1 << (t & 63);
  if (t < 64) heldLow = isThere ? heldLow | bit : heldLow & ~bit;
  else heldHigh = isThere ? heldHigh | bit : heldHigh & ~bit;
}

/** As POS, of those that are not held back; if there are none, of all that can run. Who polls for one that is lets it run, as everybody does. */
export function chooseLockCycles(): i32 {
  const low = head.readyLow & ~heldLow;
  const high = head.readyHigh & ~heldHigh;
  return low | high ? highest(low, high) : highest(head.readyLow, head.readyHigh);
}
