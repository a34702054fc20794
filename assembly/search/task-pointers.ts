// Which words of a task lead to objects: what it starts with, or its stack. The search asks again and again, and most tasks have not moved since:
// what was found is kept as long as the task's part of the key is the same, which tells the places.
import { stackOf } from '../executor/scheduler';
import { DONE, STARTED, Task } from '../executor/state';
import { inHeap } from './addresses';
import { TASK_POINTERS } from './layout';

/** An entry: the task's part of the key, how many pointers, and their offsets, 2 bytes each. */
const COUNT: usize = 8;
const OFFSETS: usize = 12;
const POINTERS_MAX: i32 = 26;
/** More than are kept. */
export const TOO_MANY: i32 = -1;

/** Words of a task's record: what it starts with. */
const ARGUMENTS: usize = offsetof<Task>('arg0');
const ARGUMENTS_END: usize = offsetof<Task>('brk');
/** The words of task t that may hold pointers. */
export function wordsOf(r: Task, t: i32): usize {
  return r.flags & STARTED ? stackOf(t) + 8 : changetype<usize>(r) + ARGUMENTS;
}
export function wordsEnd(r: Task, t: i32): usize {
  if (r.flags & DONE) return 0;
  return r.flags & STARTED ? <usize>load<u32>(stackOf(t)) : changetype<usize>(r) + ARGUMENTS_END;
}

/** Takes the word at a, if it holds a pointer, as the n-th. Answers the next n. */
function take(a: usize, from: usize, n: i32, at: usize): i32 {
  if (n == TOO_MANY || !inHeap(load<u32>(a))) return n;
  if (n == POINTERS_MAX || a - from > 0xffff) return TOO_MANY;
  store<u16>(at + OFFSETS + (<usize>n << 1), <u16>(a - from));
  return n + 1;
}

function list(r: Task, t: i32, at: usize): i32 {
  const from = wordsOf(r, t);
  const end = wordsEnd(r, t);
  let n = 0;
  let a = from;
  for (; a + 8 <= end; a += 8) {
    const words = load<u64>(a);
    if (inHeap(<u32>words) || inHeap(<u32>(words >> 32))) n = take(a + 4, from, take(a, from, n, at), at);
  }
  if (a < end) n = take(a, from, n, at);
  store<u64>(at, r.ownKey);
  store<i32>(at + COUNT, n);
  return n;
}

/** How many words of task t hold pointers; TOO_MANY: look at all. */
export function pointersOf(r: Task, t: i32): i32 {
  const at = TASK_POINTERS + (<usize>t << 6);
  return r.ownKey && load<u64>(at) == r.ownKey ? load<i32>(at + COUNT) : list(r, t, at);
}
/** The i-th of them, in order; after `pointersOf`. */
export function pointerOf(r: Task, t: i32, i: i32): u32 {
  return load<u32>(wordsOf(r, t) + <usize>load<u16>(TASK_POINTERS + (<usize>t << 6) + OFFSETS + (<usize>i << 1)));
}
