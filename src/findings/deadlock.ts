/** The wait-for graph of a deadlock: the cycle, or what everybody waits for in vain. */
import type { Manifest } from '../build/manifest.js';
import type { Waiter } from '../executor/types.js';

export interface WaitFor {
  /** In order: each waits for something that the next one holds, the last one for something of the first. Empty if there is no cycle. */
  readonly cycle: readonly Waiter[];
  /** Those who wait for something that nobody who could still run or wait holds: a completion, a lock of a task that has ended. */
  readonly roots: readonly Waiter[];
}

/** Stands still where it is, since a handler runs on its processor: it asked for nothing itself. */
export function isInterrupted({ forTask, site }: Waiter, manifest: Manifest): boolean {
  return forTask && manifest.sites[site]?.operation !== 'join';
}

/** The first cycle from the lowest task on; who merely waits for the cycle is in neither list. */
export function waitFor(waiters: readonly Waiter[]): WaitFor {
  const byTask = new Map(waiters.map((waiter) => [waiter.task, waiter]));
  for (const start of waiters) {
    const cycle = cycleFrom(start, byTask);
    if (cycle.length > 0) return { cycle, roots: [] };
  }
  return { cycle: [], roots: waiters.filter(({ holders }) => !holders.some((holder) => byTask.has(holder))) };
}

/** The cycle that leads from `start` back to it; empty if there is none. Depth first, each task once. */
function cycleFrom(start: Waiter, byTask: ReadonlyMap<number, Waiter>): Waiter[] {
  const seen = new Set<number>();
  const walk = (waiter: Waiter): Waiter[] | null => {
    for (const holder of waiter.holders) {
      if (holder === start.task) return [waiter];
      const next = byTask.get(holder);
      if (next === undefined || seen.has(holder)) continue;
      seen.add(holder);
      const rest = walk(next);
      if (rest !== null) return [waiter, ...rest];
    }
    return null;
  };
  return walk(start) ?? [];
}
