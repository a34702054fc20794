/** What the executions of one design say nothing about: lines, functions, conditions, events, overrides, designs; and which locks nest. */
import type { Manifest } from '../build/manifest.js';
import type { Declarations } from '../executor/declarations.js';
import type { Observed } from '../executor/observed.js';
import { type ConditionPlace, type LockPlace, type Passed, passedOf } from './passed.js';
import { byFunction, type FunctionCoverage } from './sites.js';

export interface Vacuity extends Partial<Passed> {
  /** Sites of the functions that some task entered. */
  readonly reached: number;
  readonly total: number;
  /** Functions that some task entered, with sites that none reached. */
  readonly partly: readonly FunctionCoverage[];
  /** Functions that no task entered. */
  readonly neverEntered: readonly string[];
  /** Events of the model that no schedule had. */
  readonly otherEvents: readonly string[];
  /** Designs of the model that were not run. */
  readonly otherDesigns: readonly string[];
}

/** Not what the compiler adds, and no constructor: objects made at boot are made before any schedule. */
const isWritten = (f: FunctionCoverage): boolean =>
  !f.function.endsWith('.constructor') && f.missing.some(({ line }) => line > 0);

export interface Run {
  readonly design: string;
  /** null: all scenes. */
  readonly scene: string | null;
  /** Sites. */
  readonly reached: readonly number[];
  /** Without it conditions, events' ends, locks and overrides are left out, and functions are told by their sites. */
  readonly observed?: Observed;
}

export function vacuityOf(manifest: Manifest, declarations: Declarations, run: Run): Vacuity {
  const functions = byFunction(manifest, new Set(run.reached));
  const entered = functions.filter((f) => f.reached > 0);
  const scenes = declarations.scenes.filter((s) => run.scene === null || s.name === run.scene);
  const inScene = new Set(scenes.flatMap((s) => s.events.map((e) => e.event)));
  return {
    reached: entered.reduce((sum, f) => sum + f.reached, 0),
    total: entered.reduce((sum, f) => sum + f.total, 0),
    partly: entered.filter((f) => f.missing.length > 0),
    neverEntered: functions.filter((f) => f.reached === 0 && isWritten(f)).map((f) => f.function),
    otherEvents: declarations.events.map((e) => e.name).filter((name) => !inScene.has(name)),
    otherDesigns: declarations.designs.map((d) => d.name).filter((name) => name !== run.design),
    ...(run.observed ? passedOf(manifest, declarations, run.observed) : {}),
  };
}

/** In reports that say other things as well. */
const SHOWN = 6;

/** One line: `reached 176 of 190 sites of the functions entered; never entered: f, g and 3 more; …`. */
export const vacuityLine = (v: Vacuity): string => vacuityLines(v).join('; ');

/** The same, one a line; what there is nothing to say about is left out. `shown`: names in each before the rest is only counted. */
export function vacuityLines(v: Vacuity, shown = SHOWN): string[] {
  const { conditions = 0, oneSided = [], neverEnded = [], neverCalled = [], lockPairs = [] } = v;
  const some = (names: readonly string[]): string => {
    const rest = names.length - shown;
    return names.slice(0, shown).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  };
  const both = conditions - oneSided.length;
  const parts: (string | false)[] = [
    `reached ${v.reached} of ${v.total} sites of the functions entered`,
    conditions > 0 &&
      `${both} of ${conditions} conditions went both ways${oneSided.length > 0 ? `; not: ${some(oneSided.map(conditionText))}` : ''}`,
    v.neverEntered.length > 0 && `never entered: ${some(v.neverEntered)}`,
    neverCalled.length > 0 && `overrides never called: ${some(neverCalled)}`,
    v.otherEvents.length > 0 && `events not in this scene: ${some(v.otherEvents)}`,
    neverEnded.length > 0 && `events that never ran to their end: ${some(neverEnded)}`,
    lockPairs.length > 0 && `locks seen nested: ${some([...new Set(lockPairs.map(pairText))])}`,
  ];
  return parts.filter((part) => part !== false);
}

/** `of-iommu.ts:31:7 never false`. */
const conditionText = ({ file, line, column, never }: ConditionPlace): string =>
  `${file}:${line}:${column} never ${never}`;

/** `Mutex.lock a (f) → SpinLock.lock b (g)`. */
function pairText({ first, second }: { first: LockPlace; second: LockPlace }): string {
  return `${first.lock} (${first.function}) → ${second.lock} (${second.function})`;
}
