/** The thread around `BatchRunner`: Piscina calls the default export. */
import { parentPort, workerData } from 'node:worker_threads';
import { now } from '../clock.js';
import { answer } from './answer.js';
import { BatchRunner } from './batch.js';
import type { Announcement, Request, Result, WorkerSetup } from './protocol.js';

// Piscina hands over [its own data, ours].
const setup = (Array.isArray(workerData) ? workerData[1] : workerData) as WorkerSetup;
const worker = Atomics.add(new Int32Array(setup.begun), 0, 1) % setup.workers;
const runner = new BatchRunner(setup, now, worker, (id, scene, memory) => {
  const message: Announcement = { type: 'announce', id, scene, memory };
  parentPort?.postMessage(message);
});

export default function handle(request: Request): Result {
  return answer(runner, setup, request);
}
