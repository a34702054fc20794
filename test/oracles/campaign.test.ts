// The costly oracles in a campaign: on demand only, in few executions, and what they find can be replayed from its folder alone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import type { CampaignSummary } from '../../src/campaign/types.js';
import { Executor } from '../../src/executor/executor.js';
import type { ModelArtefact } from '../../src/executor/instance.js';
import { COSTLY_KINDS, learnLockOrder } from '../../src/executor/oracles.js';
import { fromPortable } from '../../src/executor/portable.js';
import { FINDING_KINDS, type FindingKind } from '../../src/executor/types.js';
import { bucketOf } from '../../src/findings/place.js';
import { findingDir, loadFinding } from '../../src/findings/store.js';
import { modelAt } from '../support/models.js';

/** A small part of what a campaign does in a second. */
const EXECUTIONS = 4_000;
let artefacts: readonly ModelArtefact[];

beforeAll(async () => {
  artefacts = [await modelAt('test/models/races.ts'), await modelAt('test/models/oracles.ts')];
}, 120_000);

function artefactOf(scene: string): ModelArtefact {
  return artefacts[scene.startsWith('data-race') ? 0 : 1] as ModelArtefact;
}

async function inCampaign<T>(
  scene: string,
  oracles: readonly FindingKind[] | null,
  look: (summary: CampaignSummary, dir: string) => T,
): Promise<T> {
  const outDir = mkdtempSync(join(tmpdir(), 'heddle-oracles-'));
  try {
    const summary = await runCampaign(
      {
        modelArgument: 'a model of the tests',
        artefact: artefactOf(scene),
        design: 'default',
        scene,
        options: {},
        jobs: 1,
        seed: 7n,
        maxTimeMs: null,
        maxExecutions: EXECUTIONS,
        stopOnFirst: false,
        deterministic: true,
        strategy: 'portfolio',
        oracles,
        outDir,
        stepLimit: 4000,
        fuelLimit: 1 << 20,
        hangMs: 10_000,
        minimize: true,
      },
      {},
      new AbortController().signal,
    );
    return look(summary, outDir);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

describe('a campaign with costly oracles', () => {
  it.each([
    ['data-race', 'data-race'],
    ['lock-order', 'lock-order'],
    ['lock-order-apart', 'lock-order'],
    ['lockset', 'lockset'],
    ['lost-wakeup', 'lost-wakeup'],
    ['livelock', 'livelock'],
    ['starvation', 'starvation'],
  ] as const)('finds the fault of %s in few executions, and it replays', async (scene, kind) => {
    await inCampaign(scene, FINDING_KINDS, ({ records }, dir) => {
      const kinds = records.map((record) => record.kind);
      expect(kinds).toContain(kind);
      expect(kinds).not.toContain('deadlock');
      for (const found of records) {
        const stored = loadFinding(join(findingDir(dir, found), 'finding.json'));
        const executor = Executor.create({
          artefact: artefactOf(scene),
          configuration: { scene },
          limits: { steps: 4000, fuel: 1 << 20 },
          build: COSTLY_KINDS.includes(found.kind) ? 'oracles' : 'release',
        });
        learnLockOrder(
          executor,
          (stored.earlier ?? []).map((one) => fromPortable(executor, one).hot),
        );
        const { findings, hash } = executor.run(fromPortable(executor, stored.schedule).hot);
        expect(findings.map((raw) => bucketOf(raw, executor.manifest))).toContain(stored.bucket);
        expect(hash.toString(16).padStart(16, '0')).toBe(stored.hash);
      }
    });
  });

  it('is silent about the correct twins', async () => {
    for (const scene of ['livelock-twin', 'starvation-twin', 'lock-order-apart-twin', 'data-race-publish-twin']) {
      await inCampaign(scene, FINDING_KINDS, ({ records }) => expect(records.map(({ title }) => title)).toEqual([]));
    }
  });

  it('does not count what is passed over as hits', async () => {
    const hits = (oracles: readonly FindingKind[] | null): Promise<number> =>
      inCampaign('lost-wakeup-deadlock', oracles, ({ knownHits }) => knownHits);
    expect(await hits(null)).toBeGreaterThan(EXECUTIONS / 2);
    expect(await hits(['deadlock'])).toBeGreaterThan(EXECUTIONS / 2);
    expect(await hits(['leak'])).toBe(0);
  });

  it('runs them on demand only', async () => {
    await inCampaign('data-race', null, ({ records }) => expect(records).toEqual([]));
    await inCampaign('lockset', ['lockset'], ({ records }) =>
      expect(records.map(({ kind }) => kind)).toEqual(['lockset', 'lockset']),
    );
  });
});
