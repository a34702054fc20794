/** Two walks over all interleavings: of the executor, and of programs written by hand as generators, which share no code with it. */
import type { Executor } from '../../src/executor/executor.js';
import { HEAD, MEMORY } from '../../src/executor/layout.js';
import type { ExecutionResult, TraceStep } from '../../src/executor/types.js';

interface Logged {
  readonly chosen: number;
  readonly alternatives: readonly number[];
}

function readLog(executor: Executor): Logged[] {
  const { view } = executor;
  const out: Logged[] = [];
  for (let i = 0, n = view.i32(MEMORY.HEAD + HEAD.logged); i < n; i++) {
    const at = MEMORY.LOG + i * 32;
    const low = view.u64(at + 16);
    const high = view.u64(at + 24);
    const isChoice = view.i32(at) === 1;
    const alternatives = isChoice
      ? Array.from({ length: Number(low) }, (_, k) => k)
      : Array.from({ length: 128 }, (_, t) => t).filter((t) => ((t < 64 ? low : high) >> BigInt(t % 64)) & 1n);
    out.push({ chosen: view.i32(at + 8), alternatives });
  }
  return out;
}

/** Runs every interleaving of the configured scene; `visit` sees each leaf. Answers how many there are. */
export function enumerateExecutor(executor: Executor, visit: (result: ExecutionResult) => void): number {
  const schedule = executor.sceneSchedule();
  let path: number[] = [];
  for (let leaves = 1; ; leaves++) {
    const result = executor.enumerate(schedule, Uint8Array.from(path));
    const log = readLog(executor); // before the visitor runs the executor again
    visit(result);
    const i = log.findLastIndex(({ chosen, alternatives }) => chosen !== alternatives.at(-1));
    const last = log[i];
    if (!last) return leaves;
    path = [...log.slice(0, i).map((l) => l.chosen), last.alternatives.find((a) => a > last.chosen) ?? 0];
  }
}

/** What a hand-written task says when it stops: a point; a wait until something holds; a sleep until woken; a choice. */
export type Stop =
  | { kind: 'point' }
  | { kind: 'until'; holds: () => boolean }
  | { kind: 'sleep'; on: string }
  | { kind: 'choose'; n: number };
export type Program<S> = (state: S, world: World<S>, me: string) => Generator<Stop, void, number>;

export const point = { kind: 'point' } as const;

/** What programs may do to others. */
export interface World<S> {
  spawn(program: Program<S>): string;
  wake(on: string, count: number): void;
  isDone(task: string): boolean;
}

interface Running {
  name: string;
  generator: Generator<Stop, void, number>;
  stop: Stop | null;
  done: boolean;
  asleepOn: string | null;
  ticket: number;
  children: number;
  /** It has not passed a point. */
  fresh: boolean;
}

/**
 * All interleavings of the programs. `visit` sees the sequence of tasks (one name for each point passed, `name!` for each block), the state
 * and whether tasks were left waiting.
 */
export function enumeratePrograms<S>(
  programs: readonly Program<S>[],
  initial: () => S,
  visit: (sequence: string, state: S, stuck: boolean) => void,
): number {
  let leaves = 0;
  const explore = (path: readonly number[]): void => {
    const run = new Replay(programs, initial());
    for (const choice of path) run.take(choice);
    const options = run.options();
    if (options === 0) {
      leaves++;
      visit(
        run.sequence.join(' '),
        run.state,
        run.tasks.some((t) => !t.done),
      );
      return;
    }
    for (let i = 0; i < options; i++) explore([...path, i]);
  };
  explore([]);
  return leaves;
}

class Replay<S> implements World<S> {
  readonly tasks: Running[] = [];
  readonly sequence: string[] = [];
  private tickets = 0;
  private current: Running | null = null;
  /** Set while a task stands at a choice: it must be answered before anything else. */
  private choosing: Running | null = null;

  constructor(
    programs: readonly Program<S>[],
    readonly state: S,
  ) {
    programs.forEach((program, i) => {
      this.add(`${i}`, program);
    });
  }

  private add(name: string, program: Program<S>): void {
    const task: Running = {
      name,
      generator: program(this.state, this, name),
      stop: null,
      done: false,
      asleepOn: null,
      ticket: 0,
      children: 0,
      fresh: true,
    };
    this.tasks.push(task);
  }

  spawn(program: Program<S>): string {
    const parent = this.current as Running;
    const name = `${parent.name}.${parent.children++}`;
    this.add(name, program);
    return name;
  }
  wake(on: string, count: number): void {
    const waiting = this.tasks.filter((t) => t.asleepOn === on).sort((a, b) => a.ticket - b.ticket);
    for (const task of count < 0 ? waiting : waiting.slice(0, count)) task.asleepOn = null;
  }
  isDone(name: string): boolean {
    return this.tasks.some((t) => t.name === name && t.done);
  }

  private ready(): Running[] {
    return this.tasks.filter((t) => !t.done && t.asleepOn === null && (t.stop?.kind !== 'until' || t.stop.holds()));
  }

  options(): number {
    if (this.choosing?.stop?.kind === 'choose') return this.choosing.stop.n;
    return this.ready().length;
  }

  take(choice: number): void {
    const task = this.choosing ?? (this.ready()[choice] as Running);
    const isChoice = this.choosing !== null;
    this.choosing = null;
    if (task.stop?.kind === 'point') this.sequence.push(task.name);
    this.advance(task, isChoice ? choice : 0);
    // A task that was chosen to start does something: it passes its first point without being chosen again.
    while (task.fresh && !task.done && this.choosing === null) {
      task.fresh = false;
      if (task.stop?.kind !== 'point') return;
      this.sequence.push(task.name);
      this.advance(task, 0);
    }
  }

  private advance(task: Running, value: number): void {
    this.current = task;
    const { done, value: stop } = task.generator.next(value);
    if (done) {
      task.done = true;
      task.stop = null;
      this.wake(`exit ${task.name}`, -1);
      return;
    }
    task.stop = stop;
    if (stop.kind === 'until') this.sequence.push(`${task.name}!`);
    if (stop.kind === 'sleep') {
      this.sequence.push(`${task.name}!`);
      task.asleepOn = stop.on;
      task.ticket = this.tickets++;
    }
    if (stop.kind === 'choose') this.choosing = task;
  }
}

/** The executor's run in the words of `enumeratePrograms`. */
export function sequenceOf(trace: readonly TraceStep[], paths: ReadonlyMap<number, string>): string {
  const name = (step: TraceStep): string => paths.get(step.task) ?? '?';
  return trace
    .filter((s) => s.kind === 'access' || s.kind === 'block')
    .map((s) => (s.kind === 'block' ? `${name(s)}!` : name(s)))
    .join(' ');
}
