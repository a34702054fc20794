/**
 * SURW for the simulator (Zhao et al., ASPLOS'25): every order of the events at one object is equally likely, given how many events each task
 * has there. Who is not there yet is spawned by the first task, so its events count for that one until then.
 */
import {
  type Body,
  inOrder,
  isOperation,
  type Random,
  type Sampler,
  type SimEvent,
  type SimProgram,
  simulate,
} from './simulator.js';

/** What tasks do at objects: counted in one execution without preemptions; what that one missed counts as one, once it was seen. */
export class Profile {
  private readonly counts = new Map<string, Map<number, number>>();
  private readonly changed = new Set<string>();

  constructor(threads: readonly Body[], program: SimProgram) {
    const sampler = inOrder();
    simulate(threads, program, {
      ...sampler,
      executed: (t, event, tasks) => {
        sampler.executed(t, event, tasks);
        this.count(t, event, (n) => n + 1);
      },
    });
  }

  learn(t: number, event: SimEvent): void {
    this.count(t, event, (n) => n || 1);
  }

  private count(t: number, event: SimEvent, by: (n: number) => number): void {
    if (!isOperation(event)) return;
    const tasksAt = this.counts.get(event.at) ?? new Map<number, number>();
    this.counts.set(event.at, tasksAt.set(t, by(tasksAt.get(t) ?? 0)));
    if (event.kind !== 'read') this.changed.add(event.at);
  }

  /** An object that several tasks touch and one changes, as often as it is touched; how many events each task has there. */
  draw(random: Random): { object: string | undefined; left: Map<number, number> } {
    const shared = [...this.counts].filter(([at, tasksAt]) => tasksAt.size > 1 && this.changed.has(at));
    const object = drawn(
      random,
      shared.map(([at, tasksAt]) => [at, sum(tasksAt.values())] as const),
    );
    return { object, left: new Map(this.counts.get(object ?? '')) };
  }
}

/** One of the keys, each as often as its weight says; undefined: all weights are 0. */
function drawn<T>(random: Random, weights: Iterable<readonly [T, number]>): T | undefined {
  const list = [...weights];
  let at = random() * list.reduce((sum, [, weight]) => sum + weight, 0);
  return list.find(([, weight]) => {
    at -= weight;
    return at < 0;
  })?.[0];
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, n) => total + n, 0);

export function surw(random: Random, profile: Profile): Sampler {
  const { object, left } = profile.draw(random);
  const priorities: number[] = [];
  const held = new Set<number>();
  let intended: number | undefined;
  const redraw = (): void => {
    held.clear();
    intended = drawn(random, left);
  };
  const isInteresting = (event: SimEvent | null | undefined): boolean =>
    !!event && isOperation(event) && event.at === object;
  return {
    arrived: (t) => {
      priorities[t] = random();
    },
    choose: (enabled, tasks) => {
      // What the profile missed counts as one.
      for (const t of enabled) if (!left.get(t) && isInteresting(tasks[t]?.next)) left.set(t, 1);
      if (intended === undefined) redraw();
      const present = intended === undefined || intended < tasks.length ? intended : 0;
      for (;;) {
        const free = enabled.filter((t) => !held.has(t));
        if (free.length === 0) break; // the intended one waits for one that is held
        const t = free.reduce((best, one) => ((priorities[one] ?? 0) > (priorities[best] ?? 0) ? one : best));
        if (intended === undefined || t === present || !isInteresting(tasks[t]?.next)) return t;
        held.add(t);
      }
      redraw();
      return enabled[Math.floor(random() * enabled.length)] ?? 0;
    },
    executed: (t, event, tasks) => {
      priorities[t] = random();
      profile.learn(t, event);
      const n = left.get(t) ?? 0;
      if (tasks[t]?.next === null) left.set(t, 0);
      else if (isInteresting(event)) left.set(t, Math.max(n - 1, 0));
      if (!isInteresting(event)) return;
      intended = undefined;
      held.clear();
    },
  };
}
