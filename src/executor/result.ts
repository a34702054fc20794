/** Decodes what one execution left in memory. */
import { byTaskAndStep } from '../schedule/hot.js';
import type { HotChoice, HotDeviation, HotSchedule } from '../schedule/schedule.js';
import type { Declarations } from './declarations.js';
import { FINDING, HEAD, INVARIANTS_MAX, MEMORY, TASK } from './layout.js';
import type { MemoryView } from './memory-view.js';
import { isAtItsPlace, trapName } from './traps.js';
import {
  FINDING_KINDS,
  type FindingKind,
  type ObjectInfo,
  type RawFinding,
  type TaskInfo,
  type Waiter,
} from './types.js';

const DONE = 4;
const WAITS: readonly FindingKind[] = ['deadlock', 'self-deadlock', 'lost-wakeup'];

/** Slots of the tasks that existed. */
export function taskSlots(view: MemoryView): number[] {
  const sets = [view.u64(MEMORY.HEAD + HEAD.existLow), view.u64(MEMORY.HEAD + HEAD.existHigh)];
  const slots: number[] = [];
  sets.forEach((set, k) => {
    for (let t = 0; t < 64; t++) if ((set >> BigInt(t)) & 1n) slots.push(k * 64 + t);
  });
  return slots;
}

function field(view: MemoryView, slot: number, name: keyof typeof TASK): number {
  return view.i32(MEMORY.TASKS + slot * MEMORY.TASK_SIZE + TASK[name]);
}

export function readTasks(view: MemoryView, d: Declarations, functionName: (entry: number) => string): TaskInfo[] {
  const path = (slot: number): string => {
    const parent = field(view, slot, 'parent');
    const nth = field(view, slot, 'nth');
    return parent < 0 ? `${nth}` : `${path(parent)}.${nth}`;
  };
  const ready = [view.u64(MEMORY.HEAD + HEAD.readyLow), view.u64(MEMORY.HEAD + HEAD.readyHigh)];
  return taskSlots(view).map((slot) => {
    const isReady = ((ready[slot >> 6] ?? 0n) >> BigInt(slot & 63)) & 1n;
    return {
      slot,
      path: path(slot),
      name: taskName(view, slot, d, functionName),
      steps: field(view, slot, 'steps'),
      state: field(view, slot, 'flags') & DONE ? 'done' : isReady ? 'ready' : 'blocked',
    };
  });
}

function taskName(view: MemoryView, slot: number, d: Declarations, functionName: (entry: number) => string): string {
  if (field(view, slot, 'parent') >= 0) return functionName(field(view, slot, 'entry')) || 'task';
  const event = d.events[field(view, slot, 'origin')];
  if (!event) return 'task';
  const args = (['arg0', 'arg1', 'arg2'] as const).slice(0, event.arity).map((name) => field(view, slot, name));
  return args.length ? `${event.name}(${args.join(', ')})` : event.name;
}

/** The schedule that the execution followed: sorted, ready to be replayed. */
export function readRecorded(view: MemoryView, d: Declarations): HotSchedule {
  const deviations: HotDeviation[] = [];
  for (let i = 0, n = view.i32(MEMORY.HEAD + HEAD.recorded); i < n; i++) {
    const at = MEMORY.RECORD_DEVIATIONS + i * 8;
    deviations.push({ task: view.u16(at + 6), step: view.i32(at), target: view.u16(at + 4) });
  }
  const choices: HotChoice[] = [];
  for (let i = 0, n = view.i32(MEMORY.HEAD + HEAD.recordedChoices); i < n; i++) {
    const at = MEMORY.RECORD_CHOICES + i * 8;
    choices.push({ task: view.u16(at + 6), nth: view.i32(at), value: view.u16(at + 4) });
  }
  const events = Array.from({ length: view.i32(MEMORY.HEAD + HEAD.events) }, (_, slot) => {
    const event = field(view, slot, 'origin');
    const args = (['arg0', 'arg1', 'arg2'] as const).slice(0, d.events[event]?.arity ?? 0);
    return { event, args: args.map((name) => field(view, slot, name)) };
  });
  deviations.sort(byTaskAndStep);
  choices.sort((a, b) => a.task - b.task || a.nth - b.nth);
  return { events, deviations, choices };
}

/** `d` null: while the model boots, when no invariant has a name yet. */
export function readFindings(view: MemoryView, d: Declarations | null): RawFinding[] {
  const findings: RawFinding[] = [];
  for (let i = 0, n = view.i32(MEMORY.HEAD + HEAD.findings); i < n; i++) {
    const at = MEMORY.FINDINGS + i * 64;
    const get = (name: keyof typeof FINDING): number => view.i32(at + FINDING[name]);
    const kind = FINDING_KINDS[get('kind')] ?? 'none';
    const other = get('otherSite') ? { otherSite: get('otherSite'), otherTask: get('otherTask') } : {};
    const isPlaced = kind === 'trap' && isAtItsPlace(get('message'));
    findings.push({
      ...other,
      ...(isPlaced ? { isAtSite: true } : {}),
      kind,
      site: get('site'),
      task: get('task'),
      address: view.u32(at + FINDING.address),
      object: readObject(view, at),
      message: messageOf(kind, view, d, view.u32(at + FINDING.message)),
      waiters: WAITS.includes(kind) ? readWaiters(view) : [],
    });
  }
  return findings;
}

/** Of a trap there is its number, of what the model says its text. */
function messageOf(kind: FindingKind, view: MemoryView, d: Declarations | null, message: number): string {
  if (kind === 'invariant') return invariantName(view, d, message);
  return kind === 'trap' ? trapName(message, (of) => invariantName(view, d, of)) : view.string(message);
}

/** Of a declared invariant there is the index, of one that was tested at a named moment the name. */
function invariantName(view: MemoryView, d: Declarations | null, message: number): string {
  return message < INVARIANTS_MAX ? (d?.invariants[message]?.name ?? '') : view.string(message);
}

function readObject(view: MemoryView, at: number): ObjectInfo | null {
  const address = view.u32(at + FINDING.object);
  if (!address) return null;
  const get = (name: keyof typeof FINDING): number => view.i32(at + FINDING[name]);
  return {
    address,
    classId: get('classId'),
    size: get('size'),
    offset: get('offset'),
    allocSite: get('allocSite'),
    allocTask: get('allocTask'),
    freeSite: get('freeSite'),
    freeTask: get('freeTask'),
  };
}

/** Objects that a task holds, in the order in which it took them. */
export function readHeld(view: MemoryView, slot: number): { object: number; site: number }[] {
  const n = Math.min(field(view, slot, 'held'), MEMORY.HELD_MAX);
  return Array.from({ length: n }, (_, i) => {
    const at = MEMORY.TASKS + slot * MEMORY.TASK_SIZE + MEMORY.HELD + i * 8;
    return { object: view.u32(at), site: view.u32(at + 4) & 0xffffff };
  });
}

function readWaiters(view: MemoryView): Waiter[] {
  const slots = taskSlots(view);
  const held = new Map(slots.map((slot) => [slot, readHeld(view, slot).map((h) => h.object)]));
  return slots
    .filter((slot) => !(field(view, slot, 'flags') & DONE) && field(view, slot, 'waitsOn') !== 0)
    .map((task) => {
      const object = field(view, task, 'waitsOn');
      const holding = slots.filter((slot) => held.get(slot)?.includes(object));
      // Who reads already and asks again does not wait for itself, but behind a writer who came before.
      const before = slots.filter(
        (slot) => field(view, slot, 'waitsOn') === object && field(view, slot, 'ticket') < field(view, task, 'ticket'),
      );
      const isBehind = holding.includes(task) && before.length > 0;
      const holders = isBehind ? [...holding.filter((slot) => slot !== task), ...before] : holding;
      const joined = slots.find((slot) => MEMORY.TASKS + slot * MEMORY.TASK_SIZE === object);
      return {
        task,
        site: field(view, task, 'waitSite'),
        object,
        classId: object >= MEMORY.MODEL ? view.i32(object - 8) : 0,
        holders: joined === undefined ? holders : [joined],
        forTask: joined !== undefined,
      };
    });
}

export function readCounters(view: MemoryView): ReadonlyMap<string, number> {
  const counters = new Map<string, number>();
  for (let i = 0, n = view.i32(MEMORY.HEAD + HEAD.counters); i < n; i++) {
    const at = MEMORY.COUNTERS + i * 8;
    counters.set(view.string(view.u32(at)), view.i32(at + 4));
  }
  return counters;
}
