/** The host's side of exhaustive search: `assembly/search/depth-first.ts` in slices. */
import type { HotSchedule } from '../schedule/schedule.js';
import { Executor, type ExecutorOptions } from './executor.js';
import { PAGES } from './layout.js';
import type { RawFinding } from './types.js';

export interface SearchLimits {
  /** Entries of the visited set: 2 to this power, 8 bytes each. */
  readonly statesLog2: number;
  /** Bytes for saved states: the depth of the search is bounded by them. */
  readonly stackBytes: number;
}

export interface SearchOptions extends Omit<ExecutorOptions, 'build' | 'pages' | 'eager'> {
  readonly search?: SearchLimits;
  /** Leave out alternatives at cells that only one task touches or that nobody writes. */
  readonly reduce: boolean;
}

/** Why `run` came back. */
export type SearchEvent = 'finished' | 'more' | 'finding' | 'visited-set-full' | 'stack-full' | 'cut';
const EVENTS = ['finished', 'more', 'finding', 'restart', 'visited-set-full', 'stack-full', 'cut'] as const;

export const DEFAULT_SEARCH_LIMITS: SearchLimits = { statesLog2: 22, stackBytes: 64 << 20 };
const VISITED = 0x1200000;
const LEARNING_RUNS = 2_000;

/** A violation with the way to it. */
export interface Violation {
  readonly finding: RawFinding;
  readonly schedule: HotSchedule;
}

export class Search {
  readonly executor: Executor;
  private readonly memoryEnd: number;
  private readonly log2: number;
  /** Times the search began anew because tasks turned out to share more. */
  restarts = 0;

  constructor(private readonly options: SearchOptions) {
    const { statesLog2, stackBytes } = options.search ?? DEFAULT_SEARCH_LIMITS;
    this.log2 = statesLog2;
    this.memoryEnd = VISITED + 8 * 2 ** statesLog2 + stackBytes;
    const pages = Math.max(PAGES, Math.ceil(this.memoryEnd / 65536));
    this.executor = Executor.create({ ...options, build: 'search', pages, eager: true });
    this.executor.setEvents(this.executor.sceneSchedule());
    this.learn();
    this.started = this.start();
  }

  private started: SearchEvent | null;

  /** What tasks share shows in a few random runs, and saves most of the restarts. */
  private learn(): void {
    if (!this.options.reduce) return;
    this.executor.strategy('random');
    this.executor.seed(1n);
    for (let done = 0; done < LEARNING_RUNS; ) done += this.executor.batch(LEARNING_RUNS - done);
  }

  private start(): SearchEvent | null {
    const result = EVENTS[this.executor.wasm.searchStart(this.log2, this.memoryEnd, this.options.reduce ? 1 : 0)];
    return result === 'more' ? null : (result as SearchEvent);
  }

  /** Runs at most `transitions` transitions. After `finding`, `violations` tells which; the search goes on with the next call. */
  run(transitions: number): SearchEvent {
    if (this.started) {
      const event = this.started;
      this.started = null;
      return event;
    }
    const result = EVENTS[this.executor.wasm.searchRun(transitions)];
    if (result !== 'restart') return result as SearchEvent;
    this.restarts += 1;
    this.started = this.start();
    return 'more';
  }

  get states(): number {
    return this.executor.wasm.searchStates() >>> 0;
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
