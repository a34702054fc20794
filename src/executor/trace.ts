/** Decodes the trace of an execution and finds the object behind each address. */
import { HEAD, MEMORY, TASK, TRACE_ENTRY } from './layout.js';
import type { MemoryView } from './memory-view.js';
import { taskSlots } from './result.js';
import type { BareStep, TraceKind, TraceStep } from './types.js';

/** By number in the executor. */
const TRACE_KINDS: readonly TraceKind[] = ['access', 'block', 'exit', 'choose', 'spawn', 'note', 'finding', 'switch'];

export interface Extent {
  readonly start: number;
  readonly end: number;
  readonly classId: number;
}

/** All objects that tasks have made, sorted by address. Nothing is reused within an execution, so a walk over the arenas finds them. */
export function taskObjects(view: MemoryView): Extent[] {
  const out: Extent[] = [];
  for (const slot of taskSlots(view)) {
    const end = view.u32(MEMORY.TASKS + slot * MEMORY.TASK_SIZE + TASK.brk);
    let p = MEMORY.ARENAS + slot * MEMORY.ARENA_SIZE + MEMORY.HEADER_SIZE;
    while (p < end) {
      const size = view.u32(p - 4);
      out.push({ start: p, end: p + size, classId: view.u32(p - 8) });
      p += (size ? (size + 7) & ~7 : 8) + MEMORY.HEADER_SIZE;
    }
  }
  return out;
}

/** The object made at boot that holds the address: its header is marked in the shadow. */
function bootObject(view: MemoryView, address: number): Extent | null {
  const HEADER = 4;
  const shadow = (a: number): number => view.bytes[MEMORY.SHADOW + ((a - MEMORY.MODEL) >> 3)] ?? 0;
  for (let a = address & ~7; a >= MEMORY.MODEL && address - a < 0x4000; a -= 8) {
    if (shadow(a) !== HEADER) continue;
    const start = a + 8;
    return { start, end: start + view.u32(start - 4), classId: view.u32(start - 8) };
  }
  return null;
}

export function readTrace(view: MemoryView): TraceStep[] {
  const extents = taskObjects(view);
  const find = (address: number): Extent | null => {
    if (address < MEMORY.MODEL || address >= MEMORY.MODEL + MEMORY.REGION) return null;
    const extent =
      address < MEMORY.ARENAS ? bootObject(view, address) : extents.find((e) => address >= e.start && address < e.end);
    return extent && address < extent.end ? extent : null;
  };
  const steps: TraceStep[] = [];
  for (let i = 0, n = tracedSteps(view); i < n; i++) {
    const at = MEMORY.TRACE + i * 32;
    const kind = TRACE_KINDS[view.i32(at + TRACE_ENTRY.kind)] ?? 'note';
    const address = view.u32(at + TRACE_ENTRY.address);
    const extent = kind === 'note' ? null : find(address);
    steps.push({
      kind,
      task: view.i32(at + TRACE_ENTRY.task),
      step: view.i32(at + TRACE_ENTRY.step),
      site: view.i32(at + TRACE_ENTRY.site),
      address: kind === 'note' ? 0 : address,
      classId: extent?.classId ?? 0,
      offset: extent ? address - extent.start : 0,
      value: view.u32(at + TRACE_ENTRY.value),
      text: kind === 'note' ? view.string(address) : '',
      hash: view.u64(at + TRACE_ENTRY.hash),
    });
  }
  return steps;
}

/** The same without what takes a search for the object, or a number of 64 bits, for each step. */
export function readBareTrace(view: MemoryView): BareStep[] {
  const steps: BareStep[] = [];
  for (let i = 0, n = tracedSteps(view); i < n; i++) {
    const at = MEMORY.TRACE + i * 32;
    steps.push({
      kind: TRACE_KINDS[view.i32(at + TRACE_ENTRY.kind)] ?? 'note',
      task: view.i32(at + TRACE_ENTRY.task),
      step: view.i32(at + TRACE_ENTRY.step),
      site: view.i32(at + TRACE_ENTRY.site),
      address: view.u32(at + TRACE_ENTRY.address),
      value: view.u32(at + TRACE_ENTRY.value),
    });
  }
  return steps;
}

/** Entries of the trace so far. */
export function tracedSteps(view: MemoryView): number {
  return view.i32(MEMORY.HEAD + HEAD.traced);
}

/** Choices among the entries from index `from` on: who chose where, among how many values (from 0), and which. */
export function readChoicesSince(
  view: MemoryView,
  from: number,
): { readonly task: number; readonly site: number; readonly n: number; readonly value: number }[] {
  const choices = [];
  for (let i = from, n = tracedSteps(view); i < n; i++) {
    const at = MEMORY.TRACE + i * 32;
    if (TRACE_KINDS[view.i32(at + TRACE_ENTRY.kind)] !== 'choose') continue;
    choices.push({
      task: view.i32(at + TRACE_ENTRY.task),
      site: view.i32(at + TRACE_ENTRY.site),
      n: view.u32(at + TRACE_ENTRY.address),
      value: view.u32(at + TRACE_ENTRY.value),
    });
  }
  return choices;
}
