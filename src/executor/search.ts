/** The host's side of exhaustive search: `assembly/search/depth-first.ts` in slices. */
import type { HotSchedule } from '../schedule/schedule.js';
import { Executor, type ExecutorOptions } from './executor.js';
import type { RawFinding } from './types.js';
import type { Visited } from './visited.js';

/** What may be left out of a search; the verdict then holds within it. */
export interface SearchBounds {
  /** Switches away from a task that could have gone on; null = any number. */
  readonly preemptions: number | null;
  /** States on a path; null = any number. */
  readonly depth: number | null;
}
export const UNBOUNDED: SearchBounds = { preemptions: null, depth: null };

export interface SearchOptions extends Omit<ExecutorOptions, 'build' | 'pages' | 'eager' | 'visited'> {
  readonly visited: Visited;
  /** Bytes for the path: the depth of the search is bounded by them. */
  readonly pathBytes: number;
  /** Leave out alternatives that cannot matter, and let equal events stand for each other. */
  readonly reduce: boolean;
  readonly bounds: SearchBounds;
}

/** Why `run` came back. */
export type SearchEvent = 'finished' | 'more' | 'finding' | 'restart' | 'visited-full' | 'path-full' | 'cut';
const EVENTS: readonly SearchEvent[] = ['finished', 'more', 'finding', 'restart', 'visited-full', 'path-full', 'cut'];

/** Layout of assembly/search/layout.ts. */
const LEARNED = 0x1000000;
const LEARNED_END = 0x1660000;
const STACK = 0x1eb0000;
const PAGE = 65536;
/** Random runs that show most of what tasks touch: at most so many, and so many after the last that showed anything. */
const LEARNING_RUNS = 1_024;
const LEARNING_SLICE = 64;

/** A violation with the way to it. */
export interface Violation {
  readonly finding: RawFinding;
  readonly schedule: HotSchedule;
}

export class Search {
  readonly executor: Executor;
  private readonly memoryEnd: number;
  private pending: SearchEvent | null = null;

  constructor(private readonly options: SearchOptions) {
    const pages = Math.ceil((STACK + options.pathBytes) / PAGE);
    this.memoryEnd = pages * PAGE;
    this.executor = Executor.create({
      ...options,
      build: 'search',
      pages,
      eager: true,
      visited: options.visited.imports,
    });
    this.executor.setEvents(this.executor.sceneSchedule());
    this.executor.wasm.searchPrepare();
  }

  /** What tasks touch shows in a few random runs, and saves most of the restarts. */
  learn(): void {
    if (!this.options.reduce) return;
    this.executor.strategy('random');
    this.executor.seed(1n);
    let known = -1;
    for (let runs = 0; runs < LEARNING_RUNS && known !== this.knowledge(); runs += LEARNING_SLICE) {
      known = this.knowledge();
      for (let done = 0; done < LEARNING_SLICE; ) done += this.executor.batch(LEARNING_SLICE - done);
    }
  }

  /** Grows with what was learned. */
  private knowledge(): number {
    return this.executor.wasm.searchKnowledge();
  }

  /** What was learned, as one block: `adopt` of another search of the same model, scene and options takes it. */
  learned(): Uint8Array {
    return this.executor.view.bytes.slice(LEARNED, LEARNED_END);
  }
  adopt(learned: Uint8Array): void {
    this.executor.view.bytes.set(learned, LEARNED);
  }

  /** Begins a pass over an empty set of visited states. `event` of the first state comes with the next `run`. */
  start(): void {
    const { preemptions, depth } = this.options.bounds;
    const reduce = this.options.reduce ? 1 : 0;
    const event = EVENTS[this.executor.wasm.searchStart(this.memoryEnd, reduce, preemptions ?? -1, depth ?? -1)];
    this.pending = event && event !== 'more' ? event : null;
  }

  /** Runs at most `transitions` transitions. After `finding`, `violations` tells which; the search goes on with the next call. */
  run(transitions: number): SearchEvent {
    const { pending } = this;
    this.pending = null;
    return pending ?? EVENTS[this.slice(transitions)] ?? 'more';
  }

  private slice(transitions: number): number {
    const { wasm } = this.executor;
    try {
      return wasm.searchRun(transitions);
    } catch (error) {
      if (error instanceof RangeError) return wasm.searchTrapped(1);
      if (error instanceof WebAssembly.RuntimeError) return wasm.searchTrapped(0);
      throw error;
    }
  }

  /** Distinct states, those that another thread came to first left out. */
  get states(): number {
    return Number(this.executor.wasm.searchStates());
  }
  get transitions(): number {
    return Number(this.executor.wasm.searchTransitions());
  }
  get depthMax(): number {
    return this.executor.wasm.searchDepthMax();
  }
  get depth(): number {
    return this.executor.wasm.searchDepth();
  }
  /** A bound left something out. */
  get bounded(): boolean {
    return this.executor.wasm.searchBounded() !== 0;
  }

  /** New findings of the state that `run` stopped at; they are known from then on. The schedule replays in every build. */
  violations(): Violation[] {
    const { executor } = this;
    const fresh = executor.result().findings.filter((finding) => !executor.isKnown(finding));
    for (const finding of fresh) executor.acknowledge(finding);
    executor.wasm.searchReplay();
    const { recorded } = executor.result();
    return fresh.map((finding) => ({ finding, schedule: recorded }));
  }
}
