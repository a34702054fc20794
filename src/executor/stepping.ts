/** Executions that the host drives decision by decision, on an executor that was made `eager`; what `explain` asks "what if" with. */
import type { HotSchedule } from '../schedule/schedule.js';
import type { Executor } from './executor.js';
import { HEAD, MEMORY } from './layout.js';
import { trapNumber } from './traps.js';
import type { ExecutionResult, TraceKind } from './types.js';

/** By number: assembly/executor/scheduler.ts. */
const REASONS: readonly TraceKind[] = ['access', 'access', 'block', 'exit', 'switch'];

/** `task` goes on from its own decision number `at`; -1 = it starts. */
export interface Move {
  readonly task: number;
  readonly at: number;
}

export class Stepper {
  /** At which of its own decisions each task stands. */
  private readonly rests = new Map<number, number>();
  private hasDecision = false;
  private trapped: ExecutionResult | null = null;

  constructor(readonly executor: Executor) {}

  /** As `open`, and takes the first decision, who starts, by default. */
  begin(schedule: HotSchedule): void {
    this.open(schedule);
    if (this.isOpen && this.pendingTask < 0) this.move(null);
  }

  /** Starts an execution of the schedule's events and choices; its deviations are not looked at. */
  open(schedule: HotSchedule): void {
    this.rests.clear();
    this.trapped = null;
    this.hasDecision = this.guarded(() => this.executor.begin(schedule));
  }

  /** Whether a decision is open. */
  get isOpen(): boolean {
    return this.hasDecision;
  }

  /** The task that stands at the open decision, and which of its decisions that is. */
  get pendingTask(): number {
    return this.word('pendingTask');
  }
  get pendingStep(): number {
    return this.word('pendingStep');
  }
  /** What the task is about to do, and its site (index in the manifest). */
  get pendingKind(): TraceKind {
    return REASONS[this.word('pendingReason')] ?? 'access';
  }
  get pendingSite(): number {
    return this.word('pendingSite');
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
    this.hasDecision = this.guarded(() => this.executor.proceed(task));
    if (this.hasDecision && this.pendingTask >= 0) this.rests.set(this.pendingTask, this.pendingStep);
    return made;
  }

  /** From here on turns go round, one point each: what a deviation to the task that goes on by default means. */
  goRound(): Move {
    const { executor, pendingTask } = this;
    executor.view.setI32(MEMORY.HEAD + HEAD.fair, 1);
    const ready = executor.ready();
    return this.move(ready.find((task) => task > pendingTask) ?? ready[0] ?? pendingTask);
  }

  /** Back to where `executor.save()` was called, at an open decision of this execution. */
  restore(saved: Uint8Array): void {
    this.executor.restore(saved);
    this.trapped = null;
    this.hasDecision = true;
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
    this.hasDecision = false;
    return this.finish();
  }

  private word(name: 'pendingTask' | 'pendingStep' | 'pendingDefault' | 'pendingReason' | 'pendingSite'): number {
    return this.executor.view.i32(MEMORY.HEAD + HEAD[name]);
  }

  /** A trap of the model ends the execution with a finding, like any other failure. */
  private guarded(work: () => boolean): boolean {
    try {
      return work();
    } catch (error) {
      this.executor.wasm.trapped(trapNumber(error));
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
  while (stepper.isOpen && visit(moves.length)) {
    const { pendingTask, pendingStep, pendingKind, byDefault } = stepper;
    const target = targets.get(`${pendingTask},${pendingStep}`) ?? null;
    const isFair = target === pendingTask && target === byDefault && pendingKind === 'access';
    moves.push(isFair ? stepper.goRound() : stepper.move(target));
  }
  return moves;
}

/** The moves of a schedule's run, in order. */
export function movesOf(stepper: Stepper, schedule: HotSchedule): Move[] {
  const moves = followSchedule(stepper, schedule, () => true);
  stepper.finish();
  return moves;
}
