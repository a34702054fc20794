// The set of visited states: 64-bit keys in an open-addressed table. With n states the chance that any two of them share a key is about
// n² / 2^65.
import { VISITED } from './layout';

let mask: usize = 0;
let count: u32 = 0;

export function startVisited(log2: i32): void {
  mask = (<usize>1 << log2) - 1;
  count = 0;
  memory.fill(VISITED, 0, (mask + 1) << 3);
}

export function visitedEnd(): usize {
  return VISITED + ((mask + 1) << 3);
}

export function visitedCount(): u32 {
  return count;
}

/** 1: added; 0: it was there; -1: the table is full. */
export function visit(key: u64): i32 {
  let i = <usize>(key >> 20) & mask;
  let k = load<u64>(VISITED + (i << 3));
  while (k && k != key) {
    i = (i + 1) & mask;
    k = load<u64>(VISITED + (i << 3));
  }
  if (k) return 0;
  if (<usize>count >= mask - (mask >> 3)) return -1;
  store<u64>(VISITED + (i << 3), key);
  count++;
  return 1;
}
