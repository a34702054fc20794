/** The chance that the next execution ends in a new state: the share of executions whose final state was seen once only. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import { Statistics } from '../../src/campaign/statistics.js';
import type { CampaignOptions } from '../../src/campaign/types.js';
import { Executor } from '../../src/executor/executor.js';
import type { BatchResult } from '../../src/worker/protocol.js';
import { campaignOptions } from '../support/campaign-options.js';
import { modelAt, modelOf } from '../support/models.js';

/** Each order of its 36 stores is another final state. */
const MANY = `import { event, scene } from 'heddle';
class Cell { log: i64 = 0; }
const cell = new Cell();
function stores(n: i32): void { for (let i = 0; i < 12; i++) cell.log = cell.log * 6364136223846793005 + n; }
export function register(): void {
  event('stores', stores).arg('n', 1, 4);
  scene('three').with('stores', 1).with('stores', 2).with('stores', 3);
}`;

async function chance(path: string, more: Partial<CampaignOptions>): Promise<number> {
  const outDir = mkdtempSync(join(tmpdir(), 'heddle-chance-'));
  const options = await campaignOptions(path, outDir, { seed: 3n, deterministic: true, minimize: false, ...more });
  try {
    return (await runCampaign(options, {}, new AbortController().signal)).chanceOfNew;
  } finally {
    rmSync(outDir, { recursive: true });
  }
}

it('is near 1 where each execution ends in another state', async () => {
  const artefact = await modelOf(MANY, 'many-states');
  const executor = Executor.create({ artefact });
  executor.setEvents(executor.sceneSchedule());
  executor.strategy('random', 1);
  executor.seed(5n);
  for (let done = 0; done < 2_000; ) done += executor.batch(2_000 - done);
  const { statesOnce, executions } = executor.totals();
  expect(statesOnce / executions).toBeGreaterThan(0.9);
  expect(await chance('', { artefact, strategy: 'pos', maxExecutions: 2_000 })).toBeGreaterThan(0.9);
});

it('is 0 where all states were seen again', async () => {
  const executor = Executor.create({ artefact: await modelAt('examples/bank.ts'), configuration: { design: 'racy' } });
  executor.setEvents(executor.sceneSchedule());
  executor.strategy('random', 1);
  executor.seed(5n);
  for (let done = 0; done < 2_000; ) {
    done += executor.batch(2_000 - done);
    for (const finding of executor.result().findings) executor.acknowledge(finding);
  }
  const { states, statesOnce } = executor.totals();
  expect(states).toBeGreaterThan(1);
  expect(statesOnce).toBe(0);
  expect(await chance('examples/bank.ts', { design: 'racy', maxExecutions: 20_000 })).toBe(0);
});

it('is that of all workers together, of each as it last was', async () => {
  const { manifest } = await modelAt('examples/bank.ts');
  const statistics = new Statistics(2, manifest, new Uint8Array(1));
  const batch = (worker: number, statesOnce: number, workerExecutions: number): number => {
    const nothing = { executions: [], points: 0, knownHits: 0, states: 0 };
    statistics.batch({ ...nothing, worker, statesOnce, workerExecutions } as unknown as BatchResult, []);
    return statistics.snapshot(0, 0, []).chanceOfNew;
  };
  expect(statistics.snapshot(0, 0, []).chanceOfNew).toBe(1);
  expect(batch(0, 50, 100)).toBe(0.5);
  expect(batch(1, 30, 300)).toBe(0.2);
  expect(batch(0, 10, 200)).toBe(0.08);
});
