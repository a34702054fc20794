// A table of the costly oracles that is full is told, by campaigns and by `verify`, which then proves nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import { Executor } from '../../src/executor/executor.js';
import type { ModelArtefact } from '../../src/executor/instance.js';
import { fullTables } from '../../src/executor/oracles.js';
import { FINDING_KINDS } from '../../src/executor/types.js';
import { verify } from '../../src/verify/verify.js';
import { campaignOptions } from '../support/campaign-options.js';
import { modelAt } from '../support/models.js';

const MODEL = 'test/models/crowded.ts';
let artefact: ModelArtefact;
beforeAll(async () => {
  artefact = await modelAt(MODEL);
}, 120_000);

const SCENES = [
  ['many-orders', /^order of locks/],
  ['many-wake-ups', /^wake-ups/],
  ['many-guards', /^guarded ranges/],
  ['many-cells', /^clocks and cells/],
] as const;

function tablesAfter(scene: string): string[] {
  const limits = { steps: 20_000, fuel: 1 << 20 };
  const executor = Executor.create({ artefact, configuration: { scene }, build: 'oracles', limits });
  executor.run(executor.sceneSchedule());
  return fullTables(executor);
}

describe('a table that is full', () => {
  it.each(SCENES)('is named after an execution of %s', (scene, name) => {
    expect(tablesAfter(scene)).toEqual([expect.stringMatching(name)]);
  });

  it('is not named where there was room', () => {
    expect(tablesAfter('few-of-each')).toEqual([]);
  });

  it('is told once by a campaign', async () => {
    const outDir = mkdtempSync(join(tmpdir(), 'heddle-full-'));
    const warnings: string[] = [];
    try {
      await runCampaign(
        await campaignOptions(MODEL, outDir, {
          ...{ scene: 'many-orders', stepLimit: 20_000, oracles: FINDING_KINDS },
          maxExecutions: 2_000,
        }),
        { warning: (text) => warnings.push(text) },
        new AbortController().signal,
      );
    } finally {
      rmSync(outDir, { recursive: true, force: true });
    }
    expect(warnings).toEqual([expect.stringContaining('order of locks')]);
  }, 60_000);

  it.each([
    ['many-guards', 'incomplete'],
    ['few-of-each', 'verified'],
  ] as const)('keeps verify from proving anything: %s is %s', async (scene, verdict) => {
    const result = await verify(
      {
        ...{ exact: await modelAt(MODEL, 'exact'), fast: artefact, design: '', scene, options: {} },
        ...{ oracles: null, costly: true, reduce: true, all: true },
        ...{ memoryBytes: 64 << 20, stepLimit: 20_000, fuelLimit: 1 << 20 },
      },
      () => {},
      new AbortController().signal,
    );
    expect(result.verdict).toBe(verdict);
    if (verdict === 'incomplete') expect(result.cut).toMatch(/^a table of the costly oracles is full/);
  });
});
