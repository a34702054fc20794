/** What a search counts. */
import type { Executor } from '../executor/executor.js';
import type { Search } from '../executor/search.js';
import type { Counts } from './protocol.js';

export function countsOf({ states, transitions, depth, depthMax, bounded, isVoid }: Search): Counts {
  return { states, transitions, depth, depthMax, bounded, isVoid };
}

export function addCounts(list: readonly Counts[]): Counts {
  return {
    states: list.reduce((sum, c) => sum + c.states, 0),
    transitions: list.reduce((sum, c) => sum + c.transitions, 0),
    depth: Math.max(0, ...list.map((c) => c.depth)),
    depthMax: Math.max(0, ...list.map((c) => c.depthMax)),
    bounded: list.some((c) => c.bounded),
    isVoid: list.some((c) => c.isVoid),
  };
}

/** Indices of the sites that some schedule reached: a feature below the number of sites is the site itself. */
export function reachedSites(executor: Executor): number[] {
  const map = executor.coverage();
  return executor.manifest.sites.flatMap((site, i) => (site && map[i] ? [i] : []));
}

/** HASHES of assembly/visited/. */
const BITS_PER_STATE = 3;

/** Chance of a shared key. `log2` of a filter, else null: the chance that a new state's bits were all set, at the end. */
export function missed(states: number, log2: number | null): number {
  if (log2 === null) return (states * states) / 2 ** 65;
  return (1 - Math.exp((-BITS_PER_STATE * states) / (64 * 2 ** log2))) ** BITS_PER_STATE;
}
