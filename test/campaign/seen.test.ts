/** When findings were first and last seen. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import { sceneSchedule } from '../../src/campaign/plan.js';
import { readSeen, SeenFindings, seenFile } from '../../src/campaign/seen.js';
import { Executor } from '../../src/executor/executor.js';
import { BatchRunner } from '../../src/worker/batch.js';
import type { BatchRequest, Bucket, Stage } from '../../src/worker/protocol.js';
import { campaignOptions } from '../support/campaign-options.js';
import { modelAt } from '../support/models.js';
import { workerSetup } from '../support/worker-setup.js';

const root = mkdtempSync(join(tmpdir(), 'heddle-seen-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('are kept over runs, and a clock that jumps back makes nothing younger', () => {
  const path = join(root, 'seen.json');
  const first = new SeenFindings(path);
  first.see('leak-1', 1_000);
  first.see('leak-1', 500);
  first.see('leak-1', 800);
  first.write();
  const second = new SeenFindings(path);
  second.see('leak-1', 900);
  second.see('leak-2', 900);
  second.write();
  expect(readSeen(path)).toEqual({
    'leak-1': { first: 500, last: 1_000, runs: 2, reports: 4 },
    'leak-2': { first: 900, last: 900, runs: 1, reports: 1 },
  });
  for (const text of ['{"schema"', readFileSync(path, 'utf8').replace('500', '9e99'), '[]']) {
    writeFileSync(path, text);
    expect(readSeen(path)).toEqual({});
  }
});

it('a campaign writes them, and goes on counting when it is resumed', async () => {
  const options = await campaignOptions('examples/bank.ts', join(root, 'out'), {
    ...{ design: 'racy', maxExecutions: 400, deterministic: true },
  });
  const never = new AbortController().signal;
  const { records } = await runCampaign(options, {}, never);
  await runCampaign(options, {}, never);
  const ids = new Set(records.map(({ kind, signature }) => `${kind}-${signature}`));
  const seen = readSeen(seenFile(options.outDir));
  expect(ids.size).toBeGreaterThan(0);
  for (const id of ids) expect([id, seen[id]?.runs]).toEqual([id, 2]);
});

it('a worker notices what is known in one batch of 64, and goes on as if it had not looked', async () => {
  const artefact = await modelAt('examples/double-checked.ts');
  const setup = workerSetup(artefact, 'broken');
  const declarations = Executor.describe(artefact);
  const [scene] = declarations.scenes;
  if (!scene) throw new Error('the model has a scene');
  const schedule = sceneSchedule(declarations, scene);
  const stage: Stage = {
    strategy: 'random',
    ...{ scene: scene.name, parameter: 0, schedule, choices: 0, executions: 200 },
    steps: schedule.events.map(() => 8),
  };
  const request = (id: number, known: readonly Bucket[]): BatchRequest => ({
    ...{ type: 'batch', id, seed: 5n, stages: [stage], budgetMs: null, stopOnFirst: false, known, linked: null },
  });
  const runner = new BatchRunner(setup, () => 0, 0);
  const known = runner.run(request(1, [])).sightings.map(({ bucket }) => bucket);
  expect(known.length).toBeGreaterThan(0);
  const batches = Array.from({ length: 128 }, (_, i) => runner.run(request(i + 2, known)));
  expect(batches.flatMap(({ again }, i) => (again.length > 0 ? [i + 2] : []))).toEqual([64, 128]);
  expect(batches[62]?.again).toEqual(known);
  expect(batches.flatMap(({ sightings }) => sightings)).toEqual([]);
  // The same seed: looking has changed nothing that was run.
  expect(new Set(batches.map(({ points }) => points)).size).toBe(1);
});
