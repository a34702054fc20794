// Declared protecting locks: an access by model code to guarded memory without its lock is a finding. A read is content with a lock that is
// held shared. Marked accesses, private objects and the release of the object are exempt.
import { HELD_MAX } from '../executor/layout';
import { head, heldAt, task } from '../executor/state';
import { LOCKSET, reportPair } from './finding';
import { FULL_GUARDS, GUARDS, GUARDS_MAX, inTask, MARKED, siteFlags, Words, words } from './memory';
import { logCell } from '../search/undo';

@unmanaged
class Guard {
  from: usize;
  to: usize;
  lock: usize;
  /** ANY_ACCESS or WRITES. */
  what: i32;
}

export const ANY_ACCESS: i32 = 0;
export const WRITES: i32 = 1;

function guardAt(i: i32): Guard {
  return changetype<Guard>(GUARDS + (<usize>i << 4));
}

/** The bytes from `from` up to `to` are protected by the lock from now on, all accesses to them or writes; a second lock replaces the first. */
export function addGuard(from: usize, to: usize, lock: usize, what: i32): void {
  for (let i = 0; i < words.guards; i++) {
    const guard = guardAt(i);
    if (guard.from != from || guard.to != to || guard.what != what) continue;
    if (SEARCH) logCell(changetype<usize>(guard) + offsetof<Guard>('lock'), <u32>guard.lock);
    guard.lock = lock;
    return;
  }
  if (words.guards == GUARDS_MAX) {
    words.full |= FULL_GUARDS;
    return;
  }
  if (SEARCH) logCell(changetype<usize>(words) + offsetof<Words>('guards'), words.guards);
  const guard = guardAt(words.guards++);
  guard.from = from;
  guard.to = to;
  guard.lock = lock;
  guard.what = what;
}

/** How the running task holds the lock: 0 alone, more as a reader, -1 not at all. */
export function howHeld(lock: usize): i32 {
  const me = head.current;
  const n = min(task(me).held, HELD_MAX);
  for (let i = 0; i < n; i++) {
    const at = heldAt(me, i);
    if (load<u32>(at) == <u32>lock) return (load<u32>(at + 4) >> 24) & 15;
  }
  return -1;
}

function isHeld(lock: usize, writes: bool): bool {
  const how = howHeld(lock);
  return writes ? how == 0 : how >= 0;
}

/** An access by model code. */
export function checkGuards(a: usize, site: i32, writes: bool): void {
  if (!words.guards || !inTask() || siteFlags(site) & MARKED) return;
  for (let i = 0; i < words.guards; i++) {
    const guard = guardAt(i);
    if (guard.from > a || a >= guard.to || (guard.what == WRITES && !writes)) continue;
    if (!isHeld(guard.lock, writes)) reportPair(LOCKSET, site, a, 0, -1);
  }
}
