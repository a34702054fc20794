/** Runs schedules from files: what a schedule is worth, or why it is refused. What a file says of itself is checked, never believed. */
import { isDeepStrictEqual } from 'node:util';
import { HeddleError } from '../errors.js';
import type { Executor } from '../executor/executor.js';
import { Observations } from '../executor/observed.js';
import { followPortable } from '../executor/follow-portable.js';
import { fromNumbers } from '../executor/numbered.js';
import type { ExecutionResult, TraceStep } from '../executor/types.js';
import { provisionalSymptom, symptomBefore } from '../findings/facts.js';
import type { HotSchedule, Schedule } from '../schedule/schedule.js';
import type { BatchRunner } from './batch.js';
import type { Inspectable, Inspected, InspectRequest, InspectResult, Sighting, WorkerSetup } from './protocol.js';
import { Steppers } from './steppers.js';

/** It keeps steppers, one a scene. */
export class Inspection {
  private readonly steppers: Steppers;

  constructor(
    private readonly runner: BatchRunner,
    private readonly setup: WorkerSetup,
  ) {
    this.steppers = new Steppers(setup);
  }

  inspect({ id, entries }: InspectRequest): InspectResult {
    const inspected = entries.map((entry) => this.inspectOne(entry, id));
    const observed = new Observations();
    const scenes = new Set(inspected.flatMap(({ discovery }) => (discovery ? [discovery.scene] : [])));
    for (const scene of scenes) observed.add(this.runner.executor(scene).observed());
    return { type: 'inspect', id, inspected, observed: observed.all() };
  }

  private inspectOne({ schedule, numbers }: Inspectable, id: number): Inspected {
    const refused = (reason: string): Inspected => ({ reason, discovery: null, sightings: [], dropped: 0 });
    if (schedule.model !== this.setup.modelName) return refused(`it belongs to the model ${schedule.model}`);
    try {
      const executor = this.runner.open(id, schedule.scene);
      const mismatch = otherConfiguration(executor, schedule);
      if (mismatch !== null) return refused(mismatch);
      const numbered = numbers === null ? null : fromNumbers(executor, schedule, numbers);
      if (numbered !== null) {
        const seen = this.look(executor, schedule.scene, numbered, 0);
        // The run says itself which schedule it is.
        if (isDeepStrictEqual(seen.discovery?.portable, schedule)) return seen;
      }
      const stepper = this.steppers.of(schedule.scene);
      this.runner.announced(id, schedule.scene, stepper.executor);
      const { hot, dropped } = followPortable(stepper, schedule);
      this.runner.announced(id, schedule.scene, executor);
      return this.look(executor, schedule.scene, hot, dropped.length);
    } catch (error) {
      // No such scene, event or argument; or a run that no file can hold.
      if (error instanceof HeddleError) return refused(error.message);
      throw error;
    }
  }

  private look(executor: Executor, scene: string, hot: HotSchedule, dropped: number): Inspected {
    const looked = executor.look(hot);
    const sightings = sightingsOf(executor, scene, looked, looked.trace);
    const discovery = this.runner.discovered(executor, scene, 0, hot.events, looked);
    return { reason: null, discovery, sightings, dropped };
  }
}

/** How one execution has failed. `trace`: of that execution, if it is there; else it may be run again for it. */
export function sightingsOf(
  executor: Executor,
  scene: string,
  { recorded, findings, tasks }: ExecutionResult,
  trace?: readonly TraceStep[],
): Sighting[] {
  return findings.map((finding) => {
    const { kind, site, message } = finding;
    const symptom = trace
      ? symptomBefore(executor, finding, tasks, trace)
      : provisionalSymptom(executor, recorded, finding, tasks);
    return { stage: 0, scene, schedule: recorded, bucket: { kind, site, message, symptom }, executions: 1 };
  });
}

/** What of the schedule does not fit, or null. An option that it does not set has its default. */
export function otherConfiguration(
  executor: Pick<Executor, 'design' | 'options' | 'declarations'>,
  { design, options }: Schedule,
): string | null {
  if (design !== executor.design) return `it belongs to the design ${design}, not ${executor.design}`;
  const declared = executor.declarations.options;
  const unknown = Object.keys(options).find((name) => declared.every((option) => option.name !== name));
  if (unknown !== undefined) return `the model has no option ${unknown}`;
  for (const { name, default: standard } of declared) {
    const [theirs, ours] = [options[name] ?? standard, executor.options[name] ?? standard];
    if (theirs !== ours) return `its option ${name} is ${theirs}, not ${ours}`;
  }
  return null;
}
