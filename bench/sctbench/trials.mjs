/** Many trials on a few threads; every model is built once. */
import { Worker } from 'node:worker_threads';
import { buildModel } from '../../dist/build/index.js';
import { ROOT } from '../lib/raw.mjs';
import { THREAD_LIMITS } from '../lib/thread.mjs';

/** Seeds of neighbouring trials must be far apart: a campaign's batches take the seeds after its own. */
export const seedOf = (trial) => BigInt.asUintN(64, BigInt(trial + 1) * 0x9e3779b97f4a7c15n);

async function build(models) {
  const artefacts = {};
  for (const model of models) {
    const [fast, exact] = [
      await buildModel(`${ROOT}${model}`),
      await buildModel(`${ROOT}${model}`, { flavour: 'exact' }),
    ].map(({ wasm, manifest }) => ({ wasm, manifest }));
    artefacts[model] = { fast, exact };
  }
  return artefacts;
}

/**
 * Runs each list of trials of `series` ({ model, scene, kinds, strategy, limit }, `count` trials each) on `jobs` threads. Answers, for each
 * series, what its trials found, in their order. `done(series)` is called when one is complete. @throws Error if a trial fails
 */
export async function runSeries(series, count, jobs, done = () => {}) {
  const artefacts = await build(new Set(series.map(({ model }) => model)));
  const results = series.map(() => Array.from({ length: count }, () => null));
  const open = series.map(() => count);
  const queue = series.flatMap((_, s) => Array.from({ length: count }, (_, trial) => ({ s, trial })));
  let next = 0;

  const serve = () =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('trial-worker.mjs', import.meta.url), {
        workerData: { artefacts },
        resourceLimits: THREAD_LIMITS,
      });
      let current = null;
      const give = () => {
        current = queue[next++] ?? null;
        if (!current) return worker.terminate().then(resolve, reject);
        return worker.postMessage({ ...series[current.s], seed: seedOf(current.trial) });
      };
      worker.on('message', ({ found, error }) => {
        if (error) return reject(new Error(error));
        const { s, trial } = current;
        results[s][trial] = found;
        open[s] -= 1;
        if (open[s] === 0) done(series[s]);
        return give();
      });
      worker.on('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: jobs }, serve));
  return results;
}
