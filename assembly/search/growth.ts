// How much a task can allocate and lose at most. What nobody can get at is no part of a state of objects without addresses (addresses.ts), so a
// task that loses objects again and again could go round a circle of states for ever, where in truth its arena becomes full. What it has lost
// is part of the state, therefore, if it can come again to a place that allocates, and if states repeat at all: a search by one thread meets
// each circle at a state that is on its path. So it is from the first arena on that is half full.
import { ARENA_SIZE, ARENAS, TASKS_MAX } from '../executor/layout';
import { task } from '../executor/state';
import { addressMatters, isAnonymous } from './addresses';
import { roleOf } from './equal-events';
import { canComeBack } from './independence';
import { GROWTH, learned, learnt, locationAt } from './locations';

/** For each role 1: it can come again to a place that allocates, or its places allocate more than an arena holds. */
const grows = memory.data(128);
const sums = memory.data(512);
let anyGrows: bool = false;

/** Before a pass. */
export function startGrowth(): void {
  memory.fill(grows, 0, TASKS_MAX);
  memory.fill(sums, 0, 512);
  anyGrows = false;
  for (let i = 1; i <= learned.locations; i++) {
    const location = locationAt(i);
    const units = location.flags >>> GROWTH;
    if (!units) continue;
    const role: usize = location.key >>> 24;
    const sum = load<u32>(sums + (role << 2)) + (<u32>units << 3);
    store<u32>(sums + (role << 2), sum);
    if (sum <= <u32>ARENA_SIZE && !canComeBack(i)) continue;
    store<u8>(grows + role, 1);
    anyGrows = true;
  }
}
/** What the task has lost is part of the state. */
export function countsLost(t: i32): bool {
  return learned.loops != 0 && load<u8>(grows + roleOf(t)) != 0;
}

/** Task t has come to the end of a step. */
export function noteGrowth(t: i32): void {
  const r = task(t);
  const units = <i32>((r.brk - r.brkBefore) >> 3);
  if (!units || !isAnonymous()) return;
  r.brkBefore = r.brk;
  if (!r.location) addressMatters();
  if (r.brk - (ARENAS + <usize>t * ARENA_SIZE) > ARENA_SIZE / 2) countGrowth();
  const location = locationAt(r.location);
  if (units <= location.flags >>> GROWTH) return;
  location.flags = (location.flags & ((1 << GROWTH) - 1)) | (units << GROWTH);
  learnt();
}

/** From now on. Answers whether that changes keys of this pass. */
export function countGrowth(): bool {
  if (learned.loops) return false;
  learned.loops = 1;
  if (!isAnonymous() || !anyGrows) return false;
  learnt();
  return true;
}

/** Whether tasks can come again to places that allocate, so that it matters if states can repeat. */
export function watchesLoops(): bool {
  return anyGrows && !learned.loops;
}
