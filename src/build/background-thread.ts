/** The thread of `buildInBackground`. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { BackgroundBuild } from './background.js';
import { buildModel } from './build-model.js';

/** Enough to give way to the workers of a campaign, not so much that a busy machine never comes to it. */
const NICENESS = 3;

// On Linux a thread has a priority of its own; elsewhere this would slow down the whole process.
if (process.platform === 'linux') setPriority(NICENESS);
const { entry, options } = workerData as BackgroundBuild;
parentPort?.postMessage(await buildModel(entry, options));
