/** One request, whoever runs it: a thread of the pool or the campaign's own. */
import { analyse } from './analyse.js';
import type { BatchRunner } from './batch.js';
import { Inspection } from './inspect.js';
import { Measurer } from './measure.js';
import type { Request, Result, WorkerSetup } from './protocol.js';
import { Searcher } from './search.js';

const inspections = new WeakMap<BatchRunner, Inspection>();
const measurers = new WeakMap<BatchRunner, Measurer>();
const searchers = new WeakMap<BatchRunner, Searcher>();

export function answer(runner: BatchRunner, setup: WorkerSetup, request: Request): Result {
  switch (request.type) {
    case 'batch':
      return runner.run(request);
    case 'analyse':
      return analyse(runner, setup, request);
    case 'inspect':
      return inspectionOf(runner, setup).inspect(request);
    case 'measure':
      return measurerOf(runner, setup).measure(request);
    case 'search':
      return searcherOf(runner, setup).run(request);
  }
}

/** It keeps a search that is under way. */
function searcherOf(runner: BatchRunner, setup: WorkerSetup): Searcher {
  const searcher = searchers.get(runner) ?? new Searcher(runner, setup);
  searchers.set(runner, searcher);
  return searcher;
}

/** It keeps executors, one a scene. */
function inspectionOf(runner: BatchRunner, setup: WorkerSetup): Inspection {
  const inspection = inspections.get(runner) ?? new Inspection(runner, setup);
  inspections.set(runner, inspection);
  return inspection;
}

/** The same. */
function measurerOf(runner: BatchRunner, setup: WorkerSetup): Measurer {
  const measurer = measurers.get(runner) ?? new Measurer(runner, setup);
  measurers.set(runner, measurer);
  return measurer;
}
