/** The part of docs/abi.md that the build needs: addresses, hooks, and which imports may suspend. */
import { TYPE } from './wasm-reader.js';

export const ADDRESS = {
  /** One byte a mark. */
  marks: 0x320000,
  asyncifyState: 0x3f0000,
  asyncifyData: 0x3f0004,
  fuel: 0x3f0008,
  depth: 0x3f000c,
  callSite: 0x3f0010,
  /** Static data and module-variable cells. */
  model: 0x400000,
  /** End of the space for them. */
  modelEnd: 0x440000,
  /** What tasks allocate. */
  arenas: 0x440000,
  arenasEnd: 0x640000,
} as const;

export const MARKS_MAX = 0x8000;
export const PAGES = 256;
/** Exhaustive search runs in a larger memory than fuzzing. */
export const PAGES_MAX = 65536;
export const DEPTH_MAX = 200;
/** Table indices below it are the executor's. */
export const TABLE_BASE = 8;

const { i32, i64 } = TYPE;
type Signature = readonly [params: readonly number[], results: readonly number[]];

/** Hooks that the build inserts, with their site parameter. */
export const HOOKS = {
  ld8: [[i32, i32, i32], [i32]],
  ld16: [[i32, i32, i32], [i32]],
  ld32: [[i32, i32, i32], [i32]],
  ld64: [[i32, i32, i32], [i64]],
  st8: [[i32, i32, i32, i32], []],
  st16: [[i32, i32, i32, i32], []],
  st32: [[i32, i32, i32, i32], []],
  st64: [[i32, i64, i32, i32], []],
  set32: [[i32, i32, i32], []],
  set64: [[i64, i32, i32], []],
  qld8: [[i32, i32, i32], [i32]],
  qld16: [[i32, i32, i32], [i32]],
  qld32: [[i32, i32, i32], [i32]],
  qld64: [[i32, i32, i32], [i64]],
  qst8: [[i32, i32, i32, i32], []],
  qst16: [[i32, i32, i32, i32], []],
  qst32: [[i32, i32, i32, i32], []],
  qst64: [[i32, i64, i32, i32], []],
  qset32: [[i32, i32, i32], []],
  qset64: [[i64, i32, i32], []],
  fn: [[i32, i32, i32], [i32]],
  cls: [[i32, i32, i32], [i32]],
  new: [[i32, i32, i32], [i32]],
  renew: [[i32, i32, i32], [i32]],
  copy: [[i32, i32, i32, i32], []],
  fill: [[i32, i32, i32, i32], []],
  trap: [[i32], []],
  fuel: [[i32], []],
  deep: [[i32], []],
  num: [[i32, i32, i32, i32], []],
  wide: [[i64], [i64]],
  idx: [[i32, i32, i32, i32], []],
} as const satisfies Record<string, Signature>;

export type Hook = keyof typeof HOOKS;
export const HOOK_NAMES = Object.keys(HOOKS) as Hook[];

/** Imports that a call can neither suspend nor end the execution in; every other one is Asyncify's business. */
const NEVER_SUSPENDS = new Set([
  'num',
  'wide',
  'self',
  'design',
  'is_design',
  'scene',
  'option',
  'declare',
  'holds',
  'atomic_enter',
  'atomic_exit',
  'irq_on',
  'interrupt_end',
  'call_site',
  'at',
  'count',
  'note',
  'annotate',
]);

export const maySuspend = (importName: string): boolean => !NEVER_SUSPENDS.has(importName);

/** Opcode of a load or store → width of its hook, conversions before the call (stores), after it (loads). */
export interface AccessKind {
  readonly store: boolean;
  readonly hook: 'ld8' | 'ld16' | 'ld32' | 'ld64' | 'st8' | 'st16' | 'st32' | 'st64';
  readonly convert: readonly number[];
}

const load = (hook: AccessKind['hook'], ...convert: number[]): AccessKind => ({ store: false, hook, convert });
const store = (hook: AccessKind['hook'], ...convert: number[]): AccessKind => ({ store: true, hook, convert });

export const ACCESSES: ReadonlyMap<number, AccessKind> = new Map([
  [0x28, load('ld32')],
  [0x29, load('ld64')],
  [0x2a, load('ld32', 0xbe)],
  [0x2b, load('ld64', 0xbf)],
  [0x2c, load('ld8', 0xc0)],
  [0x2d, load('ld8')],
  [0x2e, load('ld16', 0xc1)],
  [0x2f, load('ld16')],
  [0x30, load('ld8', 0xad, 0xc2)],
  [0x31, load('ld8', 0xad)],
  [0x32, load('ld16', 0xad, 0xc3)],
  [0x33, load('ld16', 0xad)],
  [0x34, load('ld32', 0xac)],
  [0x35, load('ld32', 0xad)],
  [0x36, store('st32')],
  [0x37, store('st64')],
  [0x38, store('st32', 0xbc)],
  [0x39, store('st64', 0xbd)],
  [0x3a, store('st8')],
  [0x3b, store('st16')],
  [0x3c, store('st8', 0xa7)],
  [0x3d, store('st16', 0xa7)],
  [0x3e, store('st32', 0xa7)],
]);

/** The same hook without a scheduling point. */
export const quiet = (hook: Hook): Hook => `q${hook}` as Hook;

/** Globals of the language that belong to a task: the executor owns and switches them. */
export const TASK_LOCAL: ReadonlyMap<string, string> = new Map([
  ['~argumentsLength', 'arguments_length'],
  ['__stack_pointer', 'stack_pointer'],
]);
