/** Runs schedules from files: what a schedule is worth, or why it is refused. What a file says of itself is checked, never believed. */
import { HeddleError } from '../errors.js';
import type { Executor } from '../executor/executor.js';
import { Observations } from '../executor/observed.js';
import { fromPortable, headOf } from '../executor/portable.js';
import type { ExecutionResult } from '../executor/types.js';
import { provisionalSymptom } from '../findings/facts.js';
import type { Schedule } from '../schedule/schedule.js';
import type { BatchRunner } from './batch.js';
import type { Inspected, InspectRequest, InspectResult, Sighting, WorkerSetup } from './protocol.js';

export function inspect(runner: BatchRunner, setup: WorkerSetup, request: InspectRequest): InspectResult {
  const inspected = request.schedules.map((schedule) => inspectOne(runner, setup, schedule, request.id));
  const observed = new Observations();
  for (const { scene } of inspected.flatMap(({ discovery }) => discovery ?? [])) {
    observed.add(runner.executor(scene).observed());
  }
  return { type: 'inspect', id: request.id, inspected, observed: observed.all() };
}

function inspectOne(runner: BatchRunner, setup: WorkerSetup, schedule: Schedule, id: number): Inspected {
  const refused = (reason: string): Inspected => ({ reason, discovery: null, sightings: [], dropped: 0 });
  if (schedule.model !== setup.modelName) return refused(`it belongs to the model ${schedule.model}`);
  try {
    const executor = runner.open(id, schedule.scene);
    const mismatch = otherConfiguration(executor, schedule);
    if (mismatch !== null) return refused(mismatch);
    const { hot, dropped } = fromPortable(executor, schedule);
    const result = executor.run(hot);
    const sightings = sightingsOf(executor, schedule.scene, result);
    const discovery = runner.discover(executor, schedule.scene, 0, result.recorded);
    return { reason: null, discovery, sightings, dropped: dropped.length };
  } catch (error) {
    // No such scene, event or argument; or a run that no file can hold.
    if (error instanceof HeddleError) return refused(error.message);
    throw error;
  }
}

/** How one execution has failed. */
export function sightingsOf(
  executor: Executor,
  scene: string,
  { recorded, findings, tasks }: ExecutionResult,
): Sighting[] {
  return findings.map((finding) => {
    const { kind, site, message } = finding;
    const symptom = provisionalSymptom(executor, recorded, finding, tasks);
    return { stage: 0, scene, schedule: recorded, bucket: { kind, site, message, symptom }, executions: 1 };
  });
}

/** What of the schedule does not fit, or null. */
export function otherConfiguration(executor: Executor, { model, design, options }: Schedule): string | null {
  if (design !== executor.design) return `it belongs to the design ${design}, not ${executor.design}`;
  const ours = headOf(executor, model).options;
  for (const name of new Set([...Object.keys(ours), ...Object.keys(options)])) {
    if (ours[name] !== options[name])
      return `its option ${name} is ${options[name] ?? 'the default'}, not ${ours[name] ?? 'the default'}`;
  }
  return null;
}
