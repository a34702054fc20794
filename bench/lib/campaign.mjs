/** Whole campaigns beside the raw executor in a thread: same model, same strategy, same parameter. The first second counts for neither. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { runCampaign } from '../../dist/campaign/campaign.js';
import { DEFAULT_LIMITS } from '../../dist/executor/executor.js';
import { artefactOf, MODELS } from './raw.mjs';
import { median, round, slope } from './stats.mjs';
import { THREAD_LIMITS } from './thread.mjs';

/** Executions a second of `threads` threads together. */
async function raw(artefact, threads, warmMs, ms, seed) {
  const rates = Array.from({ length: threads }, (_, i) => {
    const workerData = {
      artefact: { wasm: artefact.wasm, manifest: artefact.manifest },
      scene: MODELS.toy.scene,
      seed: seed + i * 7,
      warmMs,
      ms,
    };
    const worker = new Worker(new URL('raw-worker.mjs', import.meta.url), {
      workerData,
      resourceLimits: THREAD_LIMITS,
    });
    return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  });
  return (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0);
}

/** Executions a second of a campaign: the slope of its own counter over time, after the start. */
async function campaign(artefact, jobs, strategy, warmMs, ms, seed) {
  const outDir = mkdtempSync(join(tmpdir(), 'heddle-bench-'));
  const samples = [];
  try {
    await runCampaign(
      {
        modelArgument: 'toy',
        artefact,
        design: '',
        scene: MODELS.toy.scene,
        options: {},
        jobs,
        seed: BigInt(seed),
        maxTimeMs: warmMs + ms,
        maxExecutions: null,
        stopOnFirst: false,
        deterministic: false,
        strategy,
        oracles: null,
        outDir,
        stepLimit: DEFAULT_LIMITS.steps,
        fuelLimit: DEFAULT_LIMITS.fuel,
        hangMs: 30_000,
        minimize: true,
      },
      {
        status: ({ elapsedMs, executions }) => {
          if (elapsedMs > warmMs && elapsedMs <= warmMs + ms) samples.push([elapsedMs, executions]);
        },
      },
      new AbortController().signal,
    );
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
  return slope(samples) * 1000;
}

export async function measureCampaign({ rounds, warmMs, ms }) {
  const artefact = await artefactOf('toy');
  const variants = {
    raw: (seed) => raw(artefact, 1, warmMs, ms, seed),
    campaign: (seed) => campaign(artefact, 1, 'random', warmMs, ms, seed),
    twoWorkers: (seed) => campaign(artefact, 2, 'random', warmMs, ms, seed),
    rawTwoThreads: (seed) => raw(artefact, 2, warmMs, ms, seed),
    portfolio: (seed) => campaign(artefact, 1, 'portfolio', warmMs, ms, seed),
  };
  const rates = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  for (let r = 0; r < rounds; r++) {
    for (const [name, run] of Object.entries(variants)) rates[name].push(await run(r + 1));
  }
  const ratio = (a, b) => round(median(rates[a].map((rate, r) => rate / rates[b][r])), 3);
  return {
    execsPerSecond: Object.fromEntries(Object.entries(rates).map(([name, list]) => [name, Math.round(median(list))])),
    campaignRatio: ratio('campaign', 'raw'),
    workersRatio: ratio('twoWorkers', 'campaign'),
    rawThreadsRatio: ratio('rawTwoThreads', 'raw'),
  };
}
