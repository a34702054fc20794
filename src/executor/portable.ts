/**
 * Between the two forms of a schedule: the portable one names tasks and sites and is what files hold; the hot one has numbers and is what
 * the executor runs. Both directions run the model, since only a run tells which site a task's n-th decision stands at.
 */
import type { Manifest } from '../build/manifest.js';
import { HeddleError } from '../errors.js';
import { byTaskAndStep, hotKey } from '../schedule/hot.js';
import type { Choice, Deviation, HotSchedule, Schedule, SiteRef } from '../schedule/schedule.js';
import { siteKey } from '../schedule/site.js';
import type { EventDeclaration } from './declarations.js';
import type { Executor } from './executor.js';
import { namesOf } from './named-sites.js';
import type { BareStep, TaskInfo, TracedExecution } from './types.js';

/** A place in a run where the schedule decides something: which task goes on, or what a choice answers. */
interface Decision {
  readonly task: number;
  /** The task's own number of the decision, or of the choice. */
  readonly step: number;
  readonly isChoice: boolean;
  readonly site: SiteRef;
  /** `siteKey` of it. */
  readonly key: string;
  /** From 1. */
  readonly occurrence: number;
  /** Index in the trace. */
  readonly at: number;
}

/** What `fromPortable` could make of a schedule. */
export interface Resolved {
  readonly hot: HotSchedule;
  /** Decisions whose place was not reached, or whose target could not run there. */
  readonly dropped: readonly (Deviation | Choice)[];
}

/**
 * The portable form of what happens when `hot` runs: decisions that had no effect are left out, and so are those beyond the end of the
 * trace (24,576 entries).
 */
export function toPortable(executor: Executor, hot: HotSchedule, modelName: string): Schedule {
  return portableOf(executor, hot.events, executor.trace(hot), modelName).schedule;
}

/** The same of a run that was made: its portable form, and the numbers that its decisions have in this build (`numbered.ts`). */
export function portableOf(
  executor: Executor,
  ran: HotSchedule['events'],
  { recorded, tasks, trace }: Pick<TracedExecution, 'recorded' | 'tasks'> & { readonly trace: readonly BareStep[] },
  modelName: string,
): { readonly schedule: Schedule; readonly numbers: number[] } {
  const paths = new Map(tasks.map((task) => [task.slot, task.path]));
  const path = (slot: number): string => paths.get(slot) ?? String(slot);
  const targets = new Map(recorded.deviations.map((d) => [placeNumber(d.task, d.step), d.target]));
  const values = new Map(recorded.choices.map((c) => [placeNumber(c.task, c.nth), c.value]));
  const deviations: Deviation[] = [];
  const choices: Choice[] = [];
  const steps: number[] = [];
  const nths: number[] = [];
  const decidedAt = (task: number, step: number, isChoice: boolean): number | undefined =>
    (isChoice ? values : targets).get(placeNumber(task, step));
  const isDecided = (task: number, step: number, isChoice: boolean): boolean =>
    decidedAt(task, step, isChoice) !== undefined;
  for (const { task, step, isChoice, site, occurrence } of decisionsOf(trace, executor.manifest, isDecided)) {
    const decided = decidedAt(task, step, isChoice);
    if (decided === undefined) continue;
    if (isChoice) choices.push({ task: path(task), site, occurrence, value: decided });
    else deviations.push({ task: path(task), site, occurrence, target: path(decided) });
    (isChoice ? nths : steps).push(step);
  }
  const events = portableEvents(executor, ran);
  return { schedule: { ...headOf(executor, modelName), events, deviations, choices }, numbers: [...steps, ...nths] };
}

/** A key for a task's own step or choice. */
function placeNumber(task: number, n: number): number {
  return task * 2 ** 31 + n;
}

/**
 * The hot form for this executor's model and configuration, as far as it can be found. Decisions are looked up one after the other in the
 * order in which they come in the run, since each changes what follows. The schedule's design, scene and options are not looked at: the
 * executor was made with those that are wanted.
 *
 * @throws HeddleError HDL_SCHEDULE_MODEL if the model has not the events.
 */
export function fromPortable(executor: Executor, schedule: Schedule): Resolved {
  const events = hotEvents(executor, schedule);
  const guess = guessAll(executor, schedule, events);
  return guess === null ? resolveInOrder(executor, schedule, events) : { hot: guess, dropped: [] };
}

function resolveInOrder(executor: Executor, schedule: Schedule, events: HotSchedule['events']): Resolved {
  const open = new OpenDecisions(schedule);
  const dropped: (Deviation | Choice)[] = [];
  let hot: HotSchedule = { events, deviations: [], choices: [] };
  let traced = executor.trace(hot);
  let from = 0;
  while (open.size > 0) {
    const found = open.next(traced, executor.manifest, from);
    if (found === null) break;
    const { wanted, decision } = found;
    from = decision.at + 1;
    const candidate = withDecision(hot, wanted, decision, traced.tasks);
    const result = candidate === null ? null : executor.trace(candidate);
    if (candidate === null || result === null || !isFollowed(result, decision.at, wanted)) {
      dropped.push(wanted);
      continue;
    }
    hot = candidate;
    traced = result;
  }
  return { hot, dropped: [...dropped, ...open.rest()] };
}

/**
 * The same for many decisions at once, in a few runs instead of one for each: takes for granted that a task makes the same decisions
 * whatever the others do, and runs again with the numbers found until a run makes exactly what is wanted. By induction over that run it
 * is the one that `resolveInOrder` finds. `null` if not all of them can be followed.
 */
function guessAll(executor: Executor, schedule: Schedule, events: HotSchedule['events']): HotSchedule | null {
  let hot: HotSchedule = { events, deviations: [], choices: [] };
  const count = schedule.deviations.length + schedule.choices.length;
  // Each run gets at least one more decision right, the first one that was wrong.
  for (let attempt = 0; attempt <= count + 1; attempt++) {
    const traced = executor.trace(hot);
    const open = new OpenDecisions(schedule);
    let next: HotSchedule = { events, deviations: [], choices: [] };
    let followed = 0;
    for (const { wanted, decision } of open.all(traced, executor.manifest)) {
      const more = withDecision(next, wanted, decision, traced.tasks);
      if (more === null) return null;
      next = more;
      if (isFollowed(traced, decision.at, wanted)) followed += 1;
    }
    if (hotKey(next) === hotKey(hot)) return followed === count ? hot : null;
    hot = next;
  }
  return null;
}

/** Design, scene and options as the executor was configured; options only where they differ from their default. */
export function headOf(executor: Executor, model: string): Pick<Schedule, 'model' | 'design' | 'scene' | 'options'> {
  const { declarations, design, scene, options } = executor;
  const changed = Object.entries(options).filter(
    ([name, value]) => declarations.options.find((option) => option.name === name)?.default !== value,
  );
  return { model, design, scene, options: Object.fromEntries(changed) };
}

function portableEvents(executor: Executor, events: HotSchedule['events']): Schedule['events'] {
  return events.map(({ event, args }) => {
    const declared = executor.declarations.events[event];
    return { event: declared?.name ?? String(event), args: fitted(args, declared?.arity ?? 0) };
  });
}

export function hotEvents(executor: Executor, schedule: Schedule): HotSchedule['events'] {
  const declared = executor.declarations.events;
  return schedule.events.map(({ event, args }) => {
    const index = declared.findIndex(({ name }) => name === event);
    const found = declared[index];
    if (found) return { event: index, args: inDomain(executor, found, taken(executor, found, args)) };
    throw new HeddleError(
      'HDL_SCHEDULE_MODEL',
      `the schedule has the event “${event}”, which ${executor.manifest.name} does not declare`,
      {
        hint: `it declares: ${declared.map(({ name }) => name).join(', ')}`,
      },
    );
  });
}

/** A model says nothing about arguments that it does not declare: what it would do with them is no finding of it. */
function inDomain(executor: Executor, { name, args: domains }: EventDeclaration, args: number[]): number[] {
  domains.forEach((domain, i) => {
    const value = args[i] ?? 0;
    if (value >= domain.min && value <= domain.max) return;
    throw new HeddleError(
      'HDL_SCHEDULE_MODEL',
      `the schedule has ${name}(${args.join(', ')}); ${executor.manifest.name} declares ${domain.name} from ${domain.min} to ${domain.max}`,
      { hint: `change the argument in the schedule, or the range in the model’s register()` },
    );
  });
  return args;
}

/** An argument too many would be dropped in silence, with what its author meant by it. */
function taken({ manifest }: Executor, { name, arity }: EventDeclaration, args: readonly number[]): number[] {
  if (args.length <= arity) return fitted(args, arity);
  throw new HeddleError(
    'HDL_SCHEDULE_MODEL',
    `the schedule has ${name}(${args.join(', ')}); in ${manifest.name} it takes ${arity} ${arity === 1 ? 'argument' : 'arguments'}`,
    { hint: 'take the last ones out of the schedule' },
  );
}

/** As many arguments as the event takes; 0 for those that are missing. */
function fitted(args: readonly number[], arity: number): number[] {
  return Array.from({ length: arity }, (_, i) => args[i] ?? 0);
}

/** The decisions of a run in the order in which they were made, each with its place; those that `isWanted` if it is given. */
export function* decisionsOf(
  trace: readonly BareStep[],
  manifest: Manifest,
  isWanted?: (task: number, step: number, isChoice: boolean) => boolean,
): Generator<Decision> {
  const names = namesOf(manifest);
  const tasks: Progress[] = [];
  let at = -1;
  for (const entry of trace) {
    at += 1;
    const { task } = entry;
    tasks[task] ??= { lastStep: -1, choices: 0, occurrences: [] };
    const progress = tasks[task];
    const isChoice = entry.kind === 'choose';
    let step = entry.step;
    if (isChoice) {
      step = progress.choices;
      progress.choices += 1;
    } else {
      // A step is logged again when its task comes back: only the first entry stands where the decision was made.
      if (step < 0 || step <= progress.lastStep) continue;
      progress.lastStep = step;
    }
    const { site, key, id } = names.of(entry);
    const occurrence = (progress.occurrences[id] ?? 0) + 1;
    progress.occurrences[id] = occurrence;
    if (isWanted?.(task, step, isChoice) ?? true) yield { task, step, isChoice, site, key, occurrence, at };
  }
}

/** How far a task has come in a trace. */
interface Progress {
  lastStep: number;
  choices: number;
  /** By the site's `id`. */
  readonly occurrences: number[];
}

/** The decisions of a portable schedule that have no number yet. */
class OpenDecisions {
  private readonly byPlace = new Map<string, Deviation | Choice>();
  /** Most steps of a run stand at other sites than these. */
  private readonly keys = new Set<string>();

  constructor({ deviations, choices }: Schedule) {
    for (const decision of [...deviations, ...choices]) {
      this.byPlace.set(this.keyOf(decision), decision);
      this.keys.add(siteKey(decision.site));
    }
  }

  get size(): number {
    return this.byPlace.size;
  }

  rest(): (Deviation | Choice)[] {
    return [...this.byPlace.values()];
  }

  /** Takes out the first decision that the run makes at index `from` of its trace or later. */
  next(traced: TracedExecution, manifest: Manifest, from: number): Found | null {
    for (const found of this.all(traced, manifest)) {
      if (found.decision.at < from) continue;
      this.byPlace.delete(this.keyOf(found.wanted));
      return found;
    }
    return null;
  }

  /** Those that the run comes to, in its order. */
  *all({ trace, tasks }: TracedExecution, manifest: Manifest): Generator<Found> {
    const paths = new Map(tasks.map((task) => [task.slot, task.path]));
    for (const decision of decisionsOf(trace, manifest)) {
      if (!this.keys.has(decision.key)) continue;
      const place = placeOf(paths.get(decision.task) ?? '', decision.key, decision.occurrence, decision.isChoice);
      const wanted = this.byPlace.get(place);
      if (wanted !== undefined) yield { wanted, decision };
    }
  }

  private keyOf(wanted: Deviation | Choice): string {
    return placeOf(wanted.task, siteKey(wanted.site), wanted.occurrence, 'value' in wanted);
  }
}

/** A decision of a schedule and the one of a run where it stands. */
interface Found {
  readonly wanted: Deviation | Choice;
  readonly decision: Decision;
}

function placeOf(task: string, key: string, occurrence: number, isChoice: boolean): string {
  return `${isChoice ? 'choice' : 'task'} ${task} ${occurrence} ${key}`;
}

/** `null` if the target does not exist in the run. */
function withDecision(
  hot: HotSchedule,
  wanted: Deviation | Choice,
  { task, step }: Decision,
  tasks: readonly TaskInfo[],
): HotSchedule | null {
  if ('value' in wanted) {
    const choices = [...hot.choices, { task, nth: step, value: wanted.value }].sort(
      (a, b) => a.task - b.task || a.nth - b.nth,
    );
    return { ...hot, choices };
  }
  const target = tasks.find(({ path }) => path === wanted.target)?.slot;
  if (target === undefined) return null;
  const deviations = [...hot.deviations, { task, step, target }].sort(byTaskAndStep);
  return { ...hot, deviations };
}

/** Whether the run did at that index of its trace what was wanted. */
function isFollowed({ trace, tasks }: TracedExecution, at: number, wanted: Deviation | Choice): boolean {
  const entry = trace[at];
  if (entry === undefined) return false;
  if ('value' in wanted) return entry.kind === 'choose' && entry.value === wanted.value;
  const isLater = entry.kind === 'block' || entry.kind === 'exit';
  const last = isLater
    ? trace.slice(at + 1, at + 3).find(({ kind, step }) => kind === 'switch' && step === entry.step)
    : entry;
  const runs = last?.kind === 'switch' ? last.value : entry.task;
  // To itself: it goes on, or turns go round from here, and then the next one runs.
  if (!isLater && tasks.some(({ slot, path }) => slot === entry.task && path === wanted.target)) return true;
  return tasks.some(({ slot, path }) => slot === runs && path === wanted.target);
}
