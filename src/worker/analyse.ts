/** Turns a sighting into a record: minimize, then analyse. */
import { analyseFinding } from '../findings/analyse.js';
import { minimizeFinding } from '../findings/minimize.js';
import type { BatchRunner } from './batch.js';
import type { AnalyseRequest, AnalyseResult, WorkerSetup } from './protocol.js';

export function analyse(runner: BatchRunner, setup: WorkerSetup, request: AnalyseRequest): AnalyseResult {
  const { sighting, minimize, keepEvents } = request;
  const executor = runner.executor(sighting.scene);
  const hot = minimize
    ? minimizeFinding(executor, sighting.schedule, sighting.bucket, { keepEvents }).hot
    : sighting.schedule;
  const record = analyseFinding(executor, hot, sighting.bucket, { modelName: setup.modelName, minimized: minimize });
  return { type: 'analyse', id: request.id, record };
}
