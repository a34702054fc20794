// The trace: one entry a step, only while the host asks for it. A point is logged before its access, so the value of an entry is read
// when the next entry is made: between them nothing else touches the cell. A finding may be told before the access, so it is read again.
import { MODEL, REGION, TRACE, TRACE_MAX } from './layout';
import { control, head } from './state';

/** Kinds: index in TRACE_KINDS of src/executor/trace.ts. */
export const T_ACCESS: i32 = 0;
export const T_BLOCK: i32 = 1;
export const T_EXIT: i32 = 2;
export const T_CHOOSE: i32 = 3;
export const T_SPAWN: i32 = 4;
export const T_NOTE: i32 = 5;
export const T_FINDING: i32 = 6;
export const T_SWITCH: i32 = 7;

@unmanaged
class Entry {
  kind: i32;
  task: i32;
  step: i32;
  site: i32;
  address: usize;
  value: u32;
  hash: u64;
}

function entryAt(i: i32): Entry {
  return changetype<Entry>(TRACE + <usize>i * 32);
}

/** Reads the value that the last access left. */
export function completeTrace(): void {
  let i = head.traced - 1;
  while (i >= 0 && entryAt(i).kind == T_FINDING) i--;
  if (i < 0) return;
  const e = entryAt(i);
  if (e.kind == T_ACCESS && e.address - MODEL < REGION) e.value = load<u32>(e.address);
}

function append(kind: i32, step: i32, site: i32, address: usize, value: u32): void {
  completeTrace();
  if (head.traced == TRACE_MAX) return;
  const e = entryAt(head.traced);
  head.traced++;
  e.kind = kind;
  e.task = head.current;
  e.step = step;
  e.site = site;
  e.address = address;
  e.value = value;
  e.hash = head.hash;
}

/** A decision of the task: access, block or exit. */
export function traceStep(kind: i32, step: i32, site: i32, address: usize): void {
  if (control.tracing) append(kind, step, site, address, 0);
}

/**
 * Another task goes on at this decision. The access itself is logged when its task comes back, so this alone tells when the decision was
 * made, and where it stood if the access never happens.
 */
export function traceSwitch(step: i32, site: i32, address: usize, next: i32): void {
  if (control.tracing) append(T_SWITCH, step, site, address, <u32>next);
}

/** Anything else. */
export function traceEvent(kind: i32, site: i32, address: usize, value: u32): void {
  if (control.tracing) append(kind, -1, site, address, value);
}
