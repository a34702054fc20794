// The undo log: the old values of all that a transition changes, so that going back costs what the transition has changed and no copy of the
// whole state. An entry ends with its kind and address, then a value; it is undone backwards.
import { ARENAS, ARENA_SIZE, HEAD, MODEL, SHADOW, TASKS, TASK_SIZE } from '../executor/layout';
import { stackOf } from '../executor/scheduler';
import { DONE, HEAD_BYTES, HELD, STARTED, task } from '../executor/state';
import { copyWords } from './words';

/** Kinds, in the top byte of the address; addresses are below 16 Mi. */
const CELL: u32 = 0;
const BYTE: u32 = 1 << 24;
const BLOCK: u32 = 2 << 24;
const TASK: u32 = 3 << 24;
const ADDRESS: u32 = 0xffffff;

/** End of the log; its owner (depth-first.ts) puts frames between the entries of different transitions. */
let end: usize = 0;
let limit: usize = 0;
let logging: bool = false;
let overflown: bool = false;

export function startLog(from: usize, to: usize): void {
  end = from;
  limit = to - ((to - from) >> 3) - 0x1000; // room for one transition's overrun, and for the list of a walk
  logging = false;
  overflown = false;
}
export function logEnd(): usize {
  return end;
}
export function moveLogEnd(to: usize): void {
  end = to;
}
/** Entries are written from now on, or not. */
export function setLogging(on: bool): void {
  logging = on;
}
/** The log did not fit: the state cannot be brought back. */
export function logOverflown(): bool {
  return overflown || end > limit;
}

function hasRoom(bytes: usize): bool {
  if (end + bytes <= limit) return true;
  overflown = true;
  return false;
}

function entry(tagged: u32, value: u32): void {
  store<u32>(end, value);
  store<u32>(end + 4, tagged);
  end += 8;
}

/** Four bytes at `a` are about to change from `old`. */
export function logCell(a: usize, old: u32): void {
  if (logging && hasRoom(8)) entry(CELL | <u32>a, old);
}
/** The byte at `a` is about to change. */
export function logByte(a: usize): void {
  if (logging && hasRoom(8)) entry(BYTE | <u32>a, load<u8>(a));
}

function logBlock(tagged: u32, a: usize, bytes: usize): void {
  if (!hasRoom(bytes + 16)) return;
  copyWords(end, a, bytes);
  end += (bytes + 7) & ~7;
  entry(tagged, <u32>bytes);
}

/** The words of the execution's state are about to change. */
export function logHead(): void {
  if (logging) logBlock(BLOCK | <u32>HEAD, HEAD, HEAD_BYTES);
}
/** The record of task t is about to change, and with `runs` its stack as well. */
export function logTask(t: i32, runs: bool): void {
  if (!logging) return;
  const r = task(t);
  const stack = stackOf(t);
  if (runs && (r.flags & (STARTED | DONE)) == STARTED) logBlock(BLOCK | <u32>stack, stack, <usize>load<u32>(stack) - stack);
  logBlock(TASK | <u32>t, TASKS + <usize>t * TASK_SIZE, HELD + (<usize>min(r.held, 16) << 3));
}

/** What the task has allocated since does not exist. */
function undoTask(t: i32, from: usize, bytes: usize): void {
  const r = task(t);
  const brk = r.brk;
  copyWords(TASKS + <usize>t * TASK_SIZE, from, bytes);
  const arena = ARENAS + <usize>t * ARENA_SIZE;
  if (brk > r.brk && brk <= arena + ARENA_SIZE) memory.fill(SHADOW + ((r.brk - MODEL) >> 3), 0, (brk - r.brk) >> 3);
}

/** Brings back the state at which the log ended at `to`. */
export function undoTo(to: usize): void {
  while (end > to) {
    const value = load<u32>(end - 8);
    const tagged = load<u32>(end - 4);
    const kind = tagged & ~ADDRESS;
    const a: usize = tagged & ADDRESS;
    end -= 8;
    if (kind == CELL) store<u32>(a, value);
    else if (kind == BYTE) store<u8>(a, <u8>value);
    else {
      end -= (<usize>value + 7) & ~7;
      if (kind == TASK) undoTask(<i32>a, end, value);
      else copyWords(a, end, value);
    }
  }
}
