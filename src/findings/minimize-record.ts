/** A kept finding, minimized to the optimum and described anew. */
import { DEFAULT_LIMITS, Executor, type Limits } from '../executor/executor.js';
import type { ModelArtefact } from '../executor/instance.js';
import { isCostly, learnLockOrder } from '../executor/oracles.js';
import { fromPortable } from '../executor/portable.js';
import { analyseFinding } from './analyse.js';
import type { FindingRecord } from './finding.js';
import { minimizeToOptimum } from './optimum.js';

export interface ModelFlavours {
  readonly fast: ModelArtefact;
  readonly exact: ModelArtefact;
}

export interface RecordOptions {
  readonly keepEvents?: boolean;
  readonly transitions?: number;
  readonly limits?: Limits;
}

/**
 * The record of the smallest schedule, with what is proved about it.
 *
 * @throws HeddleError HDL_NOT_REPRODUCED if the schedule does not show the finding with this model.
 */
export function minimizeRecord(
  { fast, exact }: ModelFlavours,
  record: FindingRecord,
  options: RecordOptions = {},
): FindingRecord {
  const { design, scene, schedule, kind, bucket, earlier = [], maxSteps } = record;
  const limits = options.limits ?? (maxSteps === undefined ? DEFAULT_LIMITS : { ...DEFAULT_LIMITS, steps: maxSteps });
  const executor = Executor.create({
    artefact: fast,
    configuration: { design, scene, options: schedule.options },
    build: isCostly(kind) ? 'oracles' : 'release',
    limits,
  });
  const taught = earlier.map((one) => fromPortable(executor, one).hot);
  learnLockOrder(executor, taught);
  const { hot } = fromPortable(executor, schedule);
  const result = minimizeToOptimum(executor, hot, bucket, { exact, ...options, limits });
  const { executions, foundBy } = record;
  const minimized = analyseFinding(executor, result.hot, bucket, {
    modelName: schedule.model,
    executions,
    minimized: true,
    earlier: taught,
    minimality: result.minimality,
  });
  return { ...minimized, ...(foundBy === undefined ? {} : { foundBy }) };
}
