/** What the marks, events and locks that executions passed say by name: conditions with one outcome only, overrides never called, and so on. */
import type { Manifest } from '../build/manifest.js';
import type { Declarations } from '../executor/declarations.js';
import type { Observed } from '../executor/observed.js';
import { OUTSIDE_RUNS } from './sites.js';

/** A condition of a function that some task entered. */
export interface ConditionPlace {
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The outcome that never came; `evaluated`: neither did. */
  readonly never: 'true' | 'false' | 'evaluated';
}

/** A lock and where it is taken. */
export interface LockPlace {
  /** `Mutex.lock probe_lock`. */
  readonly lock: string;
  readonly function: string;
  readonly file: string;
  readonly line: number;
}

export interface Passed {
  /** Functions of the model that neither a task nor the boot entered. */
  readonly neverEntered: readonly string[];
  /** How many conditions the functions have that some task entered. */
  readonly conditions: number;
  /** Those of them that did not go both ways. */
  readonly oneSided: readonly ConditionPlace[];
  /** Events in no schedule. */
  readonly otherEvents: readonly string[];
  /** Events that were in schedules and never ran to their end. */
  readonly neverEnded: readonly string[];
  /** The second was taken while the first was the last lock that its task had taken. */
  readonly lockPairs: readonly { readonly first: LockPlace; readonly second: LockPlace }[];
  /** Methods by which the classes in use replace one of their base class, and which nothing called. */
  readonly neverCalled: readonly string[];
}

export function passedOf(manifest: Manifest, declarations: Declarations, observed: Observed): Passed {
  const passed = new Set(observed.marks);
  const booted = new Set(observed.boot);
  const begun = new Set(observed.begun);
  const ended = new Set(observed.ended);
  const classes = new Set(observed.classes);
  const entered = new Set<string>();
  const atBoot = new Set<string>();
  manifest.marks.forEach((mark, i) => {
    if (mark.kind !== 'entry') return;
    if (passed.has(i)) entered.add(mark.function);
    if (booted.has(i)) atBoot.add(mark.function);
  });
  const written = [...new Set(manifest.marks.filter((m) => m.kind === 'entry' && m.line > 0).map((m) => m.function))];
  const events = declarations.events.map(({ name }, i) => ({ name, begun: begun.has(i), ended: ended.has(i) }));
  return {
    neverEntered: written.filter((f) => isRunByTasks(f) && !entered.has(f) && !atBoot.has(f)),
    ...conditionsOf(manifest, passed, (name) => entered.has(name) && !isInvariant(name, manifest, declarations)),
    otherEvents: events.filter((e) => !e.begun).map((e) => e.name),
    neverEnded: events.filter((e) => e.begun && !e.ended).map((e) => e.name),
    lockPairs: observed.lockPairs.flatMap((pair) => {
      const first = lockAt(manifest, pair >>> 16);
      const second = lockAt(manifest, pair & 0xffff);
      return first && second ? [{ first, second }] : [];
    }),
    neverCalled: manifest.overrides
      .filter((o) => o.classes.some((id) => classes.has(id)) && !entered.has(o.function) && !atBoot.has(o.function))
      .map((o) => o.function),
  };
}

const isRunByTasks = (name: string): boolean => !OUTSIDE_RUNS.has(name) && !name.endsWith('.constructor');

/** Invariants, with the anonymous functions in them: their conditions are to go one way. */
function isInvariant(name: string, manifest: Manifest, { invariants }: Declarations): boolean {
  const names = invariants.map(({ entry }) => manifest.functions[entry] ?? '').filter((n) => n !== '');
  return names.some((n) => name === n || name.startsWith(`${n}~anonymous|`));
}

function conditionsOf(
  manifest: Manifest,
  passed: ReadonlySet<number>,
  counts: (name: string) => boolean,
): Pick<Passed, 'conditions' | 'oneSided'> {
  const outcomes = new Map<number, { place: Omit<ConditionPlace, 'never'>; true: boolean; false: boolean }>();
  manifest.marks.forEach(({ kind, condition = -1, function: name, file, line, column }, i) => {
    if (kind === 'entry' || line === 0 || !counts(name)) return;
    // An outcome without a mark of its own is a trap, which is a finding.
    const outcome = outcomes.get(condition) ?? {
      place: { function: name, file, line, column },
      true: true,
      false: true,
    };
    outcome[kind] = passed.has(i);
    outcomes.set(condition, outcome);
  });
  const oneSided = [...outcomes.values()].flatMap(({ place, true: yes, false: no }): ConditionPlace[] =>
    yes && no ? [] : [{ ...place, never: yes ? 'false' : no ? 'true' : 'evaluated' }],
  );
  return { conditions: outcomes.size, oneSided };
}

function lockAt(manifest: Manifest, site: number): LockPlace | null {
  const found = manifest.sites[site];
  if (!found) return null;
  const { operation, field, object = '', file, line } = found;
  const call = operation === 'call' ? field : [field, operation].filter((word) => word !== '').join('.');
  const name = object.startsWith('local ') ? '' : object.replaceAll(/\.\+\d+/g, '');
  return { lock: name === '' ? call : `${call} ${name}`, function: found.function, file, line };
}
