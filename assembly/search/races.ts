// Data races in a search: two tasks stand at accesses to one cell, at least one of them a store, neither marked, and either can go first. As
// every state is visited, this finds each pair that some schedule brings together; where all unmarked accesses are ordered by locks, wake-ups
// and marked acquires and releases, there is none exactly if there is no race by happens-before. The release of an object is a store to all
// of it.
import { OBJECT_SIZE, TASKS_MAX } from '../executor/layout';
import { DATA_RACE, objectAt, reportPair } from '../oracles/finding';
import { MARKED, siteFlags } from '../oracles/memory';
import { DONE, exists, head, isReady, Task, task } from '../executor/state';
import { FREES, LOADS, LOADS_MORE, STORES, STORES_MORE } from './pending';

function accesses(t: i32): bool {
  if (!exists(t) || !isReady(t)) return false;
  const r = task(t);
  if (r.flags & DONE) return false;
  return r.pending == FREES || ((r.pending == LOADS || r.pending == LOADS_MORE || writes(r)) && !(siteFlags(r.site) & MARKED));
}

function writes(r: Task): bool {
  return r.pending == STORES || r.pending == STORES_MORE || r.pending == FREES;
}

/** Bytes from `pendingAddress` on. */
function bytesOf(r: Task): usize {
  if (r.pending != FREES) return r.pendingBytes;
  const object = r.pendingAddress;
  return objectAt(object) == object ? <usize>load<u32>(object - OBJECT_SIZE) : 0;
}

/** Do two ranges of bytes have a cell in common? */
function overlap(a: usize, n: usize, b: usize, m: usize): bool {
  return n && m ? a >> 2 <= (b + m - 1) >> 2 && b >> 2 <= (a + n - 1) >> 2 : false;
}

/** What x writes y reads or writes. */
function hits(x: Task, y: Task): bool {
  if (!writes(x)) return false;
  const n = bytesOf(x);
  return overlap(x.pendingAddress, n, y.pendingAddress, bytesOf(y)) || (y.pendingFrom ? overlap(x.pendingAddress, n, y.pendingFrom, y.pendingBytes) : false);
}

function meet(a: i32, b: i32): bool {
  return hits(task(a), task(b)) || hits(task(b), task(a));
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
