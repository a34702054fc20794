/** A thread that runs the toy model with the campaign's random strategy and nothing around it. Answers executions a second. */
import { parentPort, workerData } from 'node:worker_threads';
import { executorOf, runRaw } from './raw.mjs';

const { artefact, scene, seed, warmMs, ms } = workerData;
const SLICE = 20_000;
const executor = executorOf(artefact, scene);
executor.strategy('random', 0);
executor.seed(BigInt(seed));

/** Runs for so long; executions a second. */
function runFor(duration) {
  const begin = performance.now();
  let done = 0;
  while (performance.now() - begin < duration) {
    runRaw(executor, SLICE);
    done += SLICE;
  }
  return (done * 1000) / (performance.now() - begin);
}
runFor(warmMs);
parentPort.postMessage(runFor(ms));
