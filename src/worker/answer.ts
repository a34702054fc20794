/** One request, whoever runs it: a thread of the pool or the campaign's own. */
import { analyse } from './analyse.js';
import type { BatchRunner } from './batch.js';
import { inspect } from './inspect.js';
import { Measurer } from './measure.js';
import type { Request, Result, WorkerSetup } from './protocol.js';

const measurers = new WeakMap<BatchRunner, Measurer>();

export function answer(runner: BatchRunner, setup: WorkerSetup, request: Request): Result {
  switch (request.type) {
    case 'batch':
      return runner.run(request);
    case 'analyse':
      return analyse(runner, setup, request);
    case 'inspect':
      return inspect(runner, setup, request);
    case 'measure':
      return measurerOf(runner, setup).measure(request);
  }
}

/** It keeps executors, one a scene. */
function measurerOf(runner: BatchRunner, setup: WorkerSetup): Measurer {
  const measurer = measurers.get(runner) ?? new Measurer(runner, setup);
  measurers.set(runner, measurer);
  return measurer;
}
