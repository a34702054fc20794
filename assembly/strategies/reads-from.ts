// Reads-from guided scheduling (RFF; Wolff et al., ASPLOS'24). An abstract schedule is a set of constraints “this read (does not) read from
// that write”, where an event is a site and a cell. The scheduler is POS in three bands: a pending event that would fulfil a wanted
// constraint comes first, one that would break a constraint comes last. Constraints are hints: POS decides within a band, and an event that
// was put off too often is put off no longer. Which abstract schedules are kept and mutated: abstract-schedules.ts.
import { control, head } from '../executor/state';
import { constraintAt, constraints, CONSTRAINTS_MAX, isWanted, observe } from './abstract-schedules';
import { LAST_WRITER, LAST_WRITER_MASK } from './layout';
import { NOTHING, Pending, pendingOf, UNKNOWN, WRITES } from './pending-events';
import { choosePos, executedPos, rankOf, taskOf } from './pos';

/** Decisions in a row at which something was put off; above this bands are ignored for once. */
const PATIENCE: i32 = 200;
let putOff: i32 = 0;

const LAST: i32 = 0;
const MIDDLE: i32 = 1;
const FIRST: i32 = 2;

/** A constraint of this execution. */
@unmanaged
class Aim {
  address: usize;
  read: i32;
  write: i32;
  wanted: i32;
  /** The constraint before it whose cell has the same place: its number and 1; 0 = none. */
  before: i32;
}
const AIM_SIZE: usize = 20;
const aims = memory.data(20 * CONSTRAINTS_MAX);
let aimsCount: i32 = 0;
/** By place in LAST_WRITER: the last constraint on such a cell, its number and 1. Most pending events are at none. */
const aimedAt = memory.data(1024);

function aim(i: i32): Aim {
  return changetype<Aim>(aims + <usize>i * AIM_SIZE);
}

export function startReadsFrom(): void {
  putOff = 0;
  for (let i = 0; i < aimsCount; i++) store<u8>(aimedAt + placeOf(aim(i).address), 0);
  aimsCount = constraints;
  for (let i = 0; i < constraints; i++) {
    const p = constraintAt(i);
    const a = aim(i);
    const last = aimedAt + placeOf(p.address);
    a.address = p.address;
    a.read = p.read;
    a.write = p.write;
    a.wanted = isWanted(i) ? 1 : 0;
    a.before = <i32>load<u8>(last);
    store<u8>(last, <u8>(i + 1));
  }
}

function placeOf(address: usize): usize {
  return ((address >> 2) + (address >> 14) * 61) & LAST_WRITER_MASK;
}
function isAimed(address: usize): bool {
  return load<u8>(aimedAt + placeOf(address)) != 0;
}

/** Where cells that share a place are kept apart; with more of them, who comes last takes the place of who came first. */
const PROBES: usize = 8;

/** Where a cell's last write is, or would be. */
function lastWriteAt(address: usize): usize {
  const place = placeOf(address);
  for (let i: usize = 0; i < PROBES; i++) {
    const at = LAST_WRITER + (((place + i) & LAST_WRITER_MASK) << 4);
    if (load<i32>(at + 4) != <i32>control.executions || load<u32>(at + 8) == <u32>address) return at;
  }
  return LAST_WRITER + (place << 4);
}
/** Site of the last write of this execution; 0: the cell is as it was at the start. */
function lastWrite(address: usize): i32 {
  const at = lastWriteAt(address);
  return load<i32>(at + 4) == <i32>control.executions && load<u32>(at + 8) == <u32>address ? load<i32>(at) : 0;
}

/** In which band a pending event is. The last constraint on its cell that has an opinion counts. */
function bandOf(p: Pending): i32 {
  if (p.kind == NOTHING) return MIDDLE;
  let i = <i32>load<u8>(aimedAt + placeOf(p.address));
  if (!i) return MIDDLE;
  const written = lastWrite(p.address);
  while (i) {
    const a = aim(i - 1);
    i = a.before;
    if (a.address != p.address) continue;
    if (p.site == a.read) {
      if (a.wanted) return written == a.write ? FIRST : LAST;
      return written == a.write ? LAST : MIDDLE;
    }
    if (!(p.kind & WRITES) || !a.wanted) continue;
    // The wanted write must come, and must not be overwritten before it is read.
    if (p.site == a.write) return written == a.write ? MIDDLE : FIRST;
    if (written == a.write) return LAST;
  }
  return MIDDLE;
}

/** In which band task t's event is. That changes with the event, and when its cell is written. */
function rankInBand(t: i32): u64 {
  const p = pendingOf(t);
  if (p.band == UNKNOWN) p.band = bandOf(p);
  if (CHECK && p.band != bandOf(p)) unreachable();
  return (<u64>p.band << 40) | rankOf(t);
}

export function chooseReadsFrom(): i32 {
  if (putOff > PATIENCE) {
    putOff = 0;
    return choosePos();
  }
  let best: u64 = 0;
  let worst: u64 = u64.MAX_VALUE;
  for (let low = head.readyLow; low; low &= low - 1) {
    const rank = rankInBand(<i32>ctz(low));
    best = max(best, rank);
    worst = min(worst, rank);
  }
  for (let high = head.readyHigh; high; high &= high - 1) {
    const rank = rankInBand(64 + <i32>ctz(high));
    best = max(best, rank);
    worst = min(worst, rank);
  }
  putOff = worst >> 40 == best >> 40 ? 0 : putOff + 1;
  return taskOf(best);
}

/** A cell at that place was written. */
function forgetBands(place: usize): void {
  for (let low = head.existLow; low; low &= low - 1) forgetBand(<i32>ctz(low), place);
  for (let high = head.existHigh; high; high &= high - 1) forgetBand(64 + <i32>ctz(high), place);
}
function forgetBand(t: i32, place: usize): void {
  if (placeOf(pendingOf(t).address) == place) pendingOf(t).band = UNKNOWN;
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
      store<u32>(at + 8, <u32>p.address);
      if (isAimed(p.address)) forgetBands(placeOf(p.address));
    }
  }
  executedPos(t);
}
