// Where tasks stand and what they touch from there: a graph that the search learns while it runs. A location is (role, reason, site), the role
// a task's number, or that of the first event that is equal to it; an edge
// leads to the task's next location; a location has the sets of cells that steps from it read and write. Everything only grows, and whatever
// the search finds out too late makes it start again (`hasChanged`): a pass that ends without news has relied on nothing that is not so.
import { MODEL, REGION, TASKS_MAX } from '../executor/layout';
import { BLOCK, START } from '../executor/scheduler';
import { head, Task, task } from '../executor/state';
import { objectAt } from '../oracles/finding';
import {
  CELL_INDEX, CELLS_MAX, LEARNED_WORDS, LOCATION_SIZE, LOCATION_TABLE, LOCATION_TABLE_MASK, LOCATIONS, LOCATIONS_MAX, SET_SIZE, TOUCHES,
} from './layout';
import { addressMatters, inHeap, isAnonymous } from './addresses';
import { roleOf } from './equal-events';
import { addField, FIELD_CELLS_MAX, fieldOf } from './fields';
import { noteGrowth } from './growth';
import { announcedBytes, announcedFrom, FREES, LOADS, LOCKS, STORES } from './pending';

@unmanaged
class Learned {
  locations: i32;
  /** Indices given to cells; the first TASKS_MAX are the ends of tasks. */
  cells: i32;
  locksets: i32;
  /** 1: an interrupt handler ran, which looks at what all tasks do: nothing is left out any more. */
  entangled: i32;
  /** Invariants after each step read cells: the set of them follows these words. */
  watched: i32;
  /** 1: a task asked for its own number, so equal events are told apart (key.ts). */
  numbersKnown: i32;
  /** 1: what the model does depends on addresses of objects (addresses.ts). */
  named: i32;
  /** 1: states can repeat, so what a task loses is counted (growth.ts). */
  loops: i32;
  /** 1: tasks allocate at all. */
  allocates: i32;
}
export const learned = changetype<Learned>(LEARNED_WORDS);
/** Cells that invariants after each step read. */
export const WATCHED: usize = LEARNED_WORDS + 64;
/** Cells of objects that some task frees. */
const FREED: usize = WATCHED + SET_SIZE;

@unmanaged
export class Location {
  key: u32;
  /** The lock that every step from here takes; 0 = none yet, SEVERAL. */
  lock: usize;
  flags: i32;
  successors: i32;
}
/** Successors follow: two bytes each. */
const SUCCESSORS: usize = 16;
const SUCCESSORS_MAX: i32 = 56;
export const SEVERAL: usize = 0xffffffff;
/** A flag: more successors than are kept, so its future is everything. */
export const UNBOUNDED: i32 = 1;
/** A flag: steps from here touch more than the one cell that they are about to load or store. */
export const TOUCHES_MORE: i32 = 2;
/** The flags from this bit on: how much one step from here allocates at most, in units of 8 bytes (growth.ts). */
export const GROWTH: i32 = 16;

/** Index of a cell when all others are in use: shared by the rest. */
const LAST_CELL: i32 = CELLS_MAX - 1;

let changed: bool = false;
/** News so far. */
let news: i32 = 0;
export function searchKnowledge(): i32 {
  return news;
}
/** An invariant that is checked after each step runs: what it reads counts. */
let watching: bool = false;
/** An invariant runs at a moment of a task's choice: what it reads the task reads. -1 = none does. */
let reader: i32 = -1;
export function watchCells(on: bool): void {
  watching = on;
}
export function readFor(t: i32): void {
  reader = t;
}
/** The accesses of a running invariant count: its hooks have no points that would tell. */
export function readsForInspector(): bool {
  return head.current == TASKS_MAX && (watching || reader >= 0);
}

/** Off where every alternative is tried: then nothing need be known. */
let recording: bool = true;
export function setRecording(on: bool): void {
  recording = on;
}

/** Something was learned since `forgetChanges`. */
export function hasChanged(): bool {
  return changed;
}
export function forgetChanges(): void {
  changed = false;
}

/** What was relied on is not so. */
export function learnt(): void {
  changed = true;
  news++;
}

export function locationAt(i: i32): Location {
  return changetype<Location>(LOCATIONS + <usize>i * LOCATION_SIZE);
}
export function readsOf(i: i32): usize {
  return TOUCHES + <usize>i * (2 * SET_SIZE);
}
export function writesOf(i: i32): usize {
  return TOUCHES + <usize>i * (2 * SET_SIZE) + SET_SIZE;
}
export function successor(i: i32, k: i32): i32 {
  return load<u16>(LOCATIONS + <usize>i * LOCATION_SIZE + SUCCESSORS + (<usize>k << 1));
}
/** 8-byte words of a set that are in use. */
export function setWords(): i32 {
  return (learned.cells + 63) >> 6;
}
export function inSet(set: usize, cell: i32): bool {
  return ((load<u8>(set + (<usize>cell >> 3)) >> (cell & 7)) & 1) != 0;
}
/** True if it was not in the set. */
export function addToSet(set: usize, cell: i32): bool {
  const at = set + (<usize>cell >> 3);
  const old = load<u8>(at);
  const bit = 1 << (cell & 7);
  if (old & bit) return false;
  store<u8>(at, old | bit);
  return true;
}

/** Index of a location; made if it is new. Index 0 means "unknown": too many. */
export function locationOf(t: i32, reason: i32, site: i32): i32 {
  const key = (<u32>roleOf(t) << 24) | (<u32>reason << 16) | <u32>(site & 0xffff);
  let h = <usize>((key * 0x9e3779b1) >> 17) & LOCATION_TABLE_MASK;
  let at = LOCATION_TABLE + (h << 3);
  while (load<i32>(at + 4) && load<u32>(at) != key) {
    h = (h + 1) & LOCATION_TABLE_MASK;
    at = LOCATION_TABLE + (h << 3);
  }
  const i = load<i32>(at + 4);
  if (i || learned.locations >= LOCATIONS_MAX - 1) return i;
  const n = ++learned.locations;
  store<u32>(at, key);
  store<i32>(at + 4, n);
  locationAt(n).key = key;
  learnt();
  return n;
}

export function addEdge(from: i32, to: i32): void {
  if (!from || !to) return;
  const location = locationAt(from);
  const n = location.successors;
  for (let k = 0; k < n; k++) if (successor(from, k) == to) return;
  if (location.flags & UNBOUNDED) return;
  learnt();
  if (n == SUCCESSORS_MAX) {
    location.flags |= UNBOUNDED;
    return;
  }
  store<u16>(LOCATIONS + <usize>from * LOCATION_SIZE + SUCCESSORS + (<usize>n << 1), <u16>to);
  location.successors = n + 1;
}

/** Task t stands at this decision now. `kind`: what it is about to do. */
export function arriveAt(t: i32, reason: i32, site: i32, kind: i32, address: usize): void {
  const r = task(t);
  r.pending = kind;
  r.pendingAddress = address;
  r.pendingBytes = announcedBytes();
  r.pendingFrom = announcedFrom();
  // One that waits for a lock stands where it stood before: at the point that takes the lock.
  if (!recording || (reason == BLOCK && kind == LOCKS)) return;
  noteGrowth(t);
  const here = locationOf(t, reason, site);
  addEdge(r.location, here);
  r.location = here;
  if (!here) return;
  const location = locationAt(here);
  const lock = kind == LOCKS ? address : SEVERAL;
  if (location.lock == lock || location.lock == SEVERAL) return;
  location.lock = location.lock ? SEVERAL : lock;
  learnt();
}

/** The child that task `parent` starts: what it will do is part of what the parent will. */
export function arriveAtStart(t: i32, parent: i32, kind: i32): void {
  const r = task(t);
  r.pending = kind;
  r.pendingAddress = 0;
  if (!recording) return;
  r.location = locationOf(t, START, 0);
  if (r.location && locationAt(r.location).lock != SEVERAL) locationAt(r.location).lock = SEVERAL;
  if (parent >= 0) addEdge(task(parent).location, r.location);
}

/** Index of a cell, 0 if it is none of the model's. */
export function cellOf(a: usize): i32 {
  if (a - MODEL >= REGION) return 0;
  if (inHeap(a) && isAnonymous()) return fieldOf(a);
  return load<u16>(CELL_INDEX + (((a - MODEL) >> 2) << 1));
}

function indexCell(a: usize): i32 {
  if (inHeap(a) && isAnonymous()) return indexField(a);
  const at = CELL_INDEX + (((a - MODEL) >> 2) << 1);
  let i = <i32>load<u16>(at);
  if (i) return i;
  i = learned.cells < LAST_CELL ? learned.cells++ : LAST_CELL;
  if (i == LAST_CELL) learned.cells = CELLS_MAX;
  store<u16>(at, <u16>i);
  return i;
}

function indexField(a: usize): i32 {
  const i = fieldOf(a);
  if (i) return i;
  if (learned.cells >= FIELD_CELLS_MAX) {
    addressMatters(); // there is no room to tell them apart
    return LAST_CELL;
  }
  addField(a, learned.cells);
  return learned.cells++;
}

/** The step does another access than it was about to do. */
function isMore(r: Task, a: usize, writes: bool): bool {
  const address = r.pendingAddress;
  if (r.pending == LOADS || r.pending == STORES) return ((a ^ address) & ~3) != 0 || (writes && r.pending == LOADS);
  return r.pending == FREES && inHeap(address) && isAnonymous() && (!inHeap(a) || objectAt(a) != objectAt(address));
}

function note(t: i32, a: usize, cell: i32, writes: bool): void {
  const here = task(t).location;
  if (!here) {
    if (!learned.entangled) learnt();
    learned.entangled = 1; // what it touches cannot be kept
    return;
  }
  const location = locationAt(here);
  if (!(location.flags & TOUCHES_MORE) && isMore(task(t), a, writes)) {
    location.flags |= TOUCHES_MORE;
    learnt();
  }
  if (addToSet(writes ? writesOf(here) : readsOf(here), cell)) learnt();
}

/** The running task touches the cell at `a`. */
export function touch(a: usize, writes: bool): void {
  if (!recording || a - MODEL >= REGION || head.current < 0) return;
  if (head.current < TASKS_MAX) note(head.current, a, indexCell(a), writes);
  else if (reader >= 0) note(reader, a, indexCell(a), writes);
  else if (watching && addToSet(WATCHED, indexCell(a))) {
    learned.watched = 1;
    learnt();
  }
}
export function touchRange(a: usize, bytes: usize, writes: bool): void {
  if (!recording) return;
  for (let cell = a & ~3, end = a + bytes; cell < end; cell += 4) touch(cell, writes);
}
/** The running task frees the object there. */
export function noteFreed(a: usize, bytes: usize): void {
  if (!recording) return;
  for (let cell = a & ~3, end = a + bytes; cell < end; cell += 4) {
    if (cell - MODEL < REGION && addToSet(FREED, indexCell(cell))) learnt();
  }
}
/** From a lock to a cell of the same object that only the free of it writes. */
export const LIVENESS: usize = 4;
/** A lock whose memory no schedule frees. */
export function isLasting(lock: usize): bool {
  const cell = cellOf(lock);
  return cell != 0 && !inSet(FREED, cell);
}
/** The end of task t: joining it depends on it. */
export function touchExit(t: i32, writes: bool): void {
  if (recording && head.current >= 0 && head.current < TASKS_MAX) note(head.current, 0, roleOf(t) + 1, writes);
}

/** What the running task does depends on what all others do. */
export function entangle(): void {
  if (recording && !learned.entangled) learnt();
  learned.entangled = 1;
}

/** Before anything is learned. The memory is zero. */
export function startLearning(): void {
  if (!learned.cells) learned.cells = TASKS_MAX + 2;
  changed = false;
}
