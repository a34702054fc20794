// Vector clocks: one a task, one a synchronisation object. A word is clock << 14 | site: the site only tells where a task read (vectors of
// cells); clocks of tasks and objects leave it 0, so that words can be compared as they are.
import { TASKS_MAX } from '../executor/layout';
import { head } from '../executor/state';
import { CELLS, CELLS_SIZE, FULL_CLOCKS, TASK_CLOCKS, VECTORS, VECTORS_MAX, words } from './memory';

export const SITE_BITS: u32 = 14;
export const SITE_MASK: u32 = 0x3fff;
export const TICK: u32 = 1 << SITE_BITS;
/** A task that got so far is not followed any longer. */
const LAST: u32 = 0xffffffff - 2 * TICK;
const BYTES: usize = <usize>TASKS_MAX << 2;

/** A 4-byte cell that was accessed, or a synchronisation object. */
@unmanaged
export class Cell {
  address: usize;
  epoch: i32;
  /** The last write: clock and site, and whose; 0 = none. */
  write: u32;
  writer: i32;
  /** The last read, if `readers` is 0; else a vector with each task's last read. */
  read: u32;
  reader: i32;
  readers: usize;
  /** What an acquire here takes over; 0 = nothing was released. */
  sync: usize;
}

/** The record of a cell in this execution; null if the table is full (an eighth stays empty to end searches). */
export function cellAt(address: usize): Cell | null {
  let i = <i32>((<u32>address >> 2) * 0x9e3779b1) >>> 19;
  while (true) {
    const cell = changetype<Cell>(CELLS + (<usize>i << 5));
    if (cell.epoch != words.epoch) {
      if (words.cells >= CELLS_SIZE - (CELLS_SIZE >> 3)) {
        words.full |= FULL_CLOCKS;
        return null;
      }
      words.cells++;
      cell.address = address;
      cell.epoch = words.epoch;
      cell.write = cell.read = 0;
      cell.readers = cell.sync = 0;
      return cell;
    }
    if (cell.address == address) return cell;
    i = (i + 1) & (CELLS_SIZE - 1);
  }
}

/** An empty vector; 0 if there is none left. */
export function newVector(): usize {
  if (words.vectors == VECTORS_MAX) {
    words.full |= FULL_CLOCKS;
    return 0;
  }
  const v = VECTORS + <usize>(words.vectors++) * BYTES;
  clearVector(v);
  return v;
}
export function clearVector(v: usize): void {
  memory.fill(v, 0, BYTES);
}

export function clockOf(t: i32): usize {
  return TASK_CLOCKS + <usize>t * BYTES;
}
function own(t: i32): usize {
  return clockOf(t) + (<usize>t << 2);
}
/** The running task's own clock. */
export function now(): u32 {
  return load<u32>(own(head.current));
}
/** What the running task knows of task t. */
export function known(t: i32): u32 {
  return load<u32>(clockOf(head.current) + (<usize>t << 2));
}

function join(into: usize, from: usize): void {
  for (let i: usize = 0; i < BYTES; i += 4) {
    const v = load<u32>(from + i);
    if (v > load<u32>(into + i)) store<u32>(into + i, v);
  }
}

/** What the task does next is ordered after nothing that others have taken over from it. */
function tick(t: i32): void {
  const at = own(t);
  if (load<u32>(at) > LAST) words.full |= FULL_CLOCKS;
  else store<u32>(at, load<u32>(at) + TICK);
}

/** A new task knows what its parent knew; parent < 0: an event. */
export function startClock(t: i32, parent: i32): void {
  const clock = clockOf(t);
  clearVector(clock);
  if (parent >= 0) {
    join(clock, clockOf(parent));
    tick(parent);
  }
  store<u32>(own(t), TICK);
}

/** The running task knows what task t knew when it ended. */
export function joinTask(t: i32): void {
  join(clockOf(head.current), clockOf(t));
}

/** The running task takes over what was released at the object. */
export function acquireFrom(object: usize): void {
  const cell = cellAt(object);
  if (cell && cell.sync) join(clockOf(head.current), cell.sync);
}

/** What the running task has done is known to whoever acquires the object from now on. */
export function releaseTo(object: usize): void {
  const cell = cellAt(object);
  if (!cell) return;
  if (!cell.sync) cell.sync = newVector();
  if (!cell.sync) return;
  join(cell.sync, clockOf(head.current));
  tick(head.current);
}

/** The same where the store replaces what was there. */
export function releaseStore(cell: Cell): void {
  if (!cell.sync) cell.sync = newVector();
  if (!cell.sync) return;
  memory.copy(cell.sync, clockOf(head.current), BYTES);
  tick(head.current);
}

/** A store that releases nothing hides what an earlier one released. */
export function plainStore(cell: Cell): void {
  if (cell.sync) clearVector(cell.sync);
}

export function acquireLoad(cell: Cell): void {
  if (cell.sync) join(clockOf(head.current), cell.sync);
}
