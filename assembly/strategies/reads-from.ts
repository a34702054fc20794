// Reads-from guided scheduling (RFF; Wolff et al., ASPLOS'24). An abstract schedule is a set of constraints “this read (does not) read from
// that write”, where an event is a site and a cell. The scheduler is POS in three bands: a pending event that would fulfil a wanted
// constraint comes first, one that would break a constraint comes last. Constraints are hints: POS decides within a band, and an event that
// was put off too often is put off no longer. Which abstract schedules are kept and mutated: abstract-schedules.ts.
import { control, head } from '../executor/state';
import { constraintAt, constraints, CONSTRAINTS_MAX, observe } from './abstract-schedules';
import { LAST_WRITER, LAST_WRITER_MASK } from './layout';
import { NOTHING, Pending, pendingOf, WRITES } from './pending-events';
import { executedPos, newTaskPos } from './pos';

/** Decisions in a row at which something was put off; above this bands are ignored for once. */
const PATIENCE: i32 = 200;
let putOff: i32 = 0;

const LAST: i32 = 0;
const MIDDLE: i32 = 1;
const FIRST: i32 = 2;

export function newTaskReadsFrom(t: i32): void {
  newTaskPos(t);
}
/** The constraints of this execution, one after the other: cell, reading site, writing site, whether it is wanted; i32 each. */
const aims = memory.data(16 * CONSTRAINTS_MAX);
let aimsEnd: usize = aims;
/** Their cells, hashed to a byte each: most pending events are at none of them. */
const cells = memory.data(512);

export function startReadsFrom(): void {
  putOff = 0;
  memory.fill(cells, 0, 512);
  aimsEnd = aims;
  for (let i = 0; i < constraints; i++) {
    const c = constraintAt(i);
    store<usize>(aimsEnd, c.address);
    store<i32>(aimsEnd + 4, c.read);
    store<i32>(aimsEnd + 8, c.write);
    store<i32>(aimsEnd + 12, c.wanted);
    aimsEnd += 16;
    store<u8>(placeOf(c.address), 1);
  }
}

function placeOf(address: usize): usize {
  return cells + (((address >> 2) ^ (address >> 11)) & 511);
}

function lastWriteAt(address: usize): usize {
  return LAST_WRITER + ((((address >> 2) + (address >> 14) * 61) & LAST_WRITER_MASK) << 3);
}
/** Site of the last write of this execution; 0: the cell is as it was at the start. */
function lastWrite(address: usize): i32 {
  const at = lastWriteAt(address);
  return load<i32>(at + 4) == <i32>control.executions ? load<i32>(at) : 0;
}

/** In which band a pending event is. The last constraint on its cell that has an opinion counts. */
function bandOf(p: Pending): i32 {
  if (p.kind == NOTHING || !load<u8>(placeOf(p.address))) return MIDDLE;
  let band = MIDDLE;
  for (let at = aims; at < aimsEnd; at += 16) {
    if (load<usize>(at) != p.address) continue;
    const write = load<i32>(at + 8);
    const isWanted = load<i32>(at + 12) != 0;
    const written = lastWrite(p.address);
    if (p.site == load<i32>(at + 4)) {
      band = (written == write) == isWanted ? (isWanted ? FIRST : MIDDLE) : LAST;
    } else if (p.kind & WRITES && isWanted) {
      // The wanted write must come, and must not be overwritten before it is read.
      if (p.site == write) band = written == write ? MIDDLE : FIRST;
      else if (written == write) band = LAST;
    }
  }
  return band;
}

export function chooseReadsFrom(): i32 {
  let best = -1;
  let bestBand = LAST;
  let lowest = FIRST;
  for (let k = 0; k < 2; k++) {
    for (let set = k ? head.readyHigh : head.readyLow; set; set &= set - 1) {
      const t = (k << 6) + <i32>ctz(set);
      const p = pendingOf(t);
      const band = putOff > PATIENCE ? MIDDLE : bandOf(p);
      if (band < lowest) lowest = band;
      if (best >= 0 && (band < bestBand || (band == bestBand && p.priority <= pendingOf(best).priority))) continue;
      best = t;
      bestBand = band;
    }
  }
  putOff = putOff > PATIENCE || lowest == bestBand ? 0 : putOff + 1;
  return best;
}

/** Task t executes its pending event. */
export function executedReadsFrom(t: i32): void {
  const p = pendingOf(t);
  if (p.kind != NOTHING) {
    // A synchronisation operation reads what it changes.
    observe(lastWrite(p.address), p.site, p.address);
    if (p.kind & WRITES) {
      const at = lastWriteAt(p.address);
      store<i32>(at, p.site);
      store<i32>(at + 4, <i32>control.executions);
    }
  }
  executedPos(t);
}
