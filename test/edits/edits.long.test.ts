import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import type { ExecutorBuild } from '../../src/executor/instance.js';
import { fromPortable } from '../../src/executor/portable.js';
import type { Schedule } from '../../src/schedule/schedule.js';
import {
  buildFor,
  type CommittedEntry,
  committedEntries,
  committedFailure,
  sourceOfModel,
  verdictsOf,
} from '../corpus/committed.js';
import { inFolder, heddle } from '../cli/run.js';
import { modelAt } from '../support/models.js';
import { append, type Edit, replace, sourcesOf, writeCopy } from './copies.js';
import { ABBA, BANK, DOUBLE_CHECKED, type EditTable, IOMMU } from './edits.js';

/** Each edit is a build of the whole model. */
vi.setConfig({ testTimeout: 180_000 });

const entries = committedEntries();
const tables: readonly (readonly [model: string, edits: EditTable])[] = [
  ['bank', BANK],
  ['abba', ABBA],
  ['double-checked', DOUBLE_CHECKED],
  ['iommu', IOMMU],
];
const cases = tables.flatMap(([model, edits]) =>
  Object.entries(edits).map(([name, edit]) => [model, name, edit] as const),
);

/** The path of a copy of the model with that edit. */
const edited = (model: string, edit: Edit): string => {
  const entry = sourceOfModel(model);
  return writeCopy(entry, edit(sourcesOf(entry)));
};

beforeAll(async () => {
  for (const [model, , edit] of cases) await modelAt(edited(model, edit));
}, 900_000);

async function executorFor(path: string, schedule: Schedule, build: ExecutorBuild = 'release'): Promise<Executor> {
  const { design, scene, options } = schedule;
  return Executor.create({ artefact: await modelAt(path), configuration: { design, scene, options }, build });
}

const identities = (findings: CommittedEntry['findings']): string[] =>
  findings.map(({ kind, signature, symptom }) => `${kind}-${signature} ${symptom}`);

describe('after an edit of the model', () => {
  it.each(cases)('%s, %s: its committed bugs are the same bugs', async (model, _, edit) => {
    const path = edited(model, edit);
    const failing = entries.filter(({ schedule, verdict }) => schedule.model === model && verdict === 'fails');
    expect(failing.length).toBeGreaterThan(0);
    for (const entry of failing) {
      const { name, schedule, findings } = entry;
      const executor = await executorFor(path, schedule, buildFor(entry));
      const { hot, dropped } = fromPortable(executor, schedule);
      expect(dropped, name).toEqual([]);
      expect(identities(verdictsOf(executor, hot)), name).toEqual(expect.arrayContaining(identities(findings)));
    }
  });

  it('every edit makes another model', async () => {
    for (const [model, edits] of tables) {
      const paths = [sourceOfModel(model), ...Object.values(edits).map((edit) => edited(model, edit))];
      const hashes = await Promise.all(paths.map(async (path) => (await modelAt(path)).manifest.hash));
      expect(new Set(hashes).size, model).toBe(hashes.length);
    }
  });
});

describe('after an edit that takes away what a schedule names', () => {
  it.each([
    ['bank', replace('bank.ts', /\btransfer\b(?!')/g, 'move_money'), committedFailure('bank', 'invariant'), 'transfer'],
    ['abba', replace('abba.ts', /\bforward\b(?!')/g, 'ahead'), committedFailure('abba', 'deadlock'), 'forward'],
  ] satisfies readonly (readonly [string, Edit, CommittedEntry, string])[])(
    '%s: the decisions are reported as dropped and the rest runs',
    async (model, edit, { schedule }, gone) => {
      const executor = await executorFor(edited(model, edit), schedule);
      const { hot, dropped } = fromPortable(executor, schedule);
      expect(dropped.map(({ site }) => site.function)).toContain(gone);
      expect(hot.events).toHaveLength(schedule.events.length);
      expect(hot.deviations.length).toBeLessThanOrEqual(schedule.deviations.length - dropped.length);
      expect(executor.trace(hot).points).toBeGreaterThan(0);
    },
  );

  it('the command line says which decisions did not apply, and goes on', async () => {
    const { path } = committedFailure('bank', 'invariant');
    const model = edited('bank', replace('bank.ts', /\btransfer\b(?!')/g, 'move_money'));
    const { code, stdout, stderr } = await inFolder((cwd) => heddle(['replay', path, model], { cwd }));
    expect(stderr).toMatch(/warning: (\d+) of \1 decisions did not apply: task 0 at transfer /);
    expect(stdout).toMatch(/bank racy, two-transfers: passes/);
    expect(code).toBe(0);
  });

  it('an event that is gone is an error that names those that are left', async () => {
    const { path, schedule } = committedFailure('bank', 'invariant');
    const model = edited('bank', replace('bank.ts', /'transfer'/g, "'pay'"));
    const executor = await executorFor(model, schedule);
    expect(() => fromPortable(executor, schedule)).toThrow(/the event “transfer”, which bank does not declare/);
    const { code, stderr } = await inFolder((cwd) => heddle(['replay', path, model], { cwd }));
    expect(stderr).toMatch(/^error: .*“transfer”.*\nhint: it declares: pay\n$/);
    expect(code).toBe(5);
  });

  it('a design or scene that is gone is an error, too', async () => {
    const { path } = committedFailure('bank', 'invariant');
    for (const [what, name] of [
      ['design', 'racy'],
      ['scene', 'two-transfers'],
    ] as const) {
      const model = edited('bank', replace('bank.ts', `'${name}'`, "'renamed'"));
      const { code, stderr } = await inFolder((cwd) => heddle(['replay', path, model], { cwd }));
      expect(stderr).toMatch(new RegExp(`^error: .*${what} “${name}”[^]*renamed`));
      expect(code).toBe(5);
    }
  });

  it('a fixed bug passes', async () => {
    const { schedule } = committedFailure('double-checked', 'assertion');
    const executor = await executorFor(
      edited(
        'double-checked',
        replace('double-checked.ts', /if \(designIs\(Design\.broken\)\) slot\.config = config;.*\n/, ''),
      ),
      schedule,
    );
    const { hot, dropped } = fromPortable(executor, schedule);
    expect(dropped.length).toBeGreaterThan(0);
    expect(executor.run(hot).findings).toEqual([]);
  });
});

describe('edits', () => {
  it('that find nothing to change are reported', () => {
    expect(() => replace('bank.ts', 'no such text', '')(sourcesOf('examples/bank.ts'))).toThrow('adapt the edit');
    expect(() => append('no-such-file.ts', 'x')(sourcesOf('examples/bank.ts'))).toThrow('adapt the edit');
  });
});
