import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scheduleId } from '../../src/corpus/store.js';
import { Executor } from '../../src/executor/executor.js';
import type { ExecutorBuild } from '../../src/executor/instance.js';
import { fromPortable } from '../../src/executor/portable.js';
import { formatSchedule } from '../../src/schedule/text.js';
import { modelAt } from '../support/models.js';
import { buildFor, type CommittedEntry, committedEntries, sourceOfModel, verdictsOf } from './committed.js';

const entries = committedEntries();
const script = async <T>(name: string): Promise<T> =>
  (await import(new URL(`../../scripts/iommu/${name}`, import.meta.url).href)) as T;
const { DESIGNS, EXPECTED } = await script<{
  readonly DESIGNS: readonly string[];
  readonly EXPECTED: Readonly<Record<string, readonly string[]>>;
}>('experiments.mjs');
const { Measured } = await script<{
  Measured: new (
    results: object,
  ) => { everything(): { design: string; symptom: string; experiment: string; scene: string }[] };
}>('measured.mjs');
const { readResults } = await script<{ readResults(): object }>('document.mjs');

/** The models are built before any test's time runs. */
beforeAll(async () => {
  for (const model of new Set(entries.map(({ schedule }) => schedule.model))) await modelAt(sourceOfModel(model));
}, 300_000);

async function executorFor({ schedule }: CommittedEntry, build: ExecutorBuild): Promise<Executor> {
  const { design, scene, options } = schedule;
  const artefact = await modelAt(sourceOfModel(schedule.model));
  return Executor.create({ artefact, configuration: { design, scene, options }, build });
}

const buildsFor = (entry: CommittedEntry): ExecutorBuild[] =>
  buildFor(entry) === 'oracles' ? ['oracles'] : ['release', 'debug'];

describe('the committed corpus', () => {
  it.each(entries.map((entry) => [entry.name, entry] as const))('%s gives its verdict', async (_, entry) => {
    for (const build of buildsFor(entry)) {
      const executor = await executorFor(entry, build);
      const { hot, dropped } = fromPortable(executor, entry.schedule);
      expect(dropped).toEqual([]);
      const found = verdictsOf(executor, hot);
      if (entry.verdict === 'passes') expect(found).toEqual([]);
      else expect(found).toEqual(expect.arrayContaining(entry.findings));
    }
  });

  it('holds canonical texts, each under its own hash, with a sidecar', () => {
    for (const { name, id, text, schedule, path, verdict, findings } of entries) {
      expect(text, name).toBe(formatSchedule(schedule));
      expect(scheduleId(schedule), name).toBe(id);
      expect(dirname(path).endsWith(`/${schedule.model}`), name).toBe(true);
      expect(findings.length > 0, name).toBe(verdict === 'fails');
    }
    for (const folder of new Set(entries.map(({ path }) => dirname(path)))) {
      const ids = (extension: string): string[] =>
        readdirSync(folder)
          .filter((file) => file.endsWith(extension))
          .map((file) => file.slice(0, -extension.length));
      expect(ids('.json')).toEqual(ids('.sched'));
      expect(readdirSync(folder)).toHaveLength(2 * ids('.sched').length);
    }
  });

  it('has a bug for each faulty design and a passing schedule for each correct one', () => {
    const has = (model: string, design: string, verdict: string): boolean =>
      entries.some((e) => e.schedule.model === model && e.schedule.design === design && e.verdict === verdict);
    for (const [model, faulty, correct] of [
      ['bank', 'racy', 'locked'],
      ['abba', 'abba', 'ordered'],
      ['double-checked', 'broken', 'fixed'],
      ['iommu', 'v6.6', 'v6.7'],
    ] as const) {
      expect(has(model, faulty, 'fails'), `${model} ${faulty}`).toBe(true);
      expect(has(model, correct, 'passes'), `${model} ${correct}`).toBe(true);
    }
  });

  it('has a schedule for each symptom that the thread gives a design of the IOMMU model', () => {
    for (const [symptom, cells] of Object.entries(EXPECTED)) {
      DESIGNS.forEach((design, i) => {
        const shown = symptoms(design).map((name) => name.split('-')[0]);
        if (cells[i] === 'P') expect(shown, `${symptom} ${design}`).toContain(symptom);
      });
    }
    expect(symptoms('v6.7')).toContain('late-domain');
  });

  it('has a schedule for each symptom that was measured in a design of the IOMMU model, with whatever options', () => {
    const found = new Measured(readResults()).everything();
    expect(found.length).toBeGreaterThan(100);
    const missing = found.filter(({ design, symptom }) => !symptoms(design).includes(symptom));
    expect(missing.map((one) => `${one.design} ${one.symptom}: ${one.experiment}, ${one.scene}`)).toEqual([]);
    // No comparison finds S10, since it is what the lockset oracle tells (docs/iommu-model.md, “Locks”).
    for (const design of DESIGNS) expect(symptoms(design), design).toContain('S10');
  });
});

/** Of the IOMMU model's committed bugs in that design. */
function symptoms(design: string): string[] {
  const found = entries.filter((e) => e.schedule.model === 'iommu' && e.schedule.design === design);
  return [...new Set(found.flatMap(({ findings }) => findings.map(({ symptom }) => symptom)))].sort();
}
