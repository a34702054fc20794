/** The thread of `buildInBackground` and `linkInBackground`. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { BackgroundWork } from './background.js';
import { buildModel } from './build-model.js';
import { inlineHooks } from './link.js';

/** Enough to give way to the workers of a campaign, not so much that a busy machine never comes to it. */
const NICENESS = 3;

// On Linux a thread has a priority of its own; elsewhere this would slow down the whole process.
if (process.platform === 'linux') setPriority(NICENESS);
const work = workerData as BackgroundWork;
parentPort?.postMessage(
  work.type === 'build' ? await buildModel(work.entry, work.options) : await inlineHooks(work.merged),
);
