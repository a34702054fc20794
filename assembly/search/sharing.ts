// Which cells can tasks meet at? A cell that only one task ever touches, or that nobody writes, commutes with everything that others do, so a
// step at it needs no alternatives: the task alone is a persistent set. The search assumes this of every cell until it sees otherwise; when a
// second task touches a cell and one of them writes it, the cell is shared from then on and the search starts again. At the fixpoint the
// assumption held in the whole reduced state space, and then it holds in the full one: the shortest execution that breaks it consists, up
// to that access, of commuting steps, and so has an equivalent one in the reduced space, where it would have been seen.
import { MODEL, REGION } from '../executor/layout';
import { head } from '../executor/state';
import { SHARING } from './layout';

/** Low byte: task + 1, MANY, or 0 for untouched. WRITTEN: somebody wrote it. */
const MANY: i32 = 0xff;
const WRITTEN: i32 = 0x100;
const SHARED: i32 = MANY | WRITTEN;

/** 1: leave out alternatives at cells that are not shared. */
let reducing: i32 = 0;
/** A cell became shared although steps at it may have been taken alone. */
let changed: i32 = 0;
/** Address of the operation that was taken alone, 0 if the last one had alternatives. */
let alone: usize = 0;

export function startSharing(reduce: i32): void {
  reducing = reduce;
  changed = 0;
  alone = 0;
}

export function sharingChanged(): bool {
  return reducing != 0 && changed != 0;
}

function slot(a: usize): usize {
  return SHARING + (((a - MODEL) >> 2) << 1);
}

function isShared(a: usize): bool {
  return a - MODEL < REGION && load<u16>(slot(a)) == SHARED;
}

/** The task for which an invariant reads at a moment of the model's choice; -1 = none. */
let reader: i32 = -1;

export function readFor(t: i32): void {
  reader = t;
}

/** Is it such an invariant that runs? */
export function readsForTask(): bool {
  return reader >= 0;
}

/** The current task touches the cell at a. */
export function touch(a: usize, writes: bool): void {
  const current = reader < 0 ? head.current : reader;
  if (a - MODEL >= REGION || current < 0 || current > 127) return;
  const at = slot(a);
  const old = <i32>load<u16>(at);
  if (old == SHARED) {
    // An operation that was taken alone reaches further than its own cell: it needs alternatives after all.
    if (alone && alone >> 2 != a >> 2 && !isShared(alone)) force(alone);
    return;
  }
  const owner = old & 0xff;
  const me = current + 1;
  const now = (old & WRITTEN) | (writes ? WRITTEN : 0) | (!owner || owner == me ? me : MANY);
  if (now == old) return;
  store<u16>(at, <u16>now);
  if (now == SHARED) {
    changed = 1;
    if (alone && alone >> 2 != a >> 2) force(alone);
  }
}

function force(a: usize): void {
  if (a - MODEL >= REGION) return;
  store<u16>(slot(a), <u16>SHARED);
  changed = 1;
}

export function touchRange(a: usize, bytes: usize, writes: bool): void {
  for (let end = a + bytes; a < end; a += 4) touch(a, writes);
}

/** Must the search branch at this point of the current task? */
export function needsAlternatives(address: usize): bool {
  alone = 0;
  if (!reducing || !address || isShared(address)) return true;
  alone = address;
  return false;
}
