// What each task is about to do: the event that it executes when it is chosen. A task that has not started is about to do what it did first
// in an earlier execution of the same events, if there was one: choosing it executes its first event, not only the way to it.
import { POINT } from '../executor/scheduler';
import { control, head, NONE } from '../executor/state';
import { isSought, saysLoad } from '../search/pending';
import { CELL_PLACES, CROWDS, FIRST, PENDING } from './layout';
import { profiled } from './profile';
import { isInvisible, noteAccess, notes } from './visibility';

/** At no object: it commutes with everything. */
export const NOTHING: i32 = 0;
export const READS: i32 = 1;
/** Stores, and all operations on synchronisation objects. */
export const WRITES: i32 = 2;
/** Takes a mutex or a spinlock: a bit beside WRITES. */
export const LOCKS: i32 = 4;

@unmanaged
export class Pending {
  /** Cell, 4-byte aligned. */
  address: usize;
  kind: i32;
  site: i32;
  priority: u32;
  /** 1: the task has not started. */
  fresh: i32;
  /** Reads-from: in which band the event is; UNKNOWN: to be found out. */
  band: i32;
  /** 1: its first event, or its first visible one, is still to come. */
  early: i32;
}
export const UNKNOWN: i32 = -1;

export function pendingOf(t: i32): Pending {
  return changetype<Pending>(PENDING + (<usize>t << 5));
}
function firstOf(t: i32): Pending {
  return changetype<Pending>(FIRST + (<usize>t << 5));
}

/** A task that was chosen before it had started: it executes its first event without being asked again. */
let committed: i32 = NONE;

/** Whether CROWDS is kept up to date. */
let counting: bool = false;

/** Before an execution. `crowds`: the strategy asks for `isCrowded`. */
export function forgetPending(crowds: bool): void {
  committed = NONE;
  counting = crowds;
  if (crowds) memory.fill(CROWDS, 0, CELL_PLACES);
}

/** Where a cell is in tables of CELL_PLACES entries. */
export function placeOfCell(address: usize): usize {
  return ((address >> 2) ^ (address >> 12)) & (CELL_PLACES - 1);
}
function crowdAt(address: usize): usize {
  return CROWDS + placeOfCell(address);
}
/** False only if no task but one is about to do something at the cell. */
export function isCrowded(address: usize): bool {
  return load<u8>(crowdAt(address)) > 1;
}
/** What p is about to do is something at another cell from now on; 0: at none. */
function moveTo(p: Pending, address: usize): void {
  if (counting) {
    if (p.address) store<u8>(crowdAt(p.address), load<u8>(crowdAt(p.address)) - 1);
    if (address) store<u8>(crowdAt(address), load<u8>(crowdAt(address)) + 1);
    p.band = UNKNOWN;
  }
  p.address = address;
}
/** What tasks did first is not known any more. */
export function forgetFirst(): void {
  memory.fill(FIRST, 0, 128 << 5);
}

export function createPending(t: i32): void {
  const p = pendingOf(t);
  const first = firstOf(t);
  p.address = 0;
  moveTo(p, first.address);
  p.kind = first.kind;
  p.site = first.site;
  p.fresh = p.early = 1;
}

/** Task `me` has come to a decision; a blocked task is about to do what it waits for. */
export function arrived(me: i32, reason: i32, site: i32, address: usize): void {
  const p = pendingOf(me);
  moveTo(p, address & ~3);
  p.kind = !address ? NOTHING : reason != POINT ? WRITES : saysLoad() ? READS : isSought(address) ? WRITES | LOCKS : WRITES;
  p.site = site;
  p.fresh = 0;
  if (notes() && address) noteAccess(me, p.address, p.kind != READS);
  if (!p.early || (reason == POINT && isPassed(me, address))) return;
  p.early = 0;
  if (reason != POINT) return;
  const first = firstOf(me);
  first.address = p.address;
  first.kind = p.kind;
  first.site = site;
}

/** Whether strategies that sample by event let task t go on at the access before which it stands. */
export function isPassed(t: i32, address: usize): bool {
  return control.visibleOnly != 0 && profiled != 0 && isInvisible(t, address);
}

/** True once after task `me` was chosen to start: it stands before its first event, which is decided already. */
export function isCommitted(me: i32, reason: i32): bool {
  const was = committed == me && reason == POINT;
  committed = NONE;
  return was;
}
/** Notes a choice. True: the chosen task executes its pending event; false: it starts first. */
export function executes(t: i32): bool {
  if (!pendingOf(t).fresh) return true;
  committed = t;
  return false;
}

/** The first decision of an execution: nothing has been done, so which task begins is open. */
export function isStart(): bool {
  return head.total + head.granted - head.gap <= 1;
}

/** Two events of different tasks do not commute. */
export function conflict(a: Pending, b: Pending): bool {
  return a.address == b.address && a.kind + b.kind > READS + READS && a.kind != NOTHING && b.kind != NOTHING;
}
