/** A comparison in a folder of its own, with small budgets. */
import { join } from 'node:path';
import { compare } from '../../src/compare/compare.js';
import type { Cell, CompareOptions, Comparison } from '../../src/compare/types.js';
import { Executor } from '../../src/executor/executor.js';
import { modelAt } from '../support/models.js';
import { temporaryFolder } from '../support/temporary.js';

export const COMBINATION = 'test/compare/fixtures/combination.ts';
export const COSTS = 'test/compare/fixtures/costs.ts';

export type Changes = Partial<CompareOptions> & { readonly verified?: boolean };

/** All designs and scenes, deterministic and in the calling thread, 2,000 executions, verified unless told. */
export async function compareModel(
  path: string,
  { verified = true, ...changes }: Changes = {},
  signal = new AbortController().signal,
): Promise<{ comparison: Comparison; outDir: string }> {
  const fast = await modelAt(path);
  const { designs, scenes } = Executor.describe(fast);
  const outDir = changes.outDir ?? join(temporaryFolder('compare'), 'out');
  const names = changes.designs ?? designs.map(({ name }) => name);
  const options: CompareOptions = {
    modelArgument: path,
    fast,
    exact: verified ? await modelAt(path, 'exact') : null,
    designs: names,
    scenes: scenes.map(({ name }) => name),
    options: {},
    sweep: null,
    seed: 1n,
    jobs: 0,
    deterministic: true,
    budget: { executions: 2_000, ms: null },
    search: { memoryBytes: 32 << 20, maxTimeMs: null },
    pairs: names.slice(1).map((name, i) => [names[i] ?? '', name] as const),
    per: null,
    outDir,
    stepLimit: 20_000,
    fuelLimit: 1 << 20,
    hangMs: 10_000,
    ...changes,
  };
  const comparison = await compare(options, {}, signal);
  return { comparison, outDir };
}

/** The cell of a row in a design, over all scenes. */
export function cellAt({ matrix, designs }: Comparison, row: string | RegExp, design: string): Cell {
  const r = matrix.rows.findIndex(({ name }) => (typeof row === 'string' ? name === row : row.test(name)));
  const cell = matrix.cells[r]?.[designs.indexOf(design)];
  if (!cell)
    throw new Error(`no row ${row} or design ${design}; rows: ${matrix.rows.map(({ name }) => name).join('; ')}`);
  return cell;
}
