// The schedules that enumeration has still to run, cheapest first and among equals first come first served. A node is its parent's schedule
// and one more deviation or choice. When there is no space, the dearest that waits gives way: then enumeration is no longer complete.
import { BUCKETS, BUCKETS_MAX, NODES, NODES_MAX } from './layout';

@unmanaged
export class Node {
  parent: i32;
  /** Own step number of the task, or which of its choices. */
  step: i32;
  /** Task << 16 | target task or value. */
  what: u32;
  /** Next in its bucket, or in the list of free nodes. */
  next: i32;
  cost: u16;
  /** Deviations and choices in the schedule; bit 15: this one is a choice. */
  depth: u16;
  /** Waiting itself (1) and children that exist. */
  users: i32;
}
const NODE_SIZE: usize = 24;
const CHOICE: u16 = 0x8000;

let used: i32 = 0;
let free: i32 = -1;
/** No bucket below the one and above the other has a node. */
let lowest: i32 = 0;
let highest: i32 = 0;
let waiting: i32 = 0;
/** 1: schedules were left out, so what was run is not all. The host reads it (LEARNT in src/executor/layout.ts). */
const LEFT_OUT: usize = BUCKETS + (<usize>BUCKETS_MAX << 3);

export function node(i: i32): Node {
  return changetype<Node>(NODES + <usize>i * NODE_SIZE);
}
export function depthOf(n: Node): i32 {
  return n.depth & ~CHOICE;
}
export function isChoice(n: Node): bool {
  return (n.depth & CHOICE) != 0;
}
function bucket(cost: i32): usize {
  return BUCKETS + (<usize>cost << 3);
}

/** Nothing waits but the schedule without deviations. */
export function restart(): void {
  used = 0;
  free = -1;
  lowest = BUCKETS_MAX;
  highest = 0;
  waiting = 0;
  store<i32>(LEFT_OUT, 0);
  for (let i = 0; i < BUCKETS_MAX; i++) store<i64>(bucket(i), -1);
  push(-1, 0, 0, 0, 0, false);
}

/** Schedules will not be run: there is no space for them, or for what they deviate from. */
export function leaveOut(): void {
  store<i32>(LEFT_OUT, 1);
}

export function anyWaiting(): bool {
  return waiting > 0;
}

/** Adds a schedule. */
export function push(parent: i32, step: i32, what: u32, cost: i32, depth: i32, choice: bool): void {
  cost = min(cost, BUCKETS_MAX - 1);
  let i = free;
  if (i >= 0) free = node(i).next;
  else if (used < NODES_MAX) i = used++;
  else {
    leaveOut();
    while (highest > cost && load<i32>(bucket(highest)) < 0) highest--;
    if (highest <= cost) return;
    release(takeFrom(highest));
    i = free;
    if (i < 0) return; // it has children, or its parent has
    free = node(i).next;
  }
  const n = node(i);
  n.parent = parent;
  n.step = step;
  n.what = what;
  n.next = -1;
  n.cost = <u16>cost;
  n.depth = <u16>depth | (choice ? CHOICE : 0);
  n.users = 1;
  if (parent >= 0) node(parent).users++;
  const at = bucket(cost);
  const last = load<i32>(at + 4);
  if (last >= 0) node(last).next = i;
  else store<i32>(at, i);
  store<i32>(at + 4, i);
  if (cost < lowest) lowest = cost;
  if (cost > highest) highest = cost;
  waiting++;
}

function takeFrom(cost: i32): i32 {
  const at = bucket(cost);
  const i = load<i32>(at);
  store<i32>(at, node(i).next);
  if (node(i).next < 0) store<i32>(at + 4, -1);
  waiting--;
  return i;
}

/** The next schedule to run; there must be one. `release` it when its children are added. */
export function take(): i32 {
  while (load<i32>(bucket(lowest)) < 0) lowest++;
  return takeFrom(lowest);
}

/** Node i waits no more; it is free, and its ancestors are, when nothing needs them. */
export function release(i: i32): void {
  while (i >= 0 && --node(i).users == 0) {
    const parent = node(i).parent;
    node(i).next = free;
    free = i;
    i = parent;
  }
}
