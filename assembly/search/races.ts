// Data races in a search: two tasks stand at accesses to one cell, at least one of them a store, neither marked, and either can go first. As
// every state is visited, this finds each pair that some schedule brings together; where all unmarked accesses are ordered by locks, wake-ups
// and marked acquires and releases, there is none exactly if there is no race by happens-before. The release of an object is a store to all
// of it. Accesses wider than a cell are not looked at.
import { OBJECT_SIZE, TASKS_MAX } from '../executor/layout';
import { DATA_RACE, objectAt, reportPair } from '../oracles/finding';
import { MARKED, siteFlags } from '../oracles/memory';
import { DONE, exists, head, isReady, task } from '../executor/state';
import { FREES, LOADS, STORES } from './pending';

function accesses(t: i32): bool {
  if (!exists(t) || !isReady(t)) return false;
  const r = task(t);
  if (r.flags & DONE || (r.pending != LOADS && r.pending != STORES && r.pending != FREES)) return false;
  return r.pending == FREES || !(siteFlags(r.site) & MARKED);
}

function meet(a: i32, b: i32): bool {
  const x = task(a);
  const y = task(b);
  if (x.pending == LOADS && y.pending == LOADS) return false;
  if (x.pending == FREES) return isWithin(y.pendingAddress, x.pendingAddress);
  if (y.pending == FREES) return isWithin(x.pendingAddress, y.pendingAddress);
  return x.pendingAddress >> 2 == y.pendingAddress >> 2;
}

function isWithin(a: usize, object: usize): bool {
  return objectAt(object) == object && a - object < <usize>load<u32>(object - OBJECT_SIZE);
}

/** Reports the races of the state that was reached. */
export function checkRaces(): void {
  for (let a = 0; a < TASKS_MAX; a++) {
    if (!accesses(a)) continue;
    for (let b = a + 1; b < TASKS_MAX; b++) {
      if (!accesses(b) || !meet(a, b)) continue;
      const current = head.current;
      head.current = b;
      const y = task(b);
      reportPair(DATA_RACE, y.site, y.pending == FREES ? task(a).pendingAddress : y.pendingAddress, task(a).site, a);
      head.current = current;
    }
  }
}
