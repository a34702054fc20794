import { CONTROL, MEMORY } from './layout.js';
import type { MemoryView } from './memory-view.js';

/** What ends an execution that does not end by itself. */
export interface Limits {
  /** Decisions of one execution. */
  readonly steps: number;
  /** Loop iterations of one execution. */
  readonly fuel: number;
}
export const DEFAULT_LIMITS: Limits = { steps: 20_000, fuel: 1 << 20 };

/** The steps that an executor with this memory was made with. */
export const stepLimitOf = (view: MemoryView): number => view.i32(MEMORY.CONTROL + CONTROL.stepLimit);
