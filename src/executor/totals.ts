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
  readonly states: number;
  /** Final states that were seen at least twice. */
  readonly repeated: number;
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
    states: view.i32(MEMORY.CONTROL + CONTROL.states),
    repeated: view.i32(MEMORY.CONTROL + CONTROL.repeated),
  };
}
