/** Which sites of a model were reached and which never, by function. “No finding” says nothing about what was not reached. */
import type { Manifest, Site } from '../build/manifest.js';
import type { Declarations } from '../executor/declarations.js';

/** Sites that one function has, in the order of their lines. */
export interface FunctionCoverage {
  readonly function: string;
  readonly file: string;
  readonly reached: number;
  readonly total: number;
  readonly missing: readonly { readonly line: number; readonly operation: string; readonly field: string }[];
}

/** Run before any task. */
const OUTSIDE_RUNS = new Set(['(module)', 'register']);
/** Operations that are no scheduling points: that none was reached says nothing. */
const UNSEEN = new Set(['call', 'function', 'class', 'loop', 'new', 'count', 'trace', 'trap', 'enter', 'fixed']);

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

/** What the search of one scene of one design says nothing about. */
export interface Vacuity {
  /** Sites of the functions that some task entered. */
  readonly reached: number;
  readonly total: number;
  /** Functions that some task entered, with sites that none reached. */
  readonly partly: readonly FunctionCoverage[];
  /** Functions with sites that no task entered. */
  readonly neverEntered: readonly string[];
  /** Events of the model that the scene does not have. */
  readonly otherEvents: readonly string[];
  /** Designs of the model that were not run. */
  readonly otherDesigns: readonly string[];
}

/** Not what the compiler adds, and no constructor: objects made at boot are made before any schedule. */
const isWritten = (f: FunctionCoverage): boolean =>
  !f.function.endsWith('.constructor') && f.missing.some(({ line }) => line > 0);

export function vacuityOf(
  manifest: Manifest,
  declarations: Declarations,
  run: { readonly design: string; readonly scene: string; readonly reached: readonly number[] },
): Vacuity {
  const functions = byFunction(manifest, new Set(run.reached));
  const entered = functions.filter((f) => f.reached > 0);
  const scene = declarations.scenes.find((s) => s.name === run.scene);
  const inScene = new Set(scene?.events.map((e) => e.event));
  return {
    reached: entered.reduce((sum, f) => sum + f.reached, 0),
    total: entered.reduce((sum, f) => sum + f.total, 0),
    partly: entered.filter((f) => f.missing.length > 0),
    neverEntered: functions.filter((f) => f.reached === 0 && isWritten(f)).map((f) => f.function),
    otherEvents: declarations.events.map((e) => e.name).filter((name) => !inScene.has(name)),
    otherDesigns: declarations.designs.map((d) => d.name).filter((name) => name !== run.design),
  };
}

/** Names shown before the rest is only counted. */
const SHOWN = 6;

/** One line: `reached 176 of 190 sites of the functions entered; never entered: f, g and 3 more`. */
export function vacuityLine(v: Vacuity): string {
  const parts = [`reached ${v.reached} of ${v.total} sites of the functions entered`];
  if (v.neverEntered.length > 0) parts.push(`never entered: ${some(v.neverEntered)}`);
  if (v.otherEvents.length > 0) parts.push(`events not in this scene: ${some(v.otherEvents)}`);
  return parts.join('; ');
}

function some(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  return names.slice(0, SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
