// Saving and restoring an execution that is paused at a decision in eager mode: then all its state lies in memory, and a save is a list of
// (address, length, bytes) in the SAVE area. What coverage remembers is not part of it.
import {
  ARENAS, ARENA_SIZE, HEAD, MODEL, RECORD_CHOICES, RECORD_DEVIATIONS, SAVE, SAVE_SIZE, SHADOW, SHADOW_SNAPSHOT, SNAPSHOT, TASKS, TASK_SIZE,
} from './layout';
import { clearArena } from './run';
import { stackOf } from './scheduler';
import { control, DONE, head, STARTED, task } from './state';

/** Bytes of HEAD that are words of `Head`. */
const HEAD_SIZE: usize = 512;

/** End of the space for the save that is being written. */
let limit: usize = 0;

/** Appends a block; 0 if it does not fit. */
function append(at: usize, from: usize, bytes: usize): usize {
  if (!at || at + 8 + bytes > limit) return 0;
  store<u32>(at, <u32>from);
  store<u32>(at + 4, <u32>bytes);
  memory.copy(at + 8, from, bytes);
  return at + 8 + ((bytes + 7) & ~7);
}

function appendTask(at: usize, t: i32): usize {
  const r = task(t);
  const arena = ARENAS + <usize>t * ARENA_SIZE;
  const used = r.brk - arena;
  at = append(at, TASKS + <usize>t * TASK_SIZE, TASK_SIZE);
  if (used) {
    at = append(at, arena, used);
    at = append(at, SHADOW + ((arena - MODEL) >> 3), used >> 3);
  }
  const stack = stackOf(t);
  if ((r.flags & (STARTED | DONE)) == STARTED) at = append(at, stack, <usize>load<u32>(stack) - stack);
  return at;
}

/** Saves the paused execution at `to`, not beyond `end`. Answers the bytes used; 0 if it does not fit. */
export function saveTo(to: usize, end: usize): usize {
  limit = end;
  let at = append(to, HEAD, HEAD_SIZE);
  at = append(at, control.restoreFrom, control.bootBreak - control.restoreFrom);
  if (head.bootFreed) at = append(at, SHADOW, (control.bootBreak - MODEL) >> 3);
  if (head.recorded) at = append(at, RECORD_DEVIATIONS, <usize>head.recorded << 3);
  if (head.recordedChoices) at = append(at, RECORD_CHOICES, <usize>head.recordedChoices << 3);
  for (let low = head.existLow; low; low &= low - 1) at = appendTask(at, <i32>ctz(low));
  for (let high = head.existHigh; high; high &= high - 1) at = appendTask(at, 64 + <i32>ctz(high));
  return at ? at - to : 0;
}

/** Brings back what was saved in the `bytes` bytes at `source`, whatever was executed since. */
export function restoreFrom(source: usize, bytes: usize): void {
  for (let low = head.existLow; low; low &= low - 1) clearArena(<i32>ctz(low));
  for (let high = head.existHigh; high; high &= high - 1) clearArena(64 + <i32>ctz(high));
  if (head.bootFreed) memory.copy(SHADOW, SHADOW_SNAPSHOT, (control.bootBreak - MODEL) >> 3);
  const from = control.restoreFrom; // lower than when it was saved, if static data was written since
  if (from != load<u32>(source + 8 + HEAD_SIZE)) memory.copy(from, SNAPSHOT + (from - MODEL), control.bootBreak - from);
  for (let at = source; at < source + bytes; ) {
    const size: usize = load<u32>(at + 4);
    memory.copy(load<u32>(at), at + 8, size);
    at += 8 + ((size + 7) & ~7);
  }
}

/** As `saveTo`, in the SAVE area. */
export function save(): usize {
  return saveTo(SAVE, SAVE + SAVE_SIZE);
}
/** Brings back what `save` left in the first `bytes` bytes of SAVE. */
export function restore(bytes: usize): void {
  restoreFrom(SAVE, bytes);
}
