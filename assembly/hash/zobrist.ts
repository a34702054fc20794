// State hash: the XOR over all 4-byte cells of live memory, and over each task's last site, of mix(cell, value) ^ mix(cell, 0); so zero
// cells count nothing and a write costs two mixes. Freed cells leave the hash; headers count as class and size only. HASH is 0 only in the
// build that tells what hashing costs (bench/).
import { ARENAS, ARENA_SIZE, CLASS_ID, FREED, FREE_SITE, HEADER, HEADER_SIZE, MODEL, OBJECT_SIZE, SHADOW, TASKS_MAX } from '../executor/layout';
import { addressMatters, inHeap, notePointerCell } from '../search/addresses';
import { logCell } from '../search/undo';
import { control, exists, head, task } from '../executor/state';

/** 64-bit finaliser of (address, value). */
export function mix(a: usize, v: u32): u64 {
  let x = ((<u64>a << 32) | v) * 0x9e3779b97f4a7c15;
  x ^= x >> 29;
  x *= 0xbf58476d1ce4e5b9;
  return x ^ (x >> 32);
}

/** Cells from there on are no part of the hash: a search that has no addresses puts what tasks allocate into its keys (search/heap-key.ts). */
let hashedEnd: usize = usize.MAX_VALUE;
/** Before an execution. Answers what held until now. */
export function hashUpTo(a: usize): usize {
  const before = hashedEnd;
  hashedEnd = a;
  return before;
}
function isHashed(a: usize): bool {
  return HASH && (!SEARCH || a < hashedEnd);
}

/** Every store to hashed memory goes through here. */
export function write(a: usize, v: u32): void {
  const old = load<u32>(a);
  if (old == v) return;
  if (isHashed(a)) head.hash ^= mix(a, old) ^ mix(a, v);
  if (SEARCH) {
    logCell(a, old);
    if (inHeap(v) && !inHeap(a)) notePointerCell(a);
  }
  store<u32>(a, v);
  // Static data is rarely written; from the first time on, it is restored too.
  if (a < control.restoreFrom) control.restoreFrom = a & ~15;
}

export function writePart(a: usize, v: u32, mask: u32): void {
  const cell = a & ~3;
  const shift = <u32>(a & 3) << 3;
  const old = load<u32>(cell);
  const now = (old & ~(mask << shift)) | ((v & mask) << shift);
  if (SEARCH && (inHeap(v) || inHeap(old) || inHeap(now))) addressMatters(); // a part of an address, or what looks like one
  write(cell, now);
}

/** A cell leaves (or enters) the hash without being changed. */
export function toggle(a: usize): void {
  if (isHashed(a)) head.hash ^= mix(a, load<u32>(a)) ^ mix(a, 0);
}

/** Findings tell where an object was made and where it was freed, so an exhaustive search tells such states apart. */
export function hashSiteAt(a: usize, site: u32): void {
  if (isHashed(a)) head.hash ^= mix(a, site) ^ mix(a, 0);
}

/** Contribution of a task's place; 0 for a task that has not been switched out yet. */
function mixSite(t: i32, site: i32): u64 {
  const x = (((<u64>t + 1) << 32) | site) * (<u64>site * 0xd6e8feb86659fd93);
  return x ^ (x >> 31);
}

/** The place where a task stands is part of the state. */
export function hashSite(t: i32, site: i32): void {
  if (SEARCH) return; // its keys have what the task's stack says, and the undo log no entry for it
  const r = task(t);
  if (HASH) head.hash ^= mixSite(t, r.site) ^ mixSite(t, site);
  r.site = site;
}

function rangeHash(from: usize, to: usize): u64 {
  let h: u64 = 0;
  for (let a = from; a < to; a += 4) {
    const s = load<u8>(SHADOW + ((a - MODEL) >> 3));
    if (s == FREED) continue;
    if (s == HEADER) {
      // a is the first word of a header
      const p = a + HEADER_SIZE;
      if (!load<u32>(p - FREE_SITE)) {
        h ^= mix(p - CLASS_ID, load<u32>(p - CLASS_ID)) ^ mix(p - CLASS_ID, 0);
        h ^= mix(p - OBJECT_SIZE, load<u32>(p - OBJECT_SIZE)) ^ mix(p - OBJECT_SIZE, 0);
      }
      a += HEADER_SIZE - 4;
      continue;
    }
    h ^= mix(a, load<u32>(a)) ^ mix(a, 0);
  }
  return h;
}

/** Recomputation from scratch, for the debug build and the tests. */
export function fullHash(): u64 {
  let h = rangeHash(MODEL, control.bootBreak);
  for (let t = 0; t < TASKS_MAX; t++) {
    if (!exists(t)) continue;
    const r = task(t);
    h ^= rangeHash(ARENAS + <usize>t * ARENA_SIZE, r.brk);
    h ^= mixSite(t, r.site);
  }
  return h;
}
