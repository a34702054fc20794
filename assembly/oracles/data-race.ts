// Data races, after FastTrack (Flanagan and Freund, PLDI'09): two accesses of different tasks to one 4-byte cell, at least one of them a
// write, neither marked, and nothing orders them. The last write is an epoch; reads are one until several tasks read. Differs from the
// paper: a cell that raced goes on as if it had not, and each pair of sites counts once; a free is a write to the whole object.
import { TASKS_MAX } from '../executor/layout';
import { head } from '../executor/state';
import { DATA_RACE, reportPair } from './finding';
import { ACQUIRES, FULL_CLOCKS, inTask, MARKED, RELEASES, siteFlags, words } from './memory';
import {
  acquireLoad, Cell, cellAt, clearVector, known, newVector, now, plainStore, releaseStore, SITE_BITS, SITE_MASK,
} from './vector-clock';

/** Whether an access of task t, written as clock and site, is ordered before what the running task does now. */
function isOrdered(access: u32, t: i32): bool {
  return t == head.current || access >> SITE_BITS <= known(t) >> SITE_BITS;
}

function race(a: usize, site: i32, other: u32, otherTask: i32): void {
  reportPair(DATA_RACE, site, a, <i32>(other & SITE_MASK), otherTask);
}

function checkWrite(cell: Cell, a: usize, site: i32): void {
  if (cell.write && !isOrdered(cell.write, cell.writer)) race(a, site, cell.write, cell.writer);
}

function checkReads(cell: Cell, a: usize, site: i32): void {
  if (!cell.readers) {
    if (cell.read && !isOrdered(cell.read, cell.reader)) race(a, site, cell.read, cell.reader);
    return;
  }
  for (let t = 0; t < TASKS_MAX; t++) {
    const read = load<u32>(cell.readers + (<usize>t << 2));
    if (read && !isOrdered(read, t)) race(a, site, read, t);
  }
}

function noteRead(cell: Cell, access: u32): void {
  const me = head.current;
  if (!cell.readers && cell.read && !isOrdered(cell.read, cell.reader)) {
    cell.readers = newVector();
    if (cell.readers) store<u32>(cell.readers + (<usize>cell.reader << 2), cell.read);
  }
  if (cell.readers) store<u32>(cell.readers + (<usize>me << 2), access);
  else {
    cell.read = access;
    cell.reader = me;
  }
}

/** A load by model code of the cell that holds `a`. */
export function raceLoad(a: usize, site: i32): void {
  if (!inTask() || words.full & FULL_CLOCKS) return;
  const flags = siteFlags(site);
  const cell = cellAt(a & ~3);
  if (!cell) return;
  if (flags & ACQUIRES) acquireLoad(cell);
  if (flags & MARKED) return;
  checkWrite(cell, a, site);
  noteRead(cell, now() | site);
}

/** A store by model code. `isPrivate`: no other task can reach the object yet, so that nothing can race with it now. */
export function raceStore(a: usize, site: i32, isPrivate: bool): void {
  if (!inTask() || words.full & FULL_CLOCKS) return;
  const flags = siteFlags(site);
  const cell = cellAt(a & ~3);
  if (!cell) return;
  if (!(flags & MARKED)) {
    if (!isPrivate) {
      checkWrite(cell, a, site);
      checkReads(cell, a, site);
    }
    cell.write = now() | site;
    cell.writer = head.current;
    cell.read = 0;
    if (cell.readers) clearVector(cell.readers);
  }
  if (flags & RELEASES) releaseStore(cell);
  else plainStore(cell);
}

/** The object is freed: nobody may be at it. Only what was accessed can race. */
export function raceFree(from: usize, to: usize, site: i32): void {
  for (let a = from; a < to; a += 4) raceStore(a, site, false);
}
