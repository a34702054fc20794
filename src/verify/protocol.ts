/** What the main thread and the helpers of a search tell each other. */
import type { SearchOptions, Violation } from '../executor/search.js';
import type { Observed } from '../executor/observed.js';
import type { RawFinding } from '../executor/types.js';
import type { HotSchedule } from '../schedule/schedule.js';

/** All that a search is made of, but for the visited states. */
export type SearchSetup = Omit<SearchOptions, 'visited'>;

/** Transitions between two looks at the clock and at messages. */
export const SLICE = 20_000;

/** Entries that the visited set of a search starts with, as a power of two: it grows. */
export const VISITED_START = 14;

export interface HelperSetup {
  readonly search: SearchSetup;
  readonly memory: WebAssembly.Memory;
}

export type ToHelper =
  /** A pass begins: with this knowledge, over an empty set. */
  | { readonly type: 'pass'; readonly learned: Uint8Array }
  | { readonly type: 'work'; readonly path: Uint8Array }
  /** Give some of your work away. */
  | { readonly type: 'share' }
  /** Stop, and say so; then wait for `pass` or `go`. */
  | { readonly type: 'halt' }
  | { readonly type: 'go' }
  | { readonly type: 'known'; readonly finding: RawFinding }
  /** The search is over. */
  | { readonly type: 'end' };

export interface Counts {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly depthMax: number;
  readonly bounded: boolean;
  /** Something was learned that makes the pass void. */
  readonly isVoid: boolean;
}

export type FromHelper =
  | { readonly type: 'counts'; readonly counts: Counts }
  /** Of `Search.takeEdges`. */
  | { readonly type: 'edges'; readonly records: Uint8Array }
  /** Nothing is left to be tried; `pass` numbers the passes. */
  | { readonly type: 'idle'; readonly counts: Counts; readonly reached: readonly number[]; readonly observed: Observed }
  /** null: nothing to give. */
  | { readonly type: 'shared'; readonly path: Uint8Array | null }
  | { readonly type: 'violations'; readonly violations: readonly Violation[] }
  | { readonly type: 'order'; readonly schedule: HotSchedule }
  /** The pass is void: something was learned. */
  | { readonly type: 'restart'; readonly learned: Uint8Array }
  | { readonly type: 'visited-full' }
  | { readonly type: 'cut'; readonly event: 'path-full' | 'cut' | 'oracles-full' }
  /** Halted, with what is left to be tried. */
  | { readonly type: 'halted'; readonly path: Uint8Array; readonly counts: Counts };
