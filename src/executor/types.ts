/** What crosses the boundary to the executor, as plain data. The numbers are the contract of `assembly/executor/`. */
import type { HotSchedule } from '../schedule/schedule.js';

/** Oracle kinds by number; index = number in the executor. */
export const FINDING_KINDS = [
  'none',
  'null-dereference',
  'use-after-free',
  'invalid-access',
  'double-free',
  'deadlock',
  'unlock-by-non-owner',
  'assertion',
  'abort',
  'trap',
  'stack-depth',
  'step-limit',
  'out-of-memory',
  'self-deadlock',
  'refcount-misuse',
  'sleep-in-atomic',
  'no-progress',
  'leak',
  'invariant',
  'invalid-free',
  'data-race',
  'lock-order',
  'lockset',
  'lost-wakeup',
  'livelock',
  'starvation',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** The object that a finding is about. Sites are indices into the manifest; task numbers are slots, -1 = while the model booted. */
export interface ObjectInfo {
  readonly address: number;
  readonly classId: number;
  readonly size: number;
  /** Offset of the access in the object. */
  readonly offset: number;
  readonly allocSite: number;
  readonly allocTask: number;
  /** 0 when the object is live. */
  readonly freeSite: number;
  readonly freeTask: number;
}

/** One blocked task at a deadlock. */
export interface Waiter {
  readonly task: number;
  readonly site: number;
  readonly object: number;
  /** Class id of the object waited for; 0 if unknown. */
  readonly classId: number;
  /** Tasks that hold what it waits for, or wait for it before; empty for completions and the like. */
  readonly holders: readonly number[];
  /** It waits for the end of its holder: it joins that task, or is interrupted by it. */
  readonly forTask: boolean;
}

export interface RawFinding {
  readonly kind: FindingKind;
  /** 0 if none (e.g. step limit between sites). */
  readonly site: number;
  readonly task: number;
  /** The bad address, or the lock. */
  readonly address: number;
  readonly object: ObjectInfo | null;
  /** Of a failed check, a throw, or the invariant's name. */
  readonly message: string;
  readonly waiters: readonly Waiter[];
  /** Of a trap: the site is where it was, not where the task was last seen. */
  readonly isAtSite?: boolean;
  /** The second place of a data race, an inversion of locks or a lost wake-up; its task is -1 if it was in an earlier execution. */
  readonly otherSite?: number;
  readonly otherTask?: number;
}

/** A task that existed in the run. */
export interface TaskInfo {
  readonly slot: number;
  /** Identity path, see `TaskPath`. */
  readonly path: string;
  /** Event name with arguments (`bind(0)`), or the spawned function's name. */
  readonly name: string;
  readonly steps: number;
  readonly state: 'done' | 'blocked' | 'ready';
}

export interface ExecutionResult {
  readonly findings: readonly RawFinding[];
  /** State hash at the end. */
  readonly hash: bigint;
  readonly points: number;
  /** What happened, replayable: every decision that differed from the default scheduler. */
  readonly recorded: HotSchedule;
  readonly tasks: readonly TaskInfo[];
}

export type TraceKind =
  | 'access' // a scheduling point was passed and the operation at `site` executed
  | 'block' // the task waits on `address`
  | 'exit'
  | 'choose' // `value` was chosen
  | 'spawn' // `value` = slot of the new task
  | 'note' // trace(text, value)
  | 'finding' // `value` = kind number
  | 'switch'; // at this decision another task goes on: `value` = its slot. The access at a point follows when the task comes back, if ever

/** One line of a trace, in execution order. */
export interface TraceStep {
  readonly kind: TraceKind;
  readonly task: number;
  /** The task's own decision number (`HotDeviation.step`) for access, block, exit and switch; -1 otherwise. */
  readonly step: number;
  readonly site: number;
  /** Address accessed, lock, or object; 0 if none. */
  readonly address: number;
  /** Class id of the object that contains `address`, 0 if none; offset within it. */
  readonly classId: number;
  readonly offset: number;
  /** Loads: the value read. Stores: the value written. Unsigned 32 bits. */
  readonly value: number;
  /** Text of a note. */
  readonly text: string;
  /** State hash before this step. */
  readonly hash: bigint;
}

/** What names the place of a step and what was decided there. */
export type BareStep = Pick<TraceStep, 'kind' | 'task' | 'step' | 'site' | 'address' | 'value'>;

export interface TracedExecution extends ExecutionResult {
  readonly trace: readonly TraceStep[];
}

/** One execution, with the features that it reaches. */
export interface Glanced extends ExecutionResult {
  readonly trace: readonly BareStep[];
  readonly features: readonly number[];
}
