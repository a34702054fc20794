/** A run as turns: what a task does from when it gets the processor until another one does. */
import type { Manifest } from '../build/manifest.js';
import type { Executor } from '../executor/executor.js';
import { decisionsOf } from '../executor/portable.js';
import type { TracedExecution, TraceStep } from '../executor/types.js';
import { byTaskAndStep } from '../schedule/hot.js';
import type { HotDeviation, HotSchedule } from '../schedule/schedule.js';
import { isPreemption } from './signature.js';

export interface Turn {
  readonly task: number;
  /** The task's own decision at which another one goes on; -1 at the end of the run. */
  readonly end: number;
  readonly steps: readonly TraceStep[];
}

/** The turns of a trace, in order. */
export function turnsOf(trace: readonly TraceStep[]): Turn[] {
  const turns: Turn[] = [];
  let from = 0;
  for (const [at, entry] of trace.entries()) {
    if (entry.kind !== 'switch') continue;
    turns.push({ task: entry.task, end: entry.step, steps: trace.slice(from, at) });
    from = at + 1;
  }
  const last = trace.at(-1);
  if (last && last.kind !== 'switch') turns.push({ task: last.task, end: -1, steps: trace.slice(from) });
  return turns;
}

/** Whether nothing that one does can matter to the other: other tasks, and no common cell, lock or task that one of them changes. */
export function areIndependent(a: Turn, b: Turn, isRead: (step: TraceStep) => boolean): boolean {
  if (a.task === b.task) return false;
  const touched = new Map<number, boolean>();
  for (const step of a.steps) {
    if (step.kind === 'spawn' && step.value === b.task) return false;
    for (const place of placesOf(step)) touched.set(place, (touched.get(place) ?? true) && isRead(step));
  }
  return !b.steps.some(
    (step) =>
      (step.kind === 'spawn' && step.value === a.task) ||
      placesOf(step).some((place) => touched.has(place) && !(touched.get(place) && isRead(step))),
  );
}

/** An object counts as one place: freeing it touches all of it. */
function placesOf({ kind, address, classId, offset }: TraceStep): number[] {
  if ((kind !== 'access' && kind !== 'block') || address === 0) return [];
  return [(classId === 0 ? address : address - offset) & ~3];
}

/** The schedule in which these turns follow each other; what is no deviation at all goes when it is run. */
export function scheduleOf(turns: readonly Turn[], { events, choices }: HotSchedule): HotSchedule {
  const deviations: HotDeviation[] = [];
  turns.forEach((turn, i) => {
    const next = turns[i + 1];
    if (next && turn.end >= 0 && next.task !== turn.task)
      deviations.push({ task: turn.task, step: turn.end, target: next.task });
  });
  deviations.sort(byTaskAndStep);
  return { events, choices, deviations };
}

/** How many of a run's deviations take the processor from a task that could go on. */
export function preemptionsOf(executor: Executor, hot: HotSchedule): number {
  return preemptionPlaces(executor.trace(hot), executor.manifest).size;
}

/** Where a run's deviations take the processor from a task that could go on: `task,step`. */
export function preemptionPlaces({ trace, recorded }: TracedExecution, manifest: Manifest): ReadonlySet<string> {
  const deviating = new Set(recorded.deviations.map(({ task, step }) => `${task},${step}`));
  const places = new Set<string>();
  for (const { task, step, isChoice, site, occurrence } of decisionsOf(trace, manifest)) {
    const place = `${task},${step}`;
    if (!isChoice && deviating.has(place) && isPreemption({ task: '', site, occurrence, target: '' }))
      places.add(place);
  }
  return places;
}
