/** The benchmark's list of programs, for tests. */
import { fileURLToPath } from 'node:url';
import type { FindingKind } from '../../src/executor/types.js';

export type Granularity = 'A' | 'C';

export interface Program {
  readonly name: string;
  /** Under this name results were published. */
  readonly published: string;
  readonly model: string;
  readonly kinds: readonly FindingKind[];
  readonly scenes: Readonly<Record<Granularity, string>>;
}

const file = fileURLToPath(new URL('../../bench/sctbench/programs.mjs', import.meta.url));
export const { PROGRAMS } = (await import(file)) as { readonly PROGRAMS: readonly Program[] };
