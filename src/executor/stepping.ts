/** Executions that the host drives decision by decision, on an executor that was made `eager`; what `explain` asks "what if" with. */
import type { HotSchedule } from '../schedule/schedule.js';
import type { Executor } from './executor.js';
import { HEAD, MEMORY } from './layout.js';
import type { ExecutionResult } from './types.js';

/** `task` goes on from its own decision number `at`; -1 = it starts. */
export interface Move {
  readonly task: number;
  readonly at: number;
}

export class Stepper {
  /** At which of its own decisions each task stands. */
  private readonly rests = new Map<number, number>();
  private isOpen = false;
  private trapped: ExecutionResult | null = null;

  constructor(readonly executor: Executor) {}

  /** Starts an execution of the schedule's events and choices; its deviations are not looked at. The start itself is by default. */
  begin(schedule: HotSchedule): void {
    this.rests.clear();
    this.trapped = null;
    this.isOpen = this.guarded(() => this.executor.begin(schedule));
    if (this.isOpen && this.pendingTask < 0) this.move(null);
  }

  /** Whether a decision is open. */
  get open(): boolean {
    return this.isOpen;
  }

  /** The task that stands at the open decision, and which of its decisions that is. */
  get pendingTask(): number {
    return this.word('pendingTask');
  }
  get pendingStep(): number {
    return this.word('pendingStep');
  }
  /** Who runs if nothing is decided. */
  get byDefault(): number {
    return this.word('pendingDefault');
  }

  restOf(task: number): number {
    return this.rests.get(task) ?? -1;
  }

  /** Lets that task run up to its next decision (null: the default scheduler's). Answers what was done. */
  move(task: number | null): Move {
    const next = task ?? this.byDefault;
    const made = { task: next, at: this.restOf(next) };
    this.isOpen = this.guarded(() => this.executor.proceed(task));
    if (this.isOpen && this.pendingTask >= 0) this.rests.set(this.pendingTask, this.pendingStep);
    return made;
  }

  /** Ends the execution, which must have no open decision. */
  finish(): ExecutionResult {
    return this.trapped ?? this.executor.finish();
  }

  /** Runs the rest by the executor's strategy. Afterwards only `finish` makes sense. */
  runOn(first: number): ExecutionResult {
    this.trapped = null;
    this.executor.view.setI32(MEMORY.HEAD + HEAD.pausing, 0);
    this.guarded(() => this.executor.proceed(first));
    this.isOpen = false;
    return this.finish();
  }

  private word(name: 'pendingTask' | 'pendingStep' | 'pendingDefault'): number {
    return this.executor.view.i32(MEMORY.HEAD + HEAD[name]);
  }

  /** A trap of the model ends the execution with a finding, like any other failure. */
  private guarded(work: () => boolean): boolean {
    try {
      return work();
    } catch (error) {
      const isOverflow = error instanceof RangeError;
      if (!isOverflow && !(error instanceof WebAssembly.RuntimeError)) throw error;
      this.executor.wasm.trapped(isOverflow ? 1 : 0);
      this.trapped = this.executor.result();
      return false;
    }
  }
}

/**
 * Makes the schedule's moves one by one. `visit` is told before each how many were made, while the execution can be saved; `false` ends it
 * there. Answers the moves.
 */
export function followSchedule(stepper: Stepper, schedule: HotSchedule, visit: (made: number) => boolean): Move[] {
  const targets = new Map(schedule.deviations.map(({ task, step, target }) => [`${task},${step}`, target]));
  const moves: Move[] = [];
  stepper.begin(schedule);
  while (stepper.open && visit(moves.length)) {
    moves.push(stepper.move(targets.get(`${stepper.pendingTask},${stepper.pendingStep}`) ?? null));
  }
  return moves;
}

/** The moves of a schedule's run, in order. */
export function movesOf(stepper: Stepper, schedule: HotSchedule): Move[] {
  const moves = followSchedule(stepper, schedule, () => true);
  stepper.finish();
  return moves;
}
