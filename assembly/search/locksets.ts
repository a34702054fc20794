// Sets of mutexes and spinlocks that a task holds, by number: 0 is the empty set. Numbers stay the same from pass to pass.
import { LOCKSETS, LOCKSETS_MAX } from './layout';
import { learned } from './locations';

/** More locks than a set can have, or more sets than there is room for: such a task's locks protect nothing. */
const ADDRESSES: i32 = 15;

function sizeOf(set: i32): i32 {
  return load<i32>(LOCKSETS + (<usize>set << 6));
}
function addressAt(set: i32, i: i32): usize {
  return LOCKSETS + (<usize>set << 6) + 4 + (<usize>i << 2);
}

export function hasLock(set: i32, lock: usize): bool {
  for (let i = 0, n = sizeOf(set); i < n; i++) if (load<u32>(addressAt(set, i)) == <u32>lock) return true;
  return false;
}

/** Builds a set behind the last one, then looks whether it is an old one. */
function intern(n: i32): i32 {
  const fresh = learned.locksets + 1;
  store<i32>(LOCKSETS + (<usize>fresh << 6), n);
  for (let set = 0; set < fresh; set++) {
    if (sizeOf(set) != n) continue;
    let same = true;
    for (let i = 0; i < n && same; i++) same = load<u32>(addressAt(set, i)) == load<u32>(addressAt(fresh, i));
    if (same) return set;
  }
  if (fresh >= LOCKSETS_MAX - 1) return 0;
  learned.locksets = fresh;
  return fresh;
}

/** The set with `lock` as well. */
export function withLock(set: i32, lock: usize): i32 {
  const n = sizeOf(set);
  if (n == ADDRESSES || hasLock(set, lock)) return set;
  const fresh = learned.locksets + 1;
  let k = 0;
  let placed = false;
  for (let i = 0; i < n; i++) {
    const at = load<u32>(addressAt(set, i));
    if (!placed && at > <u32>lock) {
      store<u32>(addressAt(fresh, k++), <u32>lock);
      placed = true;
    }
    store<u32>(addressAt(fresh, k++), at);
  }
  if (!placed) store<u32>(addressAt(fresh, k++), <u32>lock);
  return intern(k);
}

/** The set without `lock`. */
export function withoutLock(set: i32, lock: usize): i32 {
  if (!hasLock(set, lock)) return set;
  const fresh = learned.locksets + 1;
  let k = 0;
  for (let i = 0, n = sizeOf(set); i < n; i++) {
    const at = load<u32>(addressAt(set, i));
    if (at != <u32>lock) store<u32>(addressAt(fresh, k++), at);
  }
  return intern(k);
}
