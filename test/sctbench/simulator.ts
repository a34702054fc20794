/**
 * The samplers once more, by their definitions, on programs written by hand as generators: nothing is shared with the executor. An event is
 * executed when its task is chosen; a task whose next event cannot be executed (a lock that is taken, a join) cannot be chosen.
 */

/** The next event of a task. `own`: at memory of the task's own. */
export type SimEvent =
  | { readonly kind: 'read' | 'write' | 'lock' | 'unlock'; readonly at: string }
  | { readonly kind: 'spawn'; readonly body: Body }
  | { readonly kind: 'join'; readonly task: number }
  | { readonly kind: 'own' };

export interface World {
  readonly memory: Record<string, number>;
  failed: boolean;
}
export type Body = (world: World) => Generator<SimEvent, void, void>;

export interface SimProgram {
  readonly threads: readonly Body[];
  /** A deadlock is the bug. */
  readonly deadlocks?: true;
}

export interface Task {
  readonly run: Generator<SimEvent, void, void>;
  /** null: it has ended. */
  next: SimEvent | null;
}

export type Random = () => number;

export interface Sampler {
  arrived(task: number): void;
  /** One of the tasks that can be chosen; `tasks` have their next events. */
  choose(enabled: readonly number[], tasks: readonly Task[]): number;
  /** The task has executed `event`; `tasks` have their next ones. */
  executed(task: number, event: SimEvent, tasks: readonly Task[]): void;
}

const OWN_OF_MAIN = 10;
const OWN_OF_THREAD = 3;

function* own(n: number): Generator<SimEvent, void, void> {
  for (let i = 0; i < n; i++) yield { kind: 'own' };
}

/** Granularity C: see bench/sctbench/programs/threads.ts. */
export function mainOf(threads: readonly Body[]): Body {
  return function* main() {
    for (const body of threads) {
      yield* own(OWN_OF_MAIN);
      yield {
        kind: 'spawn',
        *body(world) {
          yield* own(OWN_OF_THREAD);
          yield* body(world);
          yield* own(OWN_OF_THREAD);
        },
      };
    }
    for (let i = 1; i <= threads.length; i++) yield { kind: 'join', task: i };
  };
}

/** One execution: whether it fails, and how many events it has. */
export function simulate(
  threads: readonly Body[],
  program: SimProgram,
  sampler: Sampler,
): { failed: boolean; steps: number } {
  const world: World = { memory: {}, failed: false };
  const tasks: Task[] = [];
  const holders = new Map<string, number>();
  const start = (body: Body): void => {
    const run = body(world);
    const first = run.next();
    tasks.push({ run, next: first.done ? null : first.value });
    sampler.arrived(tasks.length - 1);
  };
  for (const body of threads) start(body);
  const isEnabled = ({ next }: Task): boolean => {
    if (next === null) return false;
    if (next.kind === 'lock') return !holders.has(next.at);
    return next.kind !== 'join' || tasks[next.task]?.next === null;
  };
  for (let steps = 0; ; steps++) {
    const enabled = tasks.flatMap((task, i) => (isEnabled(task) ? [i] : []));
    if (enabled.length === 0) {
      const stuck = program.deadlocks === true && tasks.some(({ next }) => next !== null);
      return { failed: world.failed || stuck, steps };
    }
    const t = sampler.choose(enabled, tasks);
    const task = tasks[t];
    const event = task?.next;
    if (!task || !event) throw new Error(`task ${t} cannot be chosen`);
    if (event.kind === 'lock') holders.set(event.at, t);
    if (event.kind === 'unlock') holders.delete(event.at);
    if (event.kind === 'spawn') start(event.body);
    const step = task.run.next();
    task.next = step.done ? null : step.value;
    if (world.failed) return { failed: true, steps: steps + 1 };
    sampler.executed(t, event, tasks);
  }
}

/** Nobody is preempted; then it is the turn of the lowest that can run. */
export function inOrder(): Sampler {
  let last = 0;
  return {
    arrived: () => {},
    choose: (enabled) => (enabled.includes(last) ? last : (enabled[0] ?? 0)),
    executed: (t) => {
      last = t;
    },
  };
}

export function randomWalk(random: Random): Sampler {
  return {
    arrived: () => {},
    choose: (enabled) => enabled[Math.floor(random() * enabled.length)] ?? 0,
    executed: () => {},
  };
}

function highest(enabled: readonly number[], priorities: readonly number[]): number {
  return enabled.reduce((best, t) => ((priorities[t] ?? 0) > (priorities[best] ?? 0) ? t : best));
}

/** Depth d; k = expected number of events. Initial priorities are above 1, those of change points below. */
export function pct(random: Random, d: number, k: number): Sampler {
  const priorities: number[] = [];
  const changes = new Map<number, number>();
  while (changes.size < Math.min(d - 1, k)) changes.set(1 + Math.floor(random() * k), random());
  let steps = 0;
  return {
    arrived: (t) => {
      priorities[t] = 1 + random();
    },
    choose: (enabled) => highest(enabled, priorities),
    executed: (t) => {
      steps += 1;
      const lower = changes.get(steps);
      if (lower !== undefined) priorities[t] = lower;
    },
  };
}

export const isOperation = (event: SimEvent): event is SimEvent & { at: string } => 'at' in event;

function conflict(a: SimEvent, b: SimEvent): boolean {
  return isOperation(a) && isOperation(b) && a.at === b.at && !(a.kind === 'read' && b.kind === 'read');
}

export function pos(random: Random): Sampler {
  const priorities: number[] = [];
  return {
    arrived: (t) => {
      priorities[t] = random();
    },
    choose: (enabled) => highest(enabled, priorities),
    executed: (t, event, tasks) => {
      priorities[t] = random();
      for (const [u, { next }] of tasks.entries())
        if (u !== t && next && conflict(event, next)) priorities[u] = random();
    },
  };
}
