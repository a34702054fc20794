/** The portfolio's exhaustive search: what it finds that sampling does not, when it says that nothing is left, and what ends it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import { Credit } from '../../src/campaign/credit.js';
import { readJournal } from '../../src/campaign/journal.js';
import { setupOf } from '../../src/campaign/setup.js';
import type { CampaignHooks, CampaignOptions, CampaignSummary } from '../../src/campaign/types.js';
import { DEFAULT_LIMITS, Executor } from '../../src/executor/executor.js';
import { MEMORY } from '../../src/executor/layout.js';
import { verify } from '../../src/verify/verify.js';
import { answer } from '../../src/worker/answer.js';
import { BatchRunner } from '../../src/worker/batch.js';
import type { SearchResult } from '../../src/worker/protocol.js';
import { campaignOptions } from '../support/campaign-options.js';
import { modelAt } from '../support/models.js';

const SAFESTACK = 'bench/sctbench/programs/safestack.ts';
const TOY = 'test/models/toy.ts';
/** More than the samplers' first go. */
const EXECUTIONS = 150_000;

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'heddle-arm-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
async function optionsOf(path: string, more: Partial<CampaignOptions>): Promise<CampaignOptions> {
  const exact = (): ReturnType<typeof modelAt> => modelAt(path, 'exact');
  return campaignOptions(path, join(root, String(folders++)), { exact, deterministic: true, ...more });
}

async function campaign(
  path: string,
  more: Partial<CampaignOptions>,
  hooks: CampaignHooks = {},
): Promise<CampaignSummary> {
  return runCampaign(await optionsOf(path, more), hooks, new AbortController().signal);
}

describe('the arm alone', () => {
  it('finds what needs seven preemptions, as a schedule that the ordinary executor fails with', async () => {
    const options = await optionsOf(SAFESTACK, { design: 'buggy', stepLimit: DEFAULT_LIMITS.steps });
    const setup = setupOf(options, 1, new SharedArrayBuffer(MEMORY.COVERAGE_SIZE));
    const runner = new BatchRunner(setup, () => 0, 0);
    const request = { type: 'search', id: 1, scene: 'A', memoryBytes: 64 << 20, transitions: 100_000 } as const;
    const exact = await modelAt(SAFESTACK, 'exact');
    let result = answer(runner, setup, { ...request, begin: true, exact }) as SearchResult;
    while (result.outcome === 'open' && result.sightings.length === 0) {
      result = answer(runner, setup, { ...request, begin: false, exact: null }) as SearchResult;
    }
    const [sighting] = result.sightings;
    expect(sighting?.bucket).toMatchObject({ kind: 'assertion', message: 'two tasks have the same node' });
    const { artefact, design } = options;
    const executor = Executor.create({ artefact, configuration: { design, scene: 'A' } });
    const { findings } = executor.run(sighting?.schedule ?? { events: [], deviations: [], choices: [] });
    expect(findings.map(({ kind }) => kind)).toEqual(['assertion']);
  }, 60_000);
});

describe('a campaign with it', () => {
  it('finds it, and tells who did', async () => {
    // With a seed by which no sampler meets it first.
    const summary = await campaign(SAFESTACK, {
      design: 'buggy',
      scene: 'A',
      stopOnFirst: true,
      minimize: false,
      seed: 2n,
    });
    expect(summary.records.map(({ kind }) => kind)).toEqual(['assertion']);
    expect(summary.strategies['search']?.findings).toBe(1);
  }, 60_000);

  it('says that every schedule was searched, with as many states as verify, and journals it', async () => {
    const options = await optionsOf(TOY, { scene: 'three', maxExecutions: EXECUTIONS });
    const summary = await runCampaign(options, {}, new AbortController().signal);
    const { exact: _, ...model } = options;
    const limits = { memoryBytes: 64 << 20, stepLimit: options.stepLimit, fuelLimit: options.fuelLimit };
    const whole = await verify(
      {
        ...limits,
        ...{ exact: await modelAt(TOY, 'exact'), fast: model.artefact, design: '', scene: 'three', options: {} },
        ...{ oracles: null, reduce: true, all: true },
      },
      () => {},
      new AbortController().signal,
    );
    expect(whole.verdict).toBe('verified');
    const { states, transitions } = whole;
    expect(summary.searches).toEqual([{ scene: 'three', state: 'exhausted', states, transitions, reason: '' }]);
    const { lines } = readJournal(join(options.outDir, 'journal.ndjson'));
    expect(lines.filter(({ type }) => type === 'searched')).toMatchObject([
      { scene: 'three', exhausted: true, states },
    ]);
    // The same folder again: nothing of it is in the way.
    const again = await runCampaign(options, {}, new AbortController().signal);
    expect(again.searches).toEqual(summary.searches);
  }, 60_000);

  it('searches one scene after the other', async () => {
    const summary = await campaign(TOY, { maxExecutions: 2 * EXECUTIONS });
    expect(summary.searches.map(({ scene, state }) => [scene, state])).toEqual([
      ['three', 'exhausted'],
      ['two', 'exhausted'],
    ]);
  }, 60_000);

  it('is the same each time', async () => {
    const run = async (): Promise<unknown> => {
      const { searches, executions, states, strategies, corpus } = await campaign(SAFESTACK, {
        ...{ design: 'buggy', scene: 'A', maxExecutions: 80_000, minimize: false },
      });
      expect(searches[0]?.transitions).toBeGreaterThan(0);
      return { searches, executions, states, strategies, corpus };
    };
    expect(await run()).toEqual(await run());
  }, 60_000);

  it('ends the search, not itself, when the memory is full', async () => {
    const summary = await campaign(SAFESTACK, {
      ...{ design: 'fixed', scene: 'C', maxExecutions: EXECUTIONS, searchMemoryBytes: 64 << 10 },
    });
    expect(summary.searches).toMatchObject([{ state: 'stopped', reason: 'its memory for visited states is full' }]);
    expect(summary.executions).toBe(EXECUTIONS);
  }, 60_000);

  it('goes on without it if the model cannot be built, or is another one by now', async () => {
    const warnings: string[] = [];
    const hooks = { warning: (message: string) => warnings.push(message) };
    const fail = (): never => {
      throw new Error('no space left');
    };
    const failed = await campaign(TOY, { scene: 'two', maxExecutions: EXECUTIONS, exact: fail }, hooks);
    const other = (): ReturnType<typeof modelAt> => modelAt('test/models/two-by-three.ts', 'exact');
    const changed = await campaign(TOY, { scene: 'two', maxExecutions: EXECUTIONS, exact: other }, hooks);
    for (const { searches, executions } of [failed, changed]) {
      expect([searches[0]?.state, executions]).toEqual(['stopped', EXECUTIONS]);
    }
    expect(warnings).toEqual([expect.stringMatching(/no space left/), expect.stringMatching(/source has changed/)]);
  }, 60_000);

  it('searches in a thread of its own beside workers', async () => {
    const summary = await campaign(TOY, { scene: 'three', jobs: 2, deterministic: false, maxExecutions: 1_000_000 });
    expect(summary.searches).toMatchObject([{ state: 'exhausted' }]);
    expect(summary.workersReplaced).toBe(0);
  }, 60_000);
});

describe('the share of the work', () => {
  it('is nothing at first, then as much as the samplers have, then what the bandit gives it, and a twentieth at least', () => {
    const credit = new Credit(false);
    let searched = 0;
    const work = (points: number, share: number): number => {
      const before = searched;
      for (let done = 0; done < points; done += 1_000_000) {
        credit.earn(1_000_000, 0, share, credit.hasBegun);
        while (credit.isDue) searched += credit.spend(1_000, 0);
      }
      return (searched - before) / points;
    };
    expect(work(3_000_000, 0.5)).toBe(0);
    expect(work(40_000_000, 0)).toBeGreaterThan(0.9);
    work(20_000_000, 0);
    expect(work(200_000_000, 0)).toBeCloseTo(0.05 / 0.95, 2);
    expect(work(200_000_000, 0.5)).toBeCloseTo(1, 2);
  });
});
