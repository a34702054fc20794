/** The host's side of exhaustive search: `assembly/search/depth-first.ts` in slices. */
import { byTaskAndStep } from '../schedule/hot.js';
import type { HotDeviation, HotSchedule } from '../schedule/schedule.js';
import { Executor, type ExecutorOptions } from './executor.js';
import { HEAD, MEMORY, TASK } from './layout.js';
import { LEARNED_BYTES } from './learned.js';
import { trapNumber } from './traps.js';
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
  /** Look for data races, orders of locks and accesses without the declared lock as well. */
  readonly costly: boolean;
  readonly bounds: SearchBounds;
  /** Keep the edges between states as well, for `takeEdges`; equal events are then told apart. */
  readonly liveness?: boolean;
  /** Other processes search parts of the same space: equal states then have equal keys in all of them. */
  readonly shared?: boolean;
  /** The events to search; the scene's if not given. Its decisions are not looked at. */
  readonly events?: HotSchedule;
}

/** Why `run` came back. */
export type SearchEvent =
  | 'finished'
  | 'more'
  | 'finding'
  | 'restart'
  | 'visited-full'
  | 'path-full'
  | 'cut'
  | 'order'
  | 'target'
  | 'oracles-full';
const EVENTS: readonly SearchEvent[] = [
  'finished',
  'more',
  'finding',
  'restart',
  'visited-full',
  'path-full',
  'cut',
  'order',
  'target',
  'oracles-full',
];

/** Layout of assembly/search/layout.ts; that of what was learned is in learned.ts. */
const LEARNED = 0x1000000;
const STACK = 0x1fe0000;
const PAGE = 65536;
/** Size and words of a frame: assembly/search/depth-first.ts. */
const FRAME = 128;
const LOW = 8;
const HIGH = 16;
const AGAIN = 28;
/** Random runs that show most of what tasks touch: at most so many, and so many after the last that showed anything. */
const LEARNING_RUNS = 1_024;
const LEARNING_SLICE = 64;
/** Room for edges between two calls of `takeEdges`, and for the keys of states that are looked for; behind the path. */
const EDGES_BYTES = 2 << 20;
const TARGETS_MAX = 64;

/** A violation with the way to it. */
export interface Violation {
  readonly finding: RawFinding;
  readonly schedule: HotSchedule;
  /** Of a data race: the two accesses right after each other, in either order. */
  readonly adjacent: readonly HotSchedule[];
}

export class Search {
  readonly executor: Executor;
  private readonly memoryEnd: number;
  private pending: SearchEvent | null = null;

  constructor(private readonly options: SearchOptions) {
    const pathPages = Math.ceil((STACK + options.pathBytes) / PAGE);
    this.memoryEnd = pathPages * PAGE;
    const pages = pathPages + Math.ceil((EDGES_BYTES + 8 * TARGETS_MAX) / PAGE);
    this.executor = Executor.create({
      ...options,
      build: options.costly ? 'search-oracles' : 'search',
      pages,
      eager: true,
      visited: options.visited.imports,
    });
    this.executor.setEvents(options.events ?? this.executor.sceneSchedule());
    if (options.liveness) this.executor.wasm.searchRecord(this.memoryEnd, EDGES_BYTES);
    this.executor.wasm.searchPrepare();
    if (options.shared) this.executor.wasm.searchShare();
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

  /** Other threads are to search as well. Answers whether this pass is void by that. */
  admitThreads(): boolean {
    return this.executor.wasm.searchAdmitThreads() !== 0;
  }

  /** Grows with what was learned. */
  private knowledge(): number {
    return this.executor.wasm.searchKnowledge();
  }

  /** What was learned, as one block: `teach` of another search of the same model, scene and options takes it. */
  learned(): Uint8Array {
    return this.executor.view.bytes.slice(LEARNED, LEARNED + LEARNED_BYTES);
  }
  teach(learned: Uint8Array): void {
    this.executor.view.bytes.set(learned, LEARNED);
  }

  /** Begins a pass over an empty set of visited states. `event` of the first state comes with the next `run`. */
  start(bounds: SearchBounds = this.options.bounds): void {
    this.begin(-1, bounds);
  }

  /**
   * Begins a pass that only learns and tells no findings: states count as one that agree in where tasks stand and in so many bits of their key.
   * It ends with `finished`, or with `restart` if it has learned something.
   */
  scout(bits: number): void {
    this.begin(bits, this.options.bounds);
  }

  private begin(scoutBits: number, { preemptions, depth }: SearchBounds): void {
    this.executor.wasm.searchScout(scoutBits);
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
      return wasm.searchTrapped(trapNumber(error));
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
  /** The pass relied on what is not so: it will end with `restart`. */
  get isVoid(): boolean {
    return this.executor.wasm.searchVoid() !== 0;
  }
  /** A bound left something out. */
  get bounded(): boolean {
    return this.executor.wasm.searchBounded() !== 0;
  }

  /** A state was met again on its own path, or that cannot be told: a run may go on for ever, which shows no end to be judged. */
  get repeats(): boolean {
    return this.executor.wasm.searchRepeats() !== 0;
  }

  /** The edges that were walked since the last call, as records (`assembly/search/edges.ts`). After each `run`. */
  takeEdges(): Uint8Array {
    const bytes = this.executor.wasm.searchRecorded();
    return this.executor.view.bytes.slice(this.memoryEnd, this.memoryEnd + bytes);
  }

  /** From the next `start` on, `run` stops at each of these states with `target`; equal events are told apart. */
  lookFor(keys: readonly bigint[]): void {
    const at = this.memoryEnd + EDGES_BYTES;
    const some = keys.slice(0, TARGETS_MAX);
    some.forEach((key, i) => {
      this.executor.view.setU64(at + 8 * i, key);
    });
    this.executor.wasm.searchFor(at, some.length);
  }

  /** Schedules to the state that `run` stopped at, from where turns go round: at once, or after one more step of a task; or do not. */
  schedulesWithTurns(): HotSchedule[] {
    const { view } = this.executor;
    const steps = (task: number): number => view.i32(MEMORY.TASKS + task * MEMORY.TASK_SIZE + TASK.steps);
    const here = view.i32(MEMORY.HEAD + HEAD.pendingTask);
    const atPoint = view.i32(MEMORY.HEAD + HEAD.pendingReason) === 0;
    const turns: HotDeviation[][] = here >= 0 && atPoint ? [[{ task: here, step: steps(here) - 1, target: here }]] : [];
    for (const task of this.executor.ready()) {
      const first = here < 0 || (task === here && atPoint) ? [] : [{ task: here, step: steps(here) - 1, target: task }];
      turns.push([...first, { task, step: steps(task), target: task }]);
    }
    const schedule = this.schedule();
    return [...turns, []].map((deviations) => withDeviations(schedule, deviations));
  }

  /** The path and what is left to be tried along it, for a checkpoint. Empty if nothing is left. */
  path(): Uint8Array {
    const { view } = this.executor;
    const frames = this.frames();
    const copy = new Uint8Array(frames.length * FRAME);
    frames.forEach((at, i) => {
      copy.set(view.bytes.subarray(at, at + FRAME), i * FRAME);
    });
    return copy;
  }

  /** Goes on where `path` or `share` of a search with the same knowledge left off. False: it cannot be walked. */
  adopt(path: Uint8Array): boolean {
    const at = (this.memoryEnd - path.length) & ~7;
    this.executor.view.bytes.set(path, at);
    this.pending = null;
    return this.executor.wasm.searchAdopt(at, path.length / FRAME) !== 0;
  }

  /** Gives away what is left to be tried at the lowest state that has something; null if only the top of the path has. */
  share(): Uint8Array | null {
    const { view } = this.executor;
    const frames = this.frames();
    const lowest = frames.findIndex((at) => view.u64(at + LOW) !== 0n || view.u64(at + HIGH) !== 0n);
    if (lowest < 0 || lowest >= frames.length - 1) return null;
    return this.giveAway(frames, lowest);
  }

  /** Gives away all that is left to be tried at the top of the path, which then is done here. */
  shareTop(): Uint8Array {
    const frames = this.frames();
    return this.giveAway(frames, frames.length - 1);
  }

  /** What is left at the state of this frame, and nothing of those below it. */
  private giveAway(frames: readonly number[], which: number): Uint8Array {
    const { view } = this.executor;
    const copy = this.path().slice(0, (which + 1) * FRAME);
    const words = new DataView(copy.buffer);
    for (let i = 0; i <= which; i++) {
      words.setInt32(i * FRAME + AGAIN, 0, true);
      if (i === which) break;
      words.setBigUint64(i * FRAME + LOW, 0n, true);
      words.setBigUint64(i * FRAME + HIGH, 0n, true);
    }
    const at = frames[which] ?? 0;
    view.setU64(at + LOW, 0n);
    view.setU64(at + HIGH, 0n);
    return copy;
  }

  /** Addresses of the frames, the lowest first. */
  private frames(): number[] {
    const { view, wasm } = this.executor;
    const frames: number[] = [];
    for (let at = wasm.searchTop() >>> 0; at !== 0; at = view.u32(at)) frames.push(at);
    return frames.reverse();
  }

  /** The schedule of the transition that `run` stopped after; it replays in every build. */
  schedule(): HotSchedule {
    this.replay();
    return this.executor.result().recorded;
  }

  /** Where the transition ended in a trap it does so again, when all of its decisions are recorded. */
  private replay(): void {
    try {
      this.executor.wasm.searchReplay();
    } catch (error) {
      trapNumber(error);
      this.executor.view.setI32(MEMORY.HEAD + HEAD.asyncifyState, 0);
    }
  }

  /**
   * New findings of the state that `run` stopped at; they are known from then on, but for those of which `wanted` says that the search must
   * stop at them again. The schedule replays in every build.
   */
  violations(wanted: (finding: RawFinding) => boolean = () => false): Violation[] {
    const { executor } = this;
    const fresh = executor.result().findings.filter((finding) => !executor.isKnown(finding));
    for (const finding of fresh) if (!wanted(finding)) executor.acknowledge(finding);
    const last = this.lastDecisions(fresh);
    const schedule = this.schedule();
    return fresh.map((finding, i) => ({
      finding,
      schedule,
      adjacent: (last[i] ?? []).map((deviations) => withDeviations(schedule, deviations)),
    }));
  }

  /** For each data race: the decisions that let its two tasks do their accesses next, in either order. */
  private lastDecisions(findings: readonly RawFinding[]): HotDeviation[][][] {
    const { view } = this.executor;
    const steps = (task: number): number => view.i32(MEMORY.TASKS + task * MEMORY.TASK_SIZE + TASK.steps);
    const here = view.i32(MEMORY.HEAD + HEAD.pendingTask);
    return findings.map(({ kind, task, otherTask }) => {
      if (kind !== 'data-race' || otherTask === undefined) return [];
      return [
        [task, otherTask],
        [otherTask, task],
      ].map(([first = 0, second = 0]) => [
        ...(first === here ? [] : [{ task: here, step: steps(here) - 1, target: first }]),
        { task: first, step: steps(first), target: second },
      ]);
    });
  }
}

/** Sorted as executors want them; of two at one place the later counts. */
function withDeviations(schedule: HotSchedule, more: readonly HotDeviation[]): HotSchedule {
  const kept = schedule.deviations.filter((d) => !more.some((m) => m.task === d.task && m.step === d.step));
  return { ...schedule, deviations: [...kept, ...more].sort(byTaskAndStep) };
}
