/** The corpus of a folder is taken over in one execution an entry if its sidecars are right, and as it is whatever they say. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import { readJournal } from '../../src/campaign/journal.js';
import { resumeCorpus } from '../../src/campaign/resume.js';
import { inspectEach } from '../../src/campaign/take-over.js';
import { CorpusStore, numbersFor } from '../../src/corpus/store.js';
import { fromNumbers } from '../../src/executor/numbered.js';
import { portableOf } from '../../src/executor/portable.js';
import { BatchRunner } from '../../src/worker/batch.js';
import { Inspection } from '../../src/worker/inspect.js';
import type { Inspectable, Inspected } from '../../src/worker/protocol.js';
import { campaignOptions } from '../support/campaign-options.js';
import { executorOf } from '../support/models.js';
import { randomRun } from '../support/schedules.js';
import { workerSetup } from '../support/worker-setup.js';

const root = mkdtempSync(join(tmpdir(), 'heddle-resume-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const never = new AbortController().signal;

/** Its tasks spawn nothing; decisions of both sorts are in the corpus, and several of them in an entry, with this seed. */
const options = (outDir: string, maxExecutions: number) =>
  campaignOptions('test/models/choosing.ts', outDir, { maxExecutions, deterministic: true, seed: 6n });

/** What sidecars may say that is not so. `numbers` are the right ones. */
const LIES: Readonly<Record<string, (numbers: number[], n: number) => unknown>> = {
  none: () => undefined,
  shifted: (numbers) => numbers.map((one) => one + 1),
  reversed: (numbers) => [...numbers].reverse(),
  'too many': (numbers) => [...numbers, 1],
  'no integers': (numbers) => numbers.map((one) => -one - 0.5),
  'beyond all': (numbers) => numbers.map(() => 2 ** 53),
  'no numbers': () => 'none',
  'all the same': (numbers) => numbers.map(() => 0),
};

function sidecars(folder: string): { readonly file: string; readonly sidecar: { numbers?: number[] } }[] {
  return new CorpusStore(join(folder, 'corpus')).files().map((path) => {
    const file = path.replace(/\.sched$/, '.json');
    return { file, sidecar: JSON.parse(readFileSync(file, 'utf8')) as { numbers?: number[] } };
  });
}

/** What a resumed campaign tells of its corpus. */
async function resumed(folder: string): Promise<unknown> {
  const entries: string[] = [];
  const hooks = { entry: (id: string, text: string) => entries.push(`${id} ${text}`) };
  await runCampaign(await options(folder, 1), hooks, never);
  const { lines } = readJournal(join(folder, 'journal.ndjson'));
  const line = lines.findLast(({ type }) => type === 'resume');
  return { entries, line: { ...line, at: 0 } };
}

it('a campaign resumes with the same corpus whatever its sidecars say, and corrects them', async () => {
  const first = join(root, 'first');
  await runCampaign(await options(first, 2_000), {}, never);
  const right = sidecars(first);
  expect(right.length).toBeGreaterThan(5);
  expect(right.some(({ sidecar }) => (sidecar.numbers ?? []).length > 1)).toBe(true);
  const copy = join(root, 'copy');
  cpSync(first, copy, { recursive: true });
  const wanted = await resumed(copy);
  for (const [name, lie] of Object.entries(LIES)) {
    const folder = join(root, name);
    cpSync(first, folder, { recursive: true });
    sidecars(folder).forEach(({ file, sidecar }, n) => {
      writeFileSync(file, JSON.stringify({ ...sidecar, numbers: lie(sidecar.numbers ?? [], n) }));
    });
    expect([name, await resumed(folder)]).toEqual([name, wanted]);
    const healed = new Map(sidecars(folder).map(({ file, sidecar }) => [file.slice(folder.length), sidecar.numbers]));
    const before = right.map(({ file, sidecar }) => [file.slice(first.length), sidecar.numbers] as const);
    expect([name, before.map(([file]) => healed.get(file))]).toEqual([name, before.map(([, numbers]) => numbers)]);
  }
}, 120_000);

describe('a worker', () => {
  it('runs an entry with right numbers once, and believes none', async () => {
    const { artefact } = await options(join(root, 'unused'), 1);
    const executor = await executorOf('test/models/choosing.ts', { scene: 'both' });
    const setup = workerSetup(artefact, executor.design);
    const runner = new BatchRunner(setup, () => 0, 0);
    const inspection = new Inspection(runner, setup);
    const made = runner.executor('both');
    const look = (entry: Inspectable): { one: Inspected | undefined; executions: number } => {
      const before = made.totals().executions;
      const [one] = inspection.inspect({ type: 'inspect', id: 1, entries: [entry] }).inspected;
      return { one, executions: made.totals().executions - before };
    };
    let lies = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const { recorded } = randomRun(executor, seed);
      const { schedule, numbers } = portableOf(
        executor,
        recorded.events,
        executor.trace(recorded),
        artefact.manifest.name,
      );
      const { one: slow } = look({ schedule, numbers: null });
      expect(look({ schedule, numbers })).toEqual({ one: slow, executions: 1 });
      for (const lie of Object.values(LIES)) {
        const said = lie(numbers, seed);
        if (!Array.isArray(said) || String(said) === String(numbers)) continue;
        lies += 1;
        expect(look({ schedule, numbers: said as number[] }).one).toEqual(slow);
      }
    }
    expect(lies).toBeGreaterThan(100);
  });

  it.each(['examples/bank.ts', 'test/models/spawning.ts', 'test/models/choosing.ts', 'test/models/waiting.ts'])(
    'makes of the numbers of a run of %s the run that it was',
    async (path) => {
      const executor = await executorOf(path, {});
      let found = 0;
      for (let seed = 1; seed <= 40; seed++) {
        const traced = executor.trace(randomRun(executor, seed).recorded);
        const { recorded } = traced;
        const { schedule, numbers } = portableOf(executor, recorded.events, traced, executor.manifest.name);
        const hot = fromNumbers(executor, schedule, numbers);
        // A task that a spawned task has spawned has no slot that its path tells.
        const isDeep = JSON.stringify(schedule).match(/"\d+\.\d+\./) !== null;
        expect(hot === null).toBe(isDeep);
        if (hot) {
          expect(hot).toEqual(recorded);
          found += 1;
        }
      }
      expect(found).toBeGreaterThan(0);
    },
  );
});

it('entries are handed over in their order, read as they are asked for, and none twice', async () => {
  let reading = 0;
  function* entries(): Generator<Inspectable & { readonly n: number }> {
    for (let n = 0; n < 500; n++) {
      reading += 1;
      const schedule = {
        model: String(n),
        design: '',
        scene: '',
        options: {},
        events: [],
        deviations: [],
        choices: [],
      };
      yield { n, schedule, numbers: null };
    }
  }
  let id = 0;
  let running = 0;
  let ahead = 0;
  const taken: number[] = [];
  const run = async (request: { entries: readonly Inspectable[] }) => {
    running += 1;
    ahead = Math.max(ahead, reading - taken.length);
    await new Promise((done) => setTimeout(done, (request.entries.length * 7 + id) % 5));
    running -= 1;
    const inspected = request.entries.map(({ schedule }) => ({
      ...{ reason: schedule.model, discovery: null, sightings: [], dropped: 0 },
    }));
    return { type: 'inspect', id: 0, inspected, observed: {} };
  };
  const inspector = { run: run as never, nextId: () => ++id };
  await inspectEach(inspector, entries(), 2, ({ n }, { reason }) => {
    expect(reason).toBe(String(n));
    taken.push(n);
  });
  expect(taken).toEqual(Array.from({ length: 500 }, (_, n) => n));
  expect(running).toBe(0);
  // Some requests of 32 at a time, never the whole corpus.
  expect(ahead).toBeLessThan(300);
});

it('how the corpus fails is told when all of it was taken over, once a bucket', async () => {
  const first = join(root, 'failing');
  await runCampaign(await options(first, 2_000), {}, never);
  const store = new CorpusStore(join(first, 'corpus'));
  const entries = store.load(() => {});
  expect(entries.length).toBeGreaterThan(2);
  const told: string[] = [];
  const bucket = { kind: 'leak', site: 1, message: '' };
  const inspector = {
    nextId: () => 1,
    run: async ({ entries: asked }: { entries: readonly Inspectable[] }) => ({
      type: 'inspect',
      inspected: asked.map(() => ({
        ...{ reason: null, dropped: 0, discovery: { numbers: null, features: [] } },
        sightings: [{ bucket }, { bucket: { ...bucket, site: 2 } }],
      })),
    }),
  };
  const { refused } = await resumeCorpus({
    ...{ folder: { store } as never, inspector: inspector as never, jobs: 2, model: 'another build' },
    ...{
      design: entries[0]?.schedule.design ?? '',
      scenes: [...new Set(entries.map(({ schedule }) => schedule.scene))],
    },
    take: (id) => {
      told.push(id);
      return {} as never;
    },
    sight: (sighting) => told.push(String(sighting.bucket.site)),
  });
  expect(refused).toBe(0);
  expect(told).toEqual([...entries.map(({ id }) => id), '1', '2']);
});

it('numbers count for the build that they are of', () => {
  const sidecar = { schema: 'heddle.corpus-entry/1' as const, parent: '', origin: 'random', model: 'a', features: [] };
  const entry = { sidecar: { ...sidecar, state: '0', numbers: [1, 2] } };
  expect(numbersFor('a', entry)).toEqual([1, 2]);
  expect(numbersFor('b', entry)).toBeNull();
  expect(numbersFor('a', { sidecar: null })).toBeNull();
});
