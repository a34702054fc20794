/** A thread of the server: answers one question, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import type { InspectionRequest } from '../server/inspections.js';
import { inspect } from './inspect.js';

parentPort?.postMessage(await inspect(workerData as InspectionRequest));
