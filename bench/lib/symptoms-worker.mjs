/** A thread that runs trials of bench/full.mjs: each a campaign as `heddle fuzz --deterministic --stop-on-symptom` runs it, in this thread. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { runCampaign } from '../../dist/campaign/campaign.js';
import { DEFAULT_LIMITS } from '../../dist/executor/executor.js';

const { fast, exact, model } = workerData;
const never = new AbortController().signal;

/** Executions to the first finding of each symptom; null if the limit came first. */
async function run({ design, scene, strategy, symptoms, seed, executions }) {
  const outDir = mkdtempSync(join(tmpdir(), 'heddle-symptoms-'));
  const found = Object.fromEntries(symptoms.map((symptom) => [symptom, null]));
  const options = {
    ...{ modelArgument: model, artefact: fast, exact: async () => exact, design, scene, options: {}, jobs: 0, seed },
    ...{ maxTimeMs: null, maxExecutions: executions, stopOnFirst: false, stopOnSymptoms: symptoms },
    ...{ deterministic: true, strategy, oracles: null, outDir, minimize: true, hangMs: 60_000 },
    ...{ stepLimit: DEFAULT_LIMITS.steps, fuelLimit: DEFAULT_LIMITS.fuel },
  };
  const finding = (record) => {
    if (record.symptom in found) found[record.symptom] ??= record.executions;
  };
  try {
    await runCampaign(options, { finding }, never);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
  return found;
}

parentPort.on('message', async (trial) => {
  try {
    parentPort.postMessage({ found: await run(trial) });
  } catch (error) {
    parentPort.postMessage({ error: `${trial.design}, ${trial.strategy}: ${error.stack}` });
  }
});
