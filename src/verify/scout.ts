/**
 * What the first passes found out late is looked for in passes that take many states for one: those with all tasks at the same places and a few
 * equal bits of the key. They only learn; what they leave out, the passes that follow find.
 */
import type { Search, SearchEvent } from '../executor/search.js';
import type { Visited } from '../executor/visited.js';
import { SLICE, VISITED_START } from './protocol.js';

/** Which restart it takes. A first pass that finds out a little is done soon, and often the next one finds out nothing. */
export const SCOUTS_AT = 2;
/** Bits of the key in each pass: each shows more than the one before and costs more; together they cost a part of the pass that they save. */
const SCOUT_BITS = [0, 3, 6];
/** Transitions of one of them, at most. */
const TRANSITIONS_MAX = 1_000_000;

/** Comes back after each slice. Leaves the visited states to be cleared, and the search to be started. `log2Max`: as of `scout`. */
export function* scouting(search: Search, visited: Visited, log2Max: number): Generator<void, void, void> {
  for (const bits of SCOUT_BITS) {
    let log2 = Math.min(VISITED_START, log2Max);
    visited.clear(log2, false);
    search.scout(bits);
    for (let event: SearchEvent = 'more'; event === 'more' || event === 'visited-full'; ) {
      if (search.transitions > TRANSITIONS_MAX) return;
      event = search.run(SLICE);
      if (event === 'visited-full') {
        if (log2 >= log2Max) return;
        visited.grow(++log2);
      }
      yield;
    }
  }
}

/** Leaves the visited states to be cleared, and the search to be started. `log2Max`: entries that the visited set may have, as a power of two. */
export async function scout(search: Search, visited: Visited, log2Max: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  for (const _ of scouting(search, visited, log2Max)) {
    // Lets the signal and timers in.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) return;
  }
}
