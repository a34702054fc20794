// All that changes during an execution, as words at fixed addresses: saving this block saves the execution.
import { CONTROL, HEAD, TASKS, TASKS_MAX, TASK_SIZE } from './layout';

/** Task numbers with a meaning. */
export const NONE: i32 = -1;
export const OVER: i32 = -2;

/** State of one execution. The first five words are known to the model's code (docs/abi.md). */
@unmanaged
export class Head {
  asyncifyState: i32;
  asyncifyData: usize;
  fuel: i32;
  depth: i32;
  /** Site of the model's call into the kit. */
  callSite: i32;
  /** Points that may pass before the next decision; `granted` is its value at the last decision. */
  gap: i32;
  granted: i32;
  /** Own step number of the running task at which `granted` was set. */
  base: i32;
  /** Own step number at which the strategy wants to decide. */
  nextStep: i32;
  /** Own step number at which the task was switched in, and the state hash then or at the last spin check. */
  inStep: i32;
  current: i32;
  /** The task to run once everything above it is unwound. */
  target: i32;
  hash: u64;
  spinHash: u64;
  /** Tasks that can run. */
  readyLow: u64;
  readyHigh: u64;
  /** All tasks of this execution. */
  existLow: u64;
  existHigh: u64;
  alive: i32;
  events: i32;
  /** Next slot for a task whose parent is itself spawned, downwards. */
  topSlot: i32;
  /** Decisions executed by all tasks. */
  total: i32;
  nested: i32;
  tickets: i32;
  /** Tasks that wait for a mutex or a spinlock. */
  lockWaiters: i32;
  /** Tasks that wait for anything. */
  waiters: i32;
  /** 1: a decision at every point, for traces, step invariants and the debug build. */
  everyPoint: i32;
  /** 1: stop at each decision (with `eager`: all stacks then lie in memory); `paused`: it has, at the decision that follows. */
  pausing: i32;
  paused: i32;
  pendingTask: i32;
  pendingReason: i32;
  pendingStep: i32;
  pendingDefault: i32;
  pendingSite: i32;
  pendingAddress: usize;
  lastSite: i32;
  findings: i32;
  fatal: i32;
  recorded: i32;
  recordedChoices: i32;
  traced: i32;
  logged: i32;
  counters: i32;
  switches: i32;
  unwinds: i32;
  /** Boot object released: its shadow must be restored. */
  bootFreed: i32;
  newFeatures: i32;
  objectsLive: i32;
  /** Tasks that wait with a timeout: they can run, as that is what the timeout is. */
  timedLow: u64;
  timedHigh: u64;
  /** Deviations at points and yields. Only the search builds count them. */
  preemptions: i32;
  /** 1: the schedule has asked for turns that go round. */
  fair: i32;
  /** While `gap` is not below this, nobody but a strategy by event decides at a point, or a trace logs it; 1: somebody does. */
  slow: i32;
}
export const head = changetype<Head>(HEAD);
export const HEAD_BYTES: usize = offsetof<Head>();

/** Configuration by the host, and what outlives an execution. */
@unmanaged
class Control {
  design: i32;
  scene: i32;
  strategy: i32;
  stepLimit: i32;
  fuelLimit: i32;
  /** 1: record a trace. */
  tracing: i32;
  /** 1: unwind at every switch, so that all stacks lie in memory at each decision. */
  eager: i32;
  /** Number of entries in INPUT. */
  events: i32;
  deviations: i32;
  choices: i32;
  path: i32;
  baseDeviations: i32;
  baseChoices: i32;
  registered: i32;
  /** Points of an average run, for strategies that need an estimate. */
  lengthEstimate: i32;
  /** Strategy's parameter: PCT depth, stickiness of the random walk (points), strength of mutation, objects of SURW. */
  parameter: i32;
  /** Invariants checked after each step: how many. */
  stepInvariants: i32;
  /** 1 while the model boots. */
  booting: i32;
  random: u64;
  executions: u64;
  points: u64;
  switches: u64;
  unwinds: u64;
  /** Executions whose findings were all known. */
  knownFindings: u64;
  features: i32;
  states: i32;
  epoch: i32;
  bootBreak: usize;
  restoreFrom: usize;
  bootHash: u64;
  /** What runBatch stopped for. */
  interest: i32;
  bootObjects: i32;
  endInvariants: i32;
  /** 1: the host runs one execution alone: its final state is judged whatever it is, and counts nowhere. */
  single: i32;
  /** Steps of the parent run in BASE, and how many choices it made. */
  baseTotal: i32;
  baseChoiceCount: i32;
  /** Entries of LOCK_PAIRS. */
  lockPairs: i32;
  /** Bits by number of kind: 1 = passed over, so that a known finding of it does not count as a hit. */
  passedOver: u32;
  /** Final states that were seen at least twice. */
  repeated: i32;
  /** Enumeration with several workers: this one's share, and how many there are. */
  share: i32;
  shares: i32;
  /** 1: strategies that sample by event decide before visible events only. */
  visibleOnly: i32;
  /** Not 0 in an execution that notes who accesses what: strategies/visibility.ts. */
  noting: i32;
  /** How many the model declares; 0 until the host has read that. */
  designs: i32;
  options: i32;
}
export const control = changetype<Control>(CONTROL);

/** Option values, 64 of them, after the control words. */
export const OPTIONS: usize = CONTROL + 0x200;
/** Table indices of invariants: at the end, after each step. */
export const END_INVARIANTS: usize = CONTROL + 0x400;
export const STEP_INVARIANTS: usize = CONTROL + 0x500;
/** Priorities of tasks (PCT), i32 each, and its change points. */
export const PRIORITIES: usize = CONTROL + 0x600;
export const CHANGE_POINTS: usize = CONTROL + 0xa00;

/** One task of an execution. */
@unmanaged
export class Task {
  entry: i32;
  arity: i32;
  arg0: i32;
  arg1: i32;
  arg2: i32;
  /** Bump pointer of its arena. */
  brk: usize;
  /** Decisions so far. */
  steps: i32;
  /** Site where it was switched out, part of the state hash; EXITED at the end. */
  site: i32;
  /** 1 started, 2 on the native stack, 4 done, 8 suspended in a block. */
  flags: i32;
  waitsOn: usize;
  waitSite: i32;
  ticket: i32;
  savedArguments: i32;
  savedStackPointer: i32;
  savedDepth: i32;
  savedCallSite: i32;
  parent: i32;
  nth: i32;
  spawned: i32;
  choices: i32;
  /** Depth of sections in which it may not sleep. */
  atomic: i32;
  held: i32;
  /** Function object or event index it was started with, for names. */
  origin: i32;
  // Only the search builds use what follows: where the task stands (search/locations.ts), what it is about to do and to which address
  // (search/pending.ts), which locks it holds (search/locksets.ts), and the part of the state's key that is its own; 0 = to be computed.
  location: i32;
  pending: i32;
  pendingAddress: usize;
  lockset: i32;
  /** Of the access that it is about to do; and where it copies as many bytes from, 0 = it does not. */
  pendingBytes: usize;
  ownKey: u64;
  pendingFrom: usize;
  /** Its bump pointer at its last decision. */
  brkBefore: usize;
}
/** Held locks of a task: (object, site), 8 bytes each, in its record. */
export const HELD: usize = 128;
/** The ith of task t. */
export function heldAt(t: i32, i: i32): usize {
  return TASKS + <usize>t * TASK_SIZE + HELD + (<usize>i << 3);
}

export const STARTED: i32 = 1;
export const ON_STACK: i32 = 2;
export const DONE: i32 = 4;
/** Suspended inside a block, not at the point before it. */
export const IN_BLOCK: i32 = 8;
/** Waits for a mutex or a spinlock: who came first does not matter, a lock that is free lets any of them run. */
export const AT_LOCK: i32 = 16;
export const EXITED: i32 = 0xffff;

export function task(t: i32): Task {
  return changetype<Task>(TASKS + <usize>t * TASK_SIZE);
}

/** The site where the lowest blocked task waits. */
export function deadlockSite(): i32 {
  for (let t = 0; t < TASKS_MAX; t++) if (exists(t) && !(task(t).flags & DONE)) return task(t).waitSite;
  return 0;
}

// ---- sets of tasks ----
export function isReady(t: i32): bool {
  return t < 64 ? ((head.readyLow >> t) & 1) != 0 : ((head.readyHigh >> (t - 64)) & 1) != 0;
}
export function setReady(t: i32): void {
  if (t < 64) head.readyLow |= <u64>1 << t;
  else head.readyHigh |= <u64>1 << (t - 64);
}
export function clearReady(t: i32): void {
  if (t < 64) head.readyLow &= ~(<u64>1 << t);
  else head.readyHigh &= ~(<u64>1 << (t - 64));
}
export function exists(t: i32): bool {
  return t < 64 ? ((head.existLow >> t) & 1) != 0 : ((head.existHigh >> (t - 64)) & 1) != 0;
}
export function anyReady(): bool {
  return (head.readyLow | head.readyHigh) != 0;
}
export function readyCount(): i32 {
  return <i32>(popcnt(head.readyLow) + popcnt(head.readyHigh));
}
export function lowestReady(): i32 {
  return head.readyLow ? <i32>ctz(head.readyLow) : 64 + <i32>ctz(head.readyHigh);
}
/** The task that runs by default where none goes on: the lowest that can run; one whose timeout would expire only if there is no other. */
export function firstReady(): i32 {
  const low = head.readyLow & ~head.timedLow;
  if (low) return <i32>ctz(low);
  const high = head.readyHigh & ~head.timedHigh;
  return high ? 64 + <i32>ctz(high) : lowestReady();
}
export function setTimed(t: i32): void {
  if (t < 64) head.timedLow |= <u64>1 << t;
  else head.timedHigh |= <u64>1 << (t - 64);
}
/** Answers whether it was set. */
export function clearTimed(t: i32): bool {
  const was = t < 64 ? (head.timedLow >> t) & 1 : (head.timedHigh >> (t - 64)) & 1;
  if (t < 64) head.timedLow &= ~(<u64>1 << t);
  else head.timedHigh &= ~(<u64>1 << (t - 64));
  return was != 0;
}
/** The next task after t, cyclically, that can run; t itself if it is the only one. */
export function nextReady(t: i32): i32 {
  let low: u64 = 0;
  let high: u64 = 0;
  if (t < 63) {
    low = head.readyLow >> (t + 1) << (t + 1);
    high = head.readyHigh;
  } else if (t < 127) {
    high = head.readyHigh >> (t - 63) << (t - 63);
  }
  if (low) return <i32>ctz(low);
  if (high) return 64 + <i32>ctz(high);
  return lowestReady();
}
/** The nth (from 0) task that can run. */
export function nthReady(n: i32): i32 {
  let low = head.readyLow;
  const count = <i32>popcnt(low);
  if (n < count) {
    for (; n > 0; n--) low &= low - 1;
    return <i32>ctz(low);
  }
  let high = head.readyHigh;
  for (n -= count; n > 0; n--) high &= high - 1;
  return 64 + <i32>ctz(high);
}
