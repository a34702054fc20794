/** What an executor counts. */
import { CONTROL, MEMORY } from './layout.js';
import type { MemoryView } from './memory-view.js';

/** Counters since the executor was made. */
export interface Totals {
  readonly executions: number;
  readonly points: number;
  readonly switches: number;
  readonly unwinds: number;
  readonly knownFindings: number;
  readonly features: number;
  /** Final states of batches, as an estimate (`estimateStates`), and those of them that were seen once. */
  readonly states: number;
  readonly statesOnce: number;
}

const STATE_BITS = MEMORY.STATE_SET_SIZE * 8;

/**
 * The set of final states is a bit a state (assembly/hash/state-set.ts), so some of them fall upon a bit that is taken: of n states, m·(1 − e^(−n/m)) bits
 * are expected to be set. Exact up to some thousands. The part that is taken hides as much of the states that are seen for the first time.
 */
export function estimateStates(bits: number, repeatedBits: number): { states: number; statesOnce: number } {
  const free = Math.max(1, STATE_BITS - bits) / STATE_BITS;
  return { states: Math.round(STATE_BITS * Math.log(1 / free)), statesOnce: Math.round((bits - repeatedBits) / free) };
}

export function readTotals(view: MemoryView): Totals {
  const big = (name: keyof typeof CONTROL): number => Number(view.u64(MEMORY.CONTROL + CONTROL[name]));
  return {
    executions: big('executions'),
    points: big('points'),
    switches: big('switches'),
    unwinds: big('unwinds'),
    knownFindings: big('knownFindings'),
    features: view.i32(MEMORY.CONTROL + CONTROL.features),
    ...estimateStates(view.i32(MEMORY.CONTROL + CONTROL.states), view.i32(MEMORY.CONTROL + CONTROL.repeated)),
  };
}
