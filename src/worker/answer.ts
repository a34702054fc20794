/** One request, whoever runs it: a thread of the pool or the campaign's own. */
import { analyse } from './analyse.js';
import type { BatchRunner } from './batch.js';
import { inspect } from './inspect.js';
import type { Request, Result, WorkerSetup } from './protocol.js';

export function answer(runner: BatchRunner, setup: WorkerSetup, request: Request): Result {
  if (request.type === 'batch') return runner.run(request);
  return request.type === 'analyse' ? analyse(runner, setup, request) : inspect(runner, setup, request);
}
