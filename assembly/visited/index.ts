// The set of visited states: 64-bit keys in an open-addressed table, in a memory that the searches of several threads share. With n states
// the chance that any two of them share a key is about n² / 2^65. In bitstate mode the memory is a Bloom filter of HASHES bits a key: it
// never says that a visited state is new, but may say that a new one was visited.
//
// All words that threads write at the same time are accessed atomically; a key is in the table once its slot is.

/** Words at the start of the memory. */
const COUNT: usize = 0;
const LOG2: usize = 8;
const MODE: usize = 12;
/** The table, or the filter. */
const TABLE: usize = 64;

const EXACT: i32 = 0;
const BITSTATE: i32 = 1;
const HASHES: i32 = 3;

/** Keys that this thread has added since it told the others. */
let untold: u32 = 0;
const TELL: u32 = 64;

/** Empties a fresh memory, or one that was used. `log2`: 8-byte entries; with `bitstate` 64 bits each. */
export function start(log2: i32, bitstate: i32, used: i32): void {
  if (used) memory.fill(TABLE, 0, <usize>8 << log2);
  store<u64>(COUNT, 0);
  store<i32>(LOG2, log2);
  store<i32>(MODE, bitstate ? BITSTATE : EXACT);
  untold = 0;
}

/** About how many keys there are: what other threads have not told yet is missing. */
export function count(): u64 {
  tell();
  return atomic.load<u64>(COUNT);
}

function tell(): void {
  if (untold) atomic.add<u64>(COUNT, untold);
  untold = 0;
}

function rehash(key: u64): u64 {
  let x = key * 0x9e3779b97f4a7c15;
  x ^= x >> 29;
  return x * 0xbf58476d1ce4e5b9;
}

function addBits(key: u64, log2: i32): i32 {
  const mask = (<u64>64 << log2) - 1;
  let isNew = 0;
  let h = key;
  for (let i = 0; i < HASHES; i++) {
    const bit = (h ^ (h >> 32)) & mask;
    const at = TABLE + <usize>(bit >> 6 << 3);
    const one = <u64>1 << (bit & 63);
    if (!(atomic.or<u64>(at, one) & one)) isNew = 1;
    h = rehash(h);
  }
  return isNew;
}

/** 1: added; 0: it was there; -1: the table must grow first. `key` is not 0. */
export function add(key: u64): i32 {
  const log2 = load<i32>(LOG2);
  if (load<i32>(MODE) == BITSTATE) {
    const isNew = addBits(key, log2);
    if (isNew && ++untold == TELL) tell();
    return isNew;
  }
  const mask = (<usize>1 << log2) - 1;
  let i = <usize>(key >> 20) & mask;
  let k = load<u64>(TABLE + (i << 3));
  while (k != key) {
    if (!k) {
      if (atomic.load<u64>(COUNT) + untold >= <u64>(mask - (mask >> 2))) return -1;
      k = atomic.cmpxchg<u64>(TABLE + (i << 3), 0, key);
      if (!k) {
        if (++untold == TELL) tell();
        return 1;
      }
      continue; // another thread was faster: with the same key, or with one that takes the slot
    }
    i = (i + 1) & mask;
    k = load<u64>(TABLE + (i << 3));
  }
  return 0;
}

/** Address right behind the table. */
export function tableEnd(): usize {
  return TABLE + (<usize>8 << load<i32>(LOG2));
}

/** Copies the keys, one after the other, to `to`: behind the table, or to its start, and then it must be filled again. Answers how many. */
export function pack(to: usize): u32 {
  const size = <usize>1 << load<i32>(LOG2);
  let n: usize = 0;
  for (let i: usize = 0; i < size; i++) {
    const k = load<u64>(TABLE + (i << 3));
    if (k) store<u64>(to + (n++ << 3), k);
  }
  return <u32>n;
}

/** Spreads `n` packed keys over a table of 2^log2 entries. The memory must hold both the table and, behind it, the packed keys. */
export function spread(n: u32, log2: i32): void {
  const packed = TABLE + (<usize>8 << log2);
  memory.copy(packed, TABLE, <usize>n << 3);
  start(log2, 0, 1);
  for (let i: usize = 0; i < <usize>n; i++) add(load<u64>(packed + (i << 3)));
  tell();
}
