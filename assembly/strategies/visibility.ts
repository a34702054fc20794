// Which events matter to other tasks. An event that commutes with all that others do is invisible: a load of what nobody else writes, a store
// to what nobody else touches. Deciding before it makes no new order of events, so a strategy may let it go along with the one before it;
// among many invisible events the few others are not drawn evenly. What others do is learnt from the executions of strategies that look at each event,
// as long as the events are the same: an access of any kind counts, those inside the kit and what is freed too. It may be learnt late, but it is
// learnt, since whether another task comes to its access cannot depend on an event that nobody else has seen.
import { control, head } from '../executor/state';
import { saysLoad, saysOneCell } from '../search/pending';
import { ACCESS_BITS, ACCESSES } from './layout';
import { profiled } from './profile';

const SEVERAL: i32 = 255;

/** Values of `control.noting`: whose accesses are noted. */
const MODEL: i32 = 1;
const KIT: i32 = 2;
/** Kit code accesses more than models do, and the same again and again: it is looked at in the first executions and in one of eight. */
const KIT_FIRST: i32 = 32;
const KIT_MASK: i32 = 7;

/** Before an execution. `byEvent`: its strategy looks at each event. */
export function prepareNotes(byEvent: bool): void {
  if (!control.visibleOnly || !byEvent) control.noting = 0;
  else control.noting = profiled < KIT_FIRST || !(profiled & KIT_MASK) ? KIT : MODEL;
}

/** Whether accesses are to be noted: where they decide what is invisible. */
export function notes(): bool {
  return !SEARCH && control.noting != 0;
}
/** The same for accesses inside the kit. */
export function notesKit(): bool {
  return !SEARCH && control.noting == KIT;
}

/** Who has touched a cell is in the low byte, who has written it in the high one: its slot and 1. */
function placeOf(address: usize): usize {
  return ACCESSES + (<usize>((<u32>(address >> 2) * 0x9e3779b1) >> (32 - ACCESS_BITS)) << 1);
}

/** Task t accesses a cell, or is about to. */
export function noteAccess(t: i32, address: usize, writes: bool): void {
  const at = placeOf(address);
  const known = <i32>load<u16>(at);
  const touched = joined(known & 0xff, t);
  const wrote = writes ? joined(known >> 8, t) : known >> 8;
  store<u16>(at, <u16>((wrote << 8) | touched));
}
function joined(who: i32, t: i32): i32 {
  return who == 0 || who == t + 1 ? t + 1 : SEVERAL;
}

/** The running task accesses all cells of a range. */
export function noteRange(address: usize, bytes: usize, writes: bool): void {
  if (head.current < 0) return;
  for (let a = address & ~3; a < address + bytes; a += 4) noteAccess(head.current, a, writes);
}

/** Nothing is known of accesses. */
export function forgetAccesses(): void {
  memory.fill(ACCESSES, 0, 2 << ACCESS_BITS);
}

/** Whether the access before which task t stands is invisible, as far as is known. */
export function isInvisible(t: i32, address: usize): bool {
  if (!address || !saysOneCell()) return false;
  const known = <i32>load<u16>(placeOf(address));
  const who = saysLoad() ? known >> 8 : known & 0xff;
  return who == t + 1 || (who == 0 && saysLoad());
}
