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
