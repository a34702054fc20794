// Memory of the costly oracles, in a part of the shared memory that nothing else uses. Only the build with ORACLES=1 touches it.
// What is here belongs to one execution, but for what the model declared while it booted, the site flags, and the lock order of earlier
// executions. It is not part of a saved execution.
import { ORACLE, ORACLE_SITES, TASKS_MAX } from '../executor/layout';
import { head } from '../executor/state';

@unmanaged
export class Words {
  /** Number of this execution: what carries another one is empty. */
  epoch: i32;
  /** Of tests, blocks and wake-ups, for lost wake-ups. */
  time: i32;
  vectors: i32;
  cells: i32;
  /** Tables that are full, of the FULL_ bits below: what came after was not checked. */
  full: i32;
  /** Lock order: edges that hold for every execution, and all with those of this one. The host moves the first. */
  edgesKept: i32;
  edges: i32;
  /** Declared while the model booted, and all. */
  classesBoot: i32;
  classes: i32;
  guardsBoot: i32;
  guards: i32;
  wakes: i32;
  /** Livelock: 1 in the window before the step limit; tasks that ran in it; states that its second half saw first. */
  watching: i32;
  ranLow: u64;
  ranHigh: u64;
  fresh: i32;
  /** The lowest site of its second half, as the finding's place. */
  place: i32;
  /** Tables that the model's boot has filled. */
  fullBoot: i32;
}
export const words = changetype<Words>(ORACLE);

@unmanaged
export class TaskWords {
  /** When it last tested something that it may wait for. */
  tested: i32;
  /** Level at which it takes its next lock. */
  level: i32;
}
export function taskWords(t: i32): TaskWords {
  return changetype<TaskWords>(ORACLE + 0x800 + (<usize>t << 4));
}

/** What the host says about a site, one byte each: SITE_FLAGS of src/executor/oracles.ts. */
export const MARKED: i32 = 1;
export const ACQUIRES: i32 = 2;
export const RELEASES: i32 = 4;
/** A point or wake-up there orders nothing: lists, and locks that tell when they are taken and given back. */
export const NO_EDGE: i32 = 8;
/** A lock that is tried: the task would not have waited. */
export const TRIES: i32 = 16;
/** A sleep whose condition the caller has tested. */
export const BARE_SLEEP: i32 = 32;
/** Waits for readers that had begun: it knows what they did, and those that begin later know what came before it. */
export const GRACE: i32 = 64;
/** `shared` of a reader that never waits. */
export const NEVER_WAITS: i32 = 2;

export function siteFlags(site: i32): i32 {
  return load<u8>(ORACLE_SITES + <usize>site);
}

/** A task of the model runs: not its start, and not an invariant. */
export function inTask(): bool {
  return <u32>head.current < <u32>TASKS_MAX;
}

/** Bits of `full`; in the order of FULL_TABLES of src/executor/oracles.ts. */
export const FULL_CLOCKS: i32 = 1;
export const FULL_ORDER: i32 = 2;
export const FULL_GUARDS: i32 = 4;
export const FULL_WAKES: i32 = 8;

/** Known edges of the lock order, 32 bytes each. */
export const EDGES: usize = ORACLE + 0x5000;
export const EDGES_MAX: i32 = 1024;
/** Classes of locks that the model named: (lock, class, level), 16 bytes each. */
export const CLASSES: usize = ORACLE + 0xd000;
export const CLASSES_MAX: i32 = 256;
/** Guarded memory: (from, to, lock, which accesses), 16 bytes each. */
export const GUARDS: usize = ORACLE + 0xe000;
export const GUARDS_MAX: i32 = 256;
/** The last wake-up that found nobody, by object: (object, time, site, task), 16 bytes each. */
export const WAKES: usize = ORACLE + 0xf000;
export const WAKES_MAX: i32 = 128;
/** States of the first half of the window before the step limit. */
export const STATES: usize = ORACLE + 0x10000;
export const STATES_SIZE: i32 = 4096;
/** Vector clocks of tasks, then of sync objects and of cells that several tasks read; 512 bytes each. */
export const TASK_CLOCKS: usize = ORACLE + 0x1e000;
export const CELLS: usize = ORACLE + 0x2e000;
export const CELLS_SIZE: i32 = 8192;
export const VECTORS: usize = ORACLE + 0x6e000;
export const VECTORS_MAX: i32 = 512;
