// Every kind of finding has a canary that few executions find, and beside it a correct twin in which no schedule fails. The table is checked
// by the compiler: a kind without a row is an error.
import { beforeAll, describe, expect, it } from 'vitest';
import { COSTLY_KINDS, keepLockOrder } from '../../src/executor/oracles.js';
import { FINDING_KINDS, type FindingKind } from '../../src/executor/types.js';
import { verify } from '../../src/verify/verify.js';
import { executorOf, modelAt } from '../support/models.js';
import { randomRun } from '../support/schedules.js';

type Kind = Exclude<FindingKind, 'none'>;
/** A model of test/models, with its scenes after the kind's name: '' = the kind itself. The twin is `<scene>-twin`. */
type Canaries = readonly (readonly [model: 'faults' | 'oracles' | 'races', ...suffixes: string[]])[];

const CANARIES: Readonly<Record<Kind, Canaries>> = {
  'null-dereference': [['faults', '']],
  'use-after-free': [['faults', '', '-write']],
  'invalid-access': [['faults', '', '-beyond']],
  'double-free': [['faults', '']],
  deadlock: [['faults', '']],
  'unlock-by-non-owner': [['faults', '']],
  assertion: [['faults', '']],
  abort: [['faults', '']],
  trap: [['faults', '', '-unreachable']],
  'stack-depth': [['faults', '']],
  'step-limit': [['faults', '']],
  'out-of-memory': [['faults', '']],
  'self-deadlock': [['faults', '']],
  'refcount-misuse': [['faults', '', '-put']],
  'sleep-in-atomic': [['faults', '', '-irqs-off', '-rcu', '-handler']],
  'no-progress': [['faults', '']],
  leak: [['faults', '', '-overwritten']],
  invariant: [['faults', '', '-always']],
  'invalid-free': [['faults', '']],
  'data-race': [['races', '', '-shared', '-publish', '-completion', '-spawn', '-work', '-free', '-list', '-grace']],
  'lock-order': [['oracles', '', '-apart', '-ring', '-class', '-device']],
  lockset: [['oracles', '', '-shared', '-writes']],
  'lost-wakeup': [['oracles', '']],
  livelock: [['oracles', '']],
  starvation: [['oracles', '']],
};

const ROWS = Object.entries(CANARIES).flatMap(([kind, models]) =>
  models.flatMap(([model, ...suffixes]) => suffixes.map((s) => [kind as Kind, `${kind}${s}`, model] as const)),
);

/** Random walks; a campaign does a hundred thousand a second. */
const WALKS = 200;
const LIMITS = { steps: 4000, fuel: 1 << 20 };
const pathOf = (model: string): string => `test/models/${model}.ts`;

beforeAll(async () => {
  for (const model of ['faults', 'oracles', 'races']) {
    await modelAt(pathOf(model));
    await modelAt(pathOf(model), 'exact');
  }
}, 120_000);

/** Kinds that random walks of a scene show, each with the number of the first walk that does. */
async function walk(model: string, scene: string, build: 'release' | 'oracles'): Promise<Map<FindingKind, number>> {
  const executor = await executorOf(pathOf(model), { scene }, { build, limits: LIMITS });
  const first = new Map<FindingKind, number>();
  for (let n = 1; n <= WALKS; n++) {
    const { recorded } = randomRun(executor, n);
    // Leaks and invariants at the end are looked for by `run` always, by random walks only in states that are new.
    for (const { kind } of executor.run(recorded).findings) if (!first.has(kind)) first.set(kind, n);
    if (build === 'oracles') keepLockOrder(executor);
  }
  return first;
}

describe('every kind of finding', () => {
  it('has a row', () => {
    expect(Object.keys(CANARIES).sort()).toEqual(FINDING_KINDS.slice(1).sort());
    for (const models of Object.values(CANARIES)) expect(models.flat().length).toBeGreaterThan(1);
  });

  it.each(ROWS)('%s: its canary %s is found, and the twin shows nothing', async (kind, scene, model) => {
    const build = COSTLY_KINDS.includes(kind) ? 'oracles' : 'release';
    expect((await walk(model, scene, build)).get(kind)).toBeLessThanOrEqual(WALKS);
    expect([...(await walk(model, `${scene}-twin`, 'oracles')).keys()]).toEqual([]);
  });

  it.each(ROWS)('%s: no schedule of %s-twin fails', async (_, scene, model) => {
    const { verdict, records } = await verify(
      {
        exact: await modelAt(pathOf(model), 'exact'),
        fast: await modelAt(pathOf(model)),
        design: '',
        scene: `${scene}-twin`,
        options: {},
        oracles: null,
        reduce: true,
        all: true,
        memoryBytes: 16 << 20,
        stepLimit: LIMITS.steps,
        fuelLimit: LIMITS.fuel,
      },
      () => {},
      new AbortController().signal,
    );
    expect([verdict, records.map((r) => r.title)]).toEqual(['verified', []]);
  });
});
