/** From a trace to the rows of a diagram: what each step says. Which of them matter is said in `relevance.ts`. */
import type { Manifest, Site } from '../build/manifest.js';
import { FINDING_KINDS, type FindingKind, type RawFinding, type TaskInfo, type TraceStep } from '../executor/types.js';
import { isCostly } from '../executor/oracles.js';
import { waitFor } from '../findings/deadlock.js';
import { taskName } from '../findings/place.js';
import { TraceNames } from './names.js';
import type { HotDeviation } from '../schedule/schedule.js';
import { type Candidate, relevant } from './relevance.js';

/** One line of a diagram. */
export interface Row {
  readonly task: number;
  readonly text: string;
  /** Kind of the finding that shows here; empty for most. */
  readonly mark: FindingKind | '';
}

/** Steps that were left out between two rows; `task` is the first one's. */
export interface Gap {
  readonly task: number;
  readonly steps: number;
}

/** A run to be drawn. */
export interface Scene {
  readonly manifest: Manifest;
  readonly tasks: readonly TaskInfo[];
  readonly trace: readonly TraceStep[];
  readonly finding: RawFinding | null;
  /** Decisions that were not the default ones. */
  readonly deviations: readonly HotDeviation[];
  /** Class id of the object that starts at an address; 0 if none. For objects that the trace only has pointers to. */
  readonly classAt?: (address: number) => number;
}

export interface Draft extends Row, Candidate {}

/** Of a task that the schedule gives the processor, and that gives it on before its next step. */
export const NO_STEP = '(gives way at once)';

/** What happened, in order: the steps that matter, and how many were left out between them. */
export function rowsOf(scene: Scene): (Row | Gap)[] {
  const drafts = draftsOf(scene);
  const end = endOf(drafts);
  const last = drafts[end - 1];
  const wanted = drafts.slice(0, last?.step.kind === 'exit' ? end - 1 : end);
  return collapse(wanted, relevant(wanted, scene));
}

/** How many of the drafts a diagram may show: what comes after the last mark explains nothing. */
function endOf(drafts: readonly Draft[]): number {
  return drafts.findLastIndex(({ mark }) => mark !== '') + 1 || drafts.length;
}

/** How many of these decisions, each as `task,step`, the run makes after the last step that a diagram of it shows. */
export function madeLater(scene: Scene, decisions: ReadonlySet<string>): number {
  const drafts = draftsOf(scene);
  const end = endOf(drafts);
  if (end === drafts.length) return 0;
  const last = drafts[end - 1]?.at ?? 0;
  // The access of a task that gave way before it comes later than the decision.
  const made = new Set(scene.trace.slice(0, last + 1).map(({ task, step }) => `${task},${step}`));
  return [...decisions].filter((decision) => !made.has(decision)).length;
}

/** One draft a step; what only explains another step has none. */
export function draftsOf(scene: Scene): Draft[] {
  const { manifest, tasks, trace, finding } = scene;
  const names = new TraceNames(scene);
  const stuck = new Set(finding?.kind === 'deadlock' ? stuckTasks(finding) : []);
  const drafts: Draft[] = [];
  const decided = new Set(scene.deviations.map((deviation) => `${deviation.task},${deviation.step}`));
  const isDecided = (switched: TraceStep): boolean => decided.has(`${switched.task},${switched.step}`);
  /** The switch by which the running task got the processor, and the drafts before it. */
  let arrival: { readonly step: TraceStep; readonly drafts: number } | null = null;
  for (const [at, step] of trace.entries()) {
    if (step.kind === 'switch') {
      const isEmpty = arrival?.step.value === step.task && arrival.drafts === drafts.length;
      if (arrival && isEmpty && (isDecided(arrival.step) || isDecided(step)))
        drafts.push({ task: step.task, text: NO_STEP, mark: '', step, at, function: '', isMarked: false });
      arrival = { step, drafts: drafts.length };
      continue;
    }
    const site = manifest.sites[step.site];
    const where = site?.function ?? '';
    const add = (text: string, mark: FindingKind | '' = ''): void => {
      const line = where === '' ? text : `${where}: ${text}`;
      drafts.push({ task: step.task, text: line, mark, step, at, function: where, isMarked: mark !== '' });
    };
    if (step.kind === 'finding') markFinding(drafts, step, site, names, add);
    else if (step.kind === 'access') {
      if (!isContinued(step, trace[at + 1])) add(accessText(step, site, names));
    } else if (step.kind === 'block') {
      const isLast = !trace.slice(at + 1).some((later) => later.task === step.task && later.step > step.step);
      add(`${operationText(step, site, names)}, waits`, isLast && stuck.has(step.task) ? 'deadlock' : '');
    } else if (step.kind === 'exit') add('(ends)');
    else if (step.kind === 'choose' && step.value !== 0) add(`${site?.operation ?? 'choose'}: ${step.value}`);
    else if (step.kind === 'spawn') add(`starts ${taskName(tasks, step.value)}`);
    else if (step.kind === 'note') add(`“${step.text}” ${step.value | 0}`);
  }
  return drafts;
}

/** Whether the next entry says more of the same operation: a task that starts another, a lock that is taken. */
function isContinued(step: TraceStep, next: TraceStep | undefined): boolean {
  return next?.task === step.task && next.site === step.site && (next.kind === 'spawn' || next.kind === 'block');
}

/**
 * Marks the step that failed, which has a row of its own if it was made or is waited at, and gets one if not. What a costly oracle says, it says of the
 * step that was made last: one row, whatever else is wrong with it. Deadlocks mark those who wait.
 */
function markFinding(
  drafts: Draft[],
  step: TraceStep,
  site: Site | null | undefined,
  names: TraceNames,
  add: (text: string, mark: FindingKind) => void,
): void {
  const kind = FINDING_KINDS[step.value] ?? 'none';
  if (kind === 'deadlock' || kind === 'leak' || !site) return;
  const last = drafts.at(-1);
  if (
    last &&
    last.task === step.task &&
    ['access', 'block', 'finding'].includes(last.step.kind) &&
    last.step.site === step.site &&
    (last.mark === '' || isCostly(kind))
  ) {
    drafts[drafts.length - 1] = { ...last, mark: last.mark === '' ? kind : last.mark, isMarked: true };
  } else add(operationText(step, site, names), kind);
}

/** With the value that was read or written. */
function accessText(step: TraceStep, site: Site | null | undefined, names: TraceNames): string {
  const text = operationText(step, site, names);
  const value = site?.operation === 'load' || site?.operation === 'store' ? names.value(step) : '';
  return value === '' ? text : `${text} ${value}`;
}

/** `Account#1.balance read`, `Mutex#1 lock`, `Completion.wait`, `free DevIommu`, `yieldNow`. */
export function operationText(step: TraceStep, site: Site | null | undefined, names: TraceNames): string {
  const operation = site?.operation ?? 'point';
  const object = names.object(step);
  if (operation === 'load') return `${object} read`;
  if (operation === 'store') return `${object} write`;
  if (operation === 'call') return object;
  if (object === '') return operation;
  return operation === 'free' ? `free ${object}` : `${object} ${operation}`;
}

function stuckTasks({ waiters }: RawFinding): number[] {
  const { cycle, roots } = waitFor(waiters);
  return [...cycle, ...roots].map(({ task }) => task);
}

/** A single step that was left out takes no more room if it is shown. */
function collapse(drafts: readonly Draft[], shown: ReadonlySet<Candidate>): (Row | Gap)[] {
  const isShown = (i: number): boolean => {
    const draft = drafts[i];
    return draft === undefined || shown.has(draft);
  };
  const rows: (Row | Gap)[] = [];
  for (const [i, { task, text, mark }] of drafts.entries()) {
    const last = rows.at(-1);
    if (isShown(i) || (isShown(i - 1) && isShown(i + 1))) rows.push({ task, text, mark });
    else if (last && 'steps' in last) rows[rows.length - 1] = { task: last.task, steps: last.steps + 1 };
    else rows.push({ task, steps: 1 });
  }
  return rows;
}
