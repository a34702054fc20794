/** Turns a sighting into a record: minimize, then analyse. */
import { HeddleError } from '../errors.js';
import type { Executor } from '../executor/executor.js';
import { isCostly, learnLockOrder } from '../executor/oracles.js';
import { analyseFinding } from '../findings/analyse.js';
import { minimizeFinding } from '../findings/minimize.js';
import { bucketOf } from '../findings/place.js';
import type { HotSchedule } from '../schedule/schedule.js';
import type { BatchRunner } from './batch.js';
import type { AnalyseRequest, AnalyseResult, Sighting, WorkerSetup } from './protocol.js';

/** Points: some seconds. A campaign goes on looking; whoever wants the rest has `heddle minimize`. */
const MINIMIZE_WORK = 100_000_000;

/** A finding that does not recur is an answer, not the death of the worker. */
export function analyse(runner: BatchRunner, setup: WorkerSetup, request: AnalyseRequest): AnalyseResult {
  try {
    return recordOf(runner, setup, request);
  } catch (error) {
    if (!(error instanceof HeddleError) || error.code !== 'HDL_NOT_REPRODUCED') throw error;
    return { type: 'analyse', id: request.id, record: null };
  }
}

function recordOf(runner: BatchRunner, setup: WorkerSetup, request: AnalyseRequest): AnalyseResult {
  const { sighting, minimize, keepEvents } = request;
  const { bucket, scene, schedule } = sighting;
  const executor = isCostly(bucket.kind) ? runner.costly.create(scene) : runner.executor(scene);
  // If it dies over this, what it was running can be read.
  runner.announced(request.id, scene, executor);
  const earlier = isCostly(bucket.kind) ? neededBefore(executor, sighting) : [];
  const made = minimize ? minimizeFinding(executor, schedule, bucket, { keepEvents, maxWork: MINIMIZE_WORK }) : null;
  const options = { modelName: setup.modelName, minimized: made?.complete ?? false, earlier };
  const record = analyseFinding(executor, made?.hot ?? schedule, bucket, options);
  return { type: 'analyse', id: request.id, record };
}

/** The fewest earlier executions (none, mostly) whose order of locks the finding needs; the executor has learnt it then. */
function neededBefore(executor: Executor, { earlier = [], bucket, schedule }: Sighting): readonly HotSchedule[] {
  const wanted = bucketOf(bucket, executor.manifest);
  const shows = (schedules: readonly HotSchedule[]): boolean => {
    learnLockOrder(executor, schedules);
    return executor.run(schedule).findings.some((raw) => bucketOf(raw, executor.manifest) === wanted);
  };
  if (shows([])) return [];
  let needed = earlier;
  for (const one of earlier) {
    const fewer = needed.filter((other) => other !== one);
    if (shows(fewer)) needed = fewer;
  }
  learnLockOrder(executor, needed);
  return needed;
}
