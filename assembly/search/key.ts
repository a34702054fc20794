// The exact key of a paused execution: 64 bits over everything that its future depends on. Two different states have equal keys with
// probability 2^-64. Where a task was switched out last is left out: its stack tells where it stands.
import { mix, placesHash } from '../hash/zobrist';
import { stackOf } from '../executor/scheduler';
import { AT_LOCK, DONE, head, STARTED, Task, task } from '../executor/state';

/** One round of a multiply-xorshift hash over 8 bytes. */
function absorb(h: u64, word: u64): u64 {
  h = (h ^ word) * 0x9fb21c651e98df25;
  return h ^ (h >> 32);
}

/** Rank of a waiting task among those that wait for the same object. */
function rank(t: i32, r: Task): i32 {
  let n = 0;
  for (let low = head.existLow & (~head.readyLow | head.timedLow); low; low &= low - 1) {
    const o = <i32>ctz(low);
    if (o != t && task(o).waitsOn == r.waitsOn && task(o).ticket < r.ticket) n++;
  }
  for (let high = head.existHigh & (~head.readyHigh | head.timedHigh); high; high &= high - 1) {
    const o = 64 + <i32>ctz(high);
    if (o != t && task(o).waitsOn == r.waitsOn && task(o).ticket < r.ticket) n++;
  }
  return n;
}

function taskKey(h: u64, t: i32): u64 {
  const r = task(t);
  h = absorb(h, (<u64>t << 56) | (<u64>r.flags << 32) | <u64>(<u32>r.atomic));
  h = absorb(h, (<u64>r.spawned << 32) | <u64>r.choices);
  h = absorb(h, (<u64>r.brk << 32) | <u64>r.held);
  if (r.waitsOn) h = absorb(h, (<u64>r.waitsOn << 32) | (r.flags & AT_LOCK ? 0 : <u64>rank(t, r)));
  if ((r.flags & (STARTED | DONE)) != STARTED) return h;
  h = absorb(h, (<u64>r.savedCallSite << 32) | <u64>r.savedDepth);
  h = absorb(h, (<u64>r.savedArguments << 32) | <u64>(<u32>r.savedStackPointer));
  const stack = stackOf(t);
  for (let a = stack + 8, end: usize = load<u32>(stack); a < end; a += 8) {
    h = absorb(h, a + 8 <= end ? load<u64>(a) : <u64>load<u32>(a));
  }
  return h;
}

/** Never 0. */
export function exactKey(): u64 {
  let h = absorb(head.hash ^ placesHash(), head.readyLow);
  h = absorb(h, head.readyHigh);
  if (head.timedLow | head.timedHigh) h = absorb(absorb(h, head.timedLow), head.timedHigh);
  for (let low = head.existLow; low; low &= low - 1) h = taskKey(h, <i32>ctz(low));
  for (let high = head.existHigh; high; high &= high - 1) h = taskKey(h, 64 + <i32>ctz(high));
  h ^= mix(1, <u32>head.alive);
  return h ? h : 1;
}
