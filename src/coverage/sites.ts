/** Which scheduling points of a model were reached and which never, by function. “No finding” says nothing about what was not reached. */
import type { Manifest, Site } from '../build/manifest.js';

/** Sites that one function has, in the order of their lines. */
export interface FunctionCoverage {
  readonly function: string;
  readonly file: string;
  readonly reached: number;
  readonly total: number;
  readonly missing: readonly { readonly line: number; readonly operation: string; readonly field: string }[];
}

/** Run before any task. */
export const OUTSIDE_RUNS: ReadonlySet<string> = new Set(['(module)', 'register']);
/** Operations that are no scheduling points: that none was reached says nothing. */
const UNSEEN = new Set(
  'call function class loop new count trace trap enter fixed designIs designIndex optionValue'.split(' '),
);

/** The model's functions with the sites that are scheduling points. */
export function byFunction(manifest: Manifest, reached: ReadonlySet<number>): FunctionCoverage[] {
  const groups = new Map<string, { site: Site; isReached: boolean }[]>();
  manifest.sites.forEach((site, index) => {
    if (!site || site.file.startsWith('~lib/')) return;
    if (OUTSIDE_RUNS.has(site.function) || (UNSEEN.has(site.operation) && !reached.has(index))) return;
    const key = `${site.file} ${site.function}`;
    const group = groups.get(key) ?? [];
    group.push({ site, isReached: reached.has(index) });
    groups.set(key, group);
  });
  return [...groups.values()].map((group) => ({
    function: group[0]?.site.function ?? '',
    file: group[0]?.site.file ?? '',
    reached: group.filter((g) => g.isReached).length,
    total: group.length,
    missing: group
      .filter((g) => !g.isReached)
      .map(({ site: { line, operation, field } }) => ({ line, operation, field }))
      .sort((a, b) => a.line - b.line),
  }));
}
