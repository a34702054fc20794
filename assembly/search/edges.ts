// The graph of states, for a look at what can repeat for ever: the host takes it away, slice by slice. A record is 48 bytes: of an edge the
// keys of its two states and the tasks that take a step in the transition; of a state its key, 0, the tasks that can run and those that
// have not ended.
import { DONE, exists, head, task } from '../executor/state';
import { TASKS_MAX } from '../executor/layout';

const RECORD: usize = 48;

/** 0 = nothing is recorded. */
let start: usize = 0;
let limit: usize = 0;
let end: usize = 0;
/** Tasks that ran in this transition. */
let ranLow: u64 = 0;
let ranHigh: u64 = 0;

/** Records go to `at`, at most `bytes` of them; 0 = none are made. */
export function searchRecord(at: usize, bytes: usize): void {
  start = end = at;
  limit = at + bytes;
}
/** The host has taken what there was. Answers how many bytes that is. */
export function searchRecorded(): usize {
  const bytes = end - start;
  end = start;
  return bytes;
}
export function recordsEdges(): bool {
  return start != 0;
}
/** No room for one more transition. */
export function edgesFull(): bool {
  return start != 0 && end + 2 * RECORD > limit;
}
export function forgetEdges(): void {
  end = start;
}

export function startEdge(): void {
  ranLow = ranHigh = 0;
}
export function noteRun(t: i32): void {
  if (t < 64) ranLow |= <u64>1 << t;
  else ranHigh |= <u64>1 << (t - 64);
}

/** Of the first 64 tasks those that ran in this transition. */
export function tasksThatRan(): u64 {
  return ranLow;
}

function record(a: u64, b: u64, c: u64, d: u64, e: u64, f: u64): void {
  store<u64>(end, a);
  store<u64>(end + 8, b);
  store<u64>(end + 16, c);
  store<u64>(end + 24, d);
  store<u64>(end + 32, e);
  store<u64>(end + 40, f);
  end += RECORD;
}

/** The transition led from one state to another. */
export function recordEdge(from: u64, to: u64): void {
  if (start) record(from, to, ranLow, ranHigh, 0, 0);
}
/** The state that was reached is new. */
export function recordState(key: u64): void {
  if (!start) return;
  let low: u64 = 0;
  let high: u64 = 0;
  for (let t = 0; t < TASKS_MAX; t++) {
    if (!exists(t) || task(t).flags & DONE) continue;
    if (t < 64) low |= <u64>1 << t;
    else high |= <u64>1 << (t - 64);
  }
  record(key, 0, head.readyLow, head.readyHigh, low, high);
}
