/** From a failing run to the record that is kept: names, places, identity, diagram and report. */
import type { Manifest } from '../build/manifest.js';
import { HeddleError } from '../errors.js';
import type { Executor } from '../executor/executor.js';
import { DEFAULT_LIMITS, stepLimitOf } from '../executor/limits.js';
import { MEMORY } from '../executor/layout.js';
import { toPortable } from '../executor/portable.js';
import { readHeld } from '../executor/result.js';
import type { RawFinding, TracedExecution } from '../executor/types.js';
import { renderDiagram } from '../explain/diagram.js';
import { renderReport } from '../explain/report.js';
import type { HotSchedule } from '../schedule/schedule.js';
import { factsOf } from './facts.js';
import type { FindingRecord, Minimality, PlaceRecord } from './finding.js';
import { bucketName, bucketOf, className, EARLIER, placeOf, type RawBucket } from './place.js';
import { type Evidence, identityOf, isPreemption, signatureOf } from './signature.js';
import { symptomOf } from './symptom.js';
import { titleOf } from './title.js';

export interface AnalyseOptions {
  /** As files name the model; the manifest's name if not given. */
  readonly modelName?: string;
  /** Executions of the campaign so far. */
  readonly executions?: number;
  readonly minimized?: boolean;
  /** What is proved about the schedule's size. */
  readonly minimality?: Minimality;
  /** Whose order of locks the executor has learnt. */
  readonly earlier?: readonly HotSchedule[];
  /** To paste: how to see it again. Left out of the report if empty. */
  readonly command?: string;
}

/**
 * Runs the schedule and describes the finding of that bucket (`bucketOf`), or the first one if the bucket is `null`.
 *
 * @throws HeddleError HDL_NOT_REPRODUCED if the run has no such finding.
 */
export function analyseFinding(
  executor: Executor,
  hot: HotSchedule,
  bucket: string | RawBucket | null,
  options: AnalyseOptions = {},
): FindingRecord {
  const { manifest, declarations } = executor;
  const schedule = toPortable(executor, hot, options.modelName ?? manifest.name);
  const earlier = (options.earlier ?? []).map((one) => toPortable(executor, one, options.modelName ?? manifest.name));
  const traced = executor.trace(hot);
  const raw = pickFinding(traced, bucket === null ? null : bucketName(bucket, manifest), manifest);
  const held = new Map(traced.tasks.map(({ slot }) => [slot, readHeld(executor.view, slot)]));
  const evidence: Evidence = { raw, manifest, trace: traced.trace, deviations: schedule.deviations };
  const identity = identityOf(evidence);
  const place = placeOf(manifest, traced.tasks, raw.site, raw.task);
  const steps = stepLimitOf(executor.view);
  const record: Omit<FindingRecord, 'report'> = {
    kind: raw.kind,
    title: titleOf(raw, manifest, traced.tasks),
    symptom: symptomOf(declarations.symptoms, factsOf(evidence, traced.tasks)),
    signature: signatureOf(identity),
    identity,
    bucket: bucketOf(raw, manifest),
    message: raw.message,
    design: executor.design,
    scene: executor.scene,
    place,
    allocated: placeOfObject(raw, traced, manifest, 'alloc'),
    freed: placeOfObject(raw, traced, manifest, 'free'),
    other: otherPlace(raw, traced, manifest),
    object: raw.object ? `${className(manifest, raw.object.classId) || 'object'}+${raw.object.offset}` : '',
    diagram: renderDiagram({
      manifest,
      tasks: traced.tasks,
      trace: traced.trace,
      finding: raw,
      deviations: traced.recorded.deviations,
      classAt: classReader(executor),
    }),
    schedule,
    ...(earlier.length > 0 ? { earlier } : {}),
    hash: traced.hash.toString(16).padStart(16, '0'),
    executions: options.executions ?? 0,
    minimized: options.minimized ?? false,
    ...(steps === DEFAULT_LIMITS.steps ? {} : { maxSteps: steps }),
    preemptions: schedule.deviations.filter(isPreemption).length,
    ...(options.minimality ? { minimality: options.minimality } : {}),
  };
  return {
    ...record,
    report: renderReport({ record, raw, manifest, traced, held, declarations, command: options.command ?? '' }),
  };
}

function pickFinding({ findings }: TracedExecution, bucket: string | null, manifest: Manifest): RawFinding {
  const found = findings.find((raw) => bucket === null || bucketOf(raw, manifest) === bucket);
  if (found) return found;
  const seen = findings.map((raw) => bucketOf(raw, manifest)).join('; ') || 'nothing';
  throw new HeddleError(
    'HDL_NOT_REPRODUCED',
    `the schedule does not show ${bucket ?? 'any finding'}; it shows ${seen}`,
    {
      hint: 'Was it found with another model, design, scene or other options?',
    },
  );
}

/** A second place without a task was in an earlier execution. */
function otherPlace(raw: RawFinding, traced: TracedExecution, manifest: Manifest): PlaceRecord | null {
  const { otherSite = 0, otherTask = -1 } = raw;
  const place = placeOf(manifest, traced.tasks, otherSite, otherTask);
  return place && otherTask < 0 ? { ...place, task: EARLIER } : place;
}

function placeOfObject(
  raw: RawFinding,
  traced: TracedExecution,
  manifest: Manifest,
  which: 'alloc' | 'free',
): PlaceRecord | null {
  if (raw.object === null) return null;
  const { allocSite, allocTask, freeSite, freeTask } = raw.object;
  return which === 'alloc'
    ? placeOf(manifest, traced.tasks, allocSite, allocTask)
    : placeOf(manifest, traced.tasks, freeSite, freeTask);
}

/** Reads the class from an object's header, as the last run left it; 0 if what lies there cannot be one. */
export function classReader({ view, manifest }: Executor): (address: number) => number {
  const known = new Set(manifest.classes.map(({ id }) => id));
  return (address) => {
    if (address < MEMORY.MODEL + MEMORY.HEADER_SIZE || address >= MEMORY.MODEL + MEMORY.REGION) return 0;
    const classId = view.u32(address - 8);
    return known.has(classId) && view.u32(address - 4) <= MEMORY.ARENA_SIZE ? classId : 0;
  };
}
