/** A scene of a model against programs written by hand: the same interleavings with the same ends. */
import { expect } from 'vitest';
import type { Executor } from '../../src/executor/executor.js';
import type { FindingKind } from '../../src/executor/types.js';
import { enumerateExecutor, enumeratePrograms, type Program, sequenceOf } from '../support/enumerate.js';
import { executorOf } from '../support/models.js';
import { randomRun } from '../support/schedules.js';

export type State = Record<string, number>;

export interface Comparison {
  readonly leaves: number;
  /** Distinct ends: the fields' values, and ` stuck` if tasks were left waiting. */
  readonly ends: readonly string[];
}

interface Options {
  /** False: compare how often each end occurs, not the order of the tasks: for programs whose stops are not the executor's. */
  readonly sequences?: boolean;
}

/**
 * Compares every interleaving. `fields`: name in the program's state → class and field in the model; only these are compared, and only a
 * deadlock may be found.
 */
export async function compare<S>(
  [model, scene]: readonly [model: string, scene: string],
  programs: readonly Program<S>[],
  initial: () => S,
  fields: Readonly<Record<string, string>>,
  { sequences = true }: Options = {},
): Promise<Comparison> {
  const expected: string[] = [];
  const leaves = enumeratePrograms(programs, initial, (sequence, state, stuck) => {
    const values = Object.keys(fields).map((key) => (state as State)[key]);
    expected.push(`${sequences ? sequence : ''} | ${values.join(',')}${stuck ? ' stuck' : ''}`);
  });
  const executor = await executorOf(model, { scene });
  const addresses = fieldAddresses(executor, Object.values(fields));
  const actual: string[] = [];
  const reached = enumerateExecutor(executor, (result) => {
    const values = Object.values(fields).map((field) => executor.view.i32(addresses.get(field) ?? 0));
    const stuck = result.findings.some((f) => f.kind === 'deadlock');
    expect(result.findings.filter((f) => f.kind !== 'deadlock')).toEqual([]);
    const paths = new Map(result.tasks.map((task) => [task.slot, task.path]));
    const sequence = sequences ? sequenceOf(executor.trace(result.recorded).trace, paths) : '';
    actual.push(`${sequence} | ${values.join(',')}${stuck ? ' stuck' : ''}`);
  });
  const ends = (list: readonly string[]): string[] => [...new Set(list.map((s) => s.split(' | ')[1] ?? ''))].sort();
  expect(ends(actual)).toEqual(ends(expected));
  expect(reached).toBe(leaves);
  expect(actual.sort()).toEqual(expected.sort());
  return { leaves, ends: ends(actual) };
}

/** Addresses of fields, learnt from traces of some runs. */
function fieldAddresses(executor: Executor, fields: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (let seed = 1; seed < 60 && found.size < fields.length; seed++) {
    const { recorded } = randomRun(executor, seed);
    for (const step of executor.trace(recorded).trace) {
      const field = executor.manifest.sites[step.site]?.field ?? '';
      if (step.kind === 'access' && fields.includes(field) && !found.has(field)) found.set(field, step.address);
    }
  }
  expect([...found.keys()].sort()).toEqual([...new Set(fields)].sort());
  return found;
}

/** Kinds of all findings in all interleavings of a scene. */
export async function kindsIn(model: string, scene: string): Promise<FindingKind[]> {
  const kinds = new Set<FindingKind>();
  enumerateExecutor(await executorOf(model, { scene }), ({ findings }) => {
    for (const { kind } of findings) kinds.add(kind);
  });
  return [...kinds].sort();
}

/** What the default schedule of a scene leaves in a field of 32 bits, and the kinds of finding. */
export async function defaultRun(
  model: string,
  scene: string,
  field: string,
): Promise<{ value: number; kinds: FindingKind[] }> {
  const executor = await executorOf(model, { scene });
  const address = fieldAddresses(executor, [field]).get(field) ?? 0;
  const { findings } = executor.run(executor.sceneSchedule());
  return { value: executor.view.i32(address), kinds: findings.map((f) => f.kind) };
}
