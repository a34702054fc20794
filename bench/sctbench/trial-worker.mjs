/** A thread that runs trials: each a campaign as `heddle fuzz --stop-on-first --deterministic` runs it, in this thread. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { runCampaign } from '../../dist/campaign/campaign.js';
import { DEFAULT_LIMITS } from '../../dist/executor/executor.js';

const never = new AbortController().signal;

/**
 * Executions and milliseconds to the first finding of the program's kinds; null if the limit came first. A transition of the exhaustive search
 * counts as an execution, though it is a part of one.
 */
async function run({ model, scene, kinds, strategy, seed, limit }) {
  const outDir = mkdtempSync(join(tmpdir(), 'heddle-sctbench-'));
  const options = {
    modelArgument: model,
    artefact: workerData.artefacts[model].fast,
    exact: async () => workerData.artefacts[model].exact,
    design: 'buggy',
    scene,
    options: {},
    jobs: 0,
    seed,
    maxTimeMs: limit.ms,
    maxExecutions: limit.executions,
    stopOnFirst: true,
    deterministic: true,
    strategy,
    oracles: kinds,
    outDir,
    stepLimit: DEFAULT_LIMITS.steps,
    fuelLimit: DEFAULT_LIMITS.fuel,
    hangMs: 60_000,
    minimize: false,
  };
  const begin = performance.now();
  let found = null;
  const finding = ({ executions }) => {
    found ??= { executions, ms: performance.now() - begin };
  };
  try {
    const { searches } = await runCampaign(options, { finding }, never);
    if (found) found.executions += searches.reduce((sum, { transitions }) => sum + transitions, 0);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
  return found;
}

parentPort.on('message', async (trial) => {
  try {
    parentPort.postMessage({ found: await run(trial) });
  } catch (error) {
    parentPort.postMessage({ error: `${trial.model}, ${trial.scene}: ${error.stack}` });
  }
});
