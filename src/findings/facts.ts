/** What a finding's symptom is decided by, from its run: of a minimized one, or of one as it was found. */
import type { Manifest } from '../build/manifest.js';
import type { Executor } from '../executor/executor.js';
import { toPortable } from '../executor/portable.js';
import type { RawFinding, TaskInfo, TraceStep } from '../executor/types.js';
import type { HotSchedule } from '../schedule/schedule.js';
import { waitFor } from './deadlock.js';
import { className, taskName } from './place.js';
import { clearedBy, type Evidence, isPreemption, lockName } from './signature.js';
import { type SymptomFacts, symptomOf } from './symptom.js';

/** An interruption of which the place is not known. Only `*` fits it. */
const SOMEWHERE = '';

/**
 * The symptom of a finding of this run as far as it can be told before it is minimized: as if the run were interrupted, since that is what
 * minimizing will tell. Empty if the model declares none. `tasks` are those of the run, the last one by default; `hot` is run again if it takes a
 * trace.
 */
export function provisionalSymptom(
  executor: Executor,
  hot: HotSchedule,
  raw: RawFinding,
  tasks: readonly TaskInfo[] = executor.result().tasks,
): string {
  if (executor.declarations.symptoms.length === 0) return '';
  return symptomBefore(executor, raw, tasks, raw.kind === 'null-dereference' ? executor.trace(hot).trace : []);
}

/** The same, of a run whose trace is there: that of a NULL dereference must be. */
export function symptomBefore(
  { manifest, declarations: { symptoms } }: Executor,
  raw: RawFinding,
  tasks: readonly TaskInfo[],
  trace: readonly TraceStep[],
): string {
  if (symptoms.length === 0) return '';
  const facts = factsOf({ raw, manifest, trace, deviations: [] }, tasks);
  return symptomOf(symptoms, { ...facts, interrupted: [SOMEWHERE] });
}

/** The symptom that a finding of this run has if it is kept as it is. */
export function symptomOfRun(executor: Executor, hot: HotSchedule, raw: RawFinding): string {
  const { manifest, declarations } = executor;
  if (declarations.symptoms.length === 0) return '';
  const { deviations } = toPortable(executor, hot, manifest.name);
  const { trace, tasks } = executor.trace(hot);
  return symptomOf(declarations.symptoms, factsOf({ raw, manifest, trace, deviations }, tasks));
}

/** Whether a task waits for ever for what another one has called in this run, as a completion or a wait queue, and not to wait for it as well. */
export function isCalledInVain(raw: RawFinding, trace: readonly TraceStep[], manifest: Manifest): boolean {
  const called = (site: number): string => {
    const { operation = '', field = '' } = manifest.sites[site] ?? {};
    return `${operation} ${field}`;
  };
  return waitFor(raw.waiters).roots.some(
    ({ task, site, object, holders }) =>
      object !== 0 &&
      holders.length === 0 &&
      trace.some(
        (step) =>
          step.kind === 'access' && step.task !== task && step.address === object && called(step.site) !== called(site),
      ),
  );
}

/** What symptoms ask about. Without an object, the class is the one whose field was accessed. */
export function factsOf(evidence: Evidence, tasks: readonly TaskInfo[]): SymptomFacts {
  const { raw, manifest, deviations } = evidence;
  const cleared = clearedBy(evidence);
  const { cycle, roots } = waitFor(raw.waiters);
  const waiting = [...cycle, ...roots];
  const sites = [raw.site, ...waiting.map(({ site }) => site)]
    .map((site) => manifest.sites[site])
    .filter((site) => !!site);
  const fields = sites.map(({ field }) => field).filter((field) => field !== '');
  const classes = raw.object
    ? [className(manifest, raw.object.classId)]
    : [
        ...fields.map((field) => field.split('.')[0] ?? ''),
        ...waiting.map(({ classId, site }) => lockName(classId, site, manifest)),
      ];
  return {
    kind: [raw.kind],
    object: classes.filter((name) => name !== ''),
    field: fields,
    function: sites.map((site) => site.function),
    invariant: raw.kind === 'invariant' ? [raw.message] : [],
    message: raw.message === '' ? [] : [raw.message],
    allocated: functionAt(raw.object?.allocSite ?? 0, manifest),
    freed: functionAt(cleared?.site ?? raw.object?.freeSite ?? 0, manifest),
    cleared: functionAt(cleared?.site ?? 0, manifest),
    task: raw.site === 0 ? [] : [taskName(tasks, raw.task)],
    by: cleared ? [taskName(tasks, cleared.task)] : raw.object?.freeSite ? [taskName(tasks, raw.object.freeTask)] : [],
    interrupted: [...new Set(deviations.filter(isPreemption).map(({ site }) => site.function))],
  };
}

function functionAt(site: number, manifest: Manifest): string[] {
  const found = manifest.sites[site];
  return found ? [found.function] : [];
}
