/** From a trace to the rows of a diagram: what each step says, and which steps matter. */
import type { Manifest, Site } from '../build/manifest.js';
import { type FindingKind, FINDING_KINDS, type RawFinding, type TaskInfo, type TraceStep } from '../executor/types.js';
import { waitFor } from '../findings/deadlock.js';
import { taskName } from '../findings/place.js';
import { TraceNames } from './names.js';

/** One line of a diagram. */
export interface Row {
  readonly task: number;
  readonly text: string;
  /** Kind of the finding that shows here; empty for most. */
  readonly mark: FindingKind | '';
}

/** Steps of one task that were left out between two rows; `task` as in a row. */
export interface Gap {
  readonly task: number;
  readonly steps: number;
}

export interface Scene {
  readonly manifest: Manifest;
  readonly tasks: readonly TaskInfo[];
  readonly trace: readonly TraceStep[];
  readonly finding: RawFinding | null;
}

interface Draft extends Row {
  readonly step: TraceStep;
  readonly function: string;
  isShown: boolean;
}

/** Rows of a diagram at most; of a longer run the beginning and the end are shown. */
const ROWS_MAX = 60;
const ROWS_FIRST = 20;

/** Operations of the executor and the kit that order tasks, or make and end objects. */
const PLAIN = new Set(['load', 'store']);

/** What happened, in order: the steps that matter, and how many were left out between them. */
export function rowsOf(scene: Scene): (Row | Gap)[] {
  const drafts = draftsOf(scene);
  const conflicts = conflictingCells(scene);
  const lastFunction = new Map<number, string>();
  drafts.forEach((draft, i) => {
    const isEntry = lastFunction.get(draft.task) !== draft.function && draft.function !== '';
    if (draft.function !== '') lastFunction.set(draft.task, draft.function);
    const isAtSwitch = drafts[i - 1]?.task !== draft.task || drafts[i + 1]?.task !== draft.task;
    // The last thing that happens is no news if it is that a task has ended.
    const isNews = draft.step.kind !== 'exit' || drafts[i + 1] !== undefined;
    draft.isShown = isNews && (isEntry || isAtSwitch || draft.mark !== '' || isEvent(draft.step, scene.manifest) || conflicts.has(cellOf(draft.step)));
  });
  const shown = drafts.filter(({ isShown }) => isShown);
  if (shown.length > ROWS_MAX) {
    for (const draft of shown.slice(ROWS_FIRST, shown.length - (ROWS_MAX - ROWS_FIRST))) draft.isShown = false;
  }
  return collapse(drafts);
}

/** One draft a step; what only explains another step has none. */
function draftsOf(scene: Scene): Draft[] {
  const { manifest, tasks, trace, finding } = scene;
  const names = new TraceNames(manifest, trace, finding);
  const stuck = new Set(finding?.kind === 'deadlock' ? stuckTasks(finding) : []);
  const drafts: Draft[] = [];
  for (const [i, step] of trace.entries()) {
    const site = manifest.sites[step.site];
    const where = site?.function ?? '';
    const add = (text: string, mark: FindingKind | '' = ''): void => {
      drafts.push({ task: step.task, text: where === '' ? text : `${where}: ${text}`, mark, step, function: where, isShown: false });
    };
    if (step.kind === 'finding') markFinding(drafts, step, site, names, add);
    else if (step.kind === 'access') {
      if (!isContinued(step, trace[i + 1])) add(accessText(step, site, names));
    }
    else if (step.kind === 'block') {
      const isLast = !trace.slice(i + 1).some((later) => later.task === step.task && later.step > step.step);
      add(waitText(step, site, names), isLast && stuck.has(step.task) ? 'deadlock' : '');
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

function waitText(step: TraceStep, site: Site | null | undefined, names: TraceNames): string {
  const text = operationText(step, site?.operation ?? 'point', names);
  return `${text}, waits`;
}

/** Marks the step that failed, which has a row of its own if it was made, and gets one if it was not. Deadlocks mark those who wait. */
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
  if (last && last.task === step.task && last.step.kind === 'access' && last.step.site === step.site && last.mark === '') {
    drafts[drafts.length - 1] = { ...last, mark: kind };
  } else add(failureText(step, site, names), kind);
}

function accessText(step: TraceStep, site: Site | null | undefined, names: TraceNames): string {
  const operation = site?.operation ?? 'point';
  const value = names.value(step);
  const tail = value === '' ? '' : ` ${value}`;
  if (operation === 'load') return `${names.object(step)} read${tail}`;
  if (operation === 'store') return `${names.object(step)} write${tail}`;
  return operationText(step, operation, names);
}

function failureText(step: TraceStep, site: Site, names: TraceNames): string {
  if (site.operation === 'load') return `${names.object(step)} read`;
  if (site.operation === 'store') return `${names.object(step)} write`;
  return operationText(step, site.operation, names);
}

/** `Mutex#1 lock`, `Completion.wait`, `free DevIommu`, `yieldNow`. */
function operationText(step: TraceStep, operation: string, names: TraceNames): string {
  const object = names.object(step);
  if (operation === 'call') return object;
  if (object === '') return operation;
  return operation === 'free' || operation === 'release' ? `free ${object}` : `${object} ${operation}`;
}

function stuckTasks({ waiters }: RawFinding): number[] {
  const { cycle, roots } = waitFor(waiters);
  return [...cycle, ...roots].map(({ task }) => task);
}

/** Cells that two tasks touch, at least one of them writing. */
function conflictingCells({ trace, manifest }: Scene): ReadonlySet<number> {
  const users = new Map<number, { tasks: Set<number>; isWritten: boolean }>();
  for (const step of trace) {
    if (step.kind !== 'access' || step.address === 0) continue;
    const cell = cellOf(step);
    const user = users.get(cell) ?? { tasks: new Set(), isWritten: false };
    user.tasks.add(step.task);
    user.isWritten ||= manifest.sites[step.site]?.operation !== 'load';
    users.set(cell, user);
  }
  return new Set([...users].filter(([, { tasks, isWritten }]) => tasks.size > 1 && isWritten).map(([cell]) => cell));
}

function cellOf(step: TraceStep): number {
  return step.kind === 'access' ? step.address & ~3 : 0;
}

/** Everything but plain loads and stores. */
function isEvent(step: TraceStep, manifest: Manifest): boolean {
  return step.kind !== 'access' || !PLAIN.has(manifest.sites[step.site]?.operation ?? '');
}

/** A single step that was left out takes no more room if it is shown, and the end of the run is not worth a line. */
function collapse(drafts: readonly Draft[]): (Row | Gap)[] {
  const rows: (Row | Gap)[] = [];
  for (const [i, { isShown, task, text, mark, step }] of drafts.entries()) {
    const last = rows.at(-1);
    const isEnd = step.kind === 'exit' && i === drafts.length - 1;
    const isAlone = !isEnd && drafts[i - 1]?.isShown !== false && drafts[i + 1]?.isShown !== false;
    if (!isShown && isEnd) continue;
    if (isShown || isAlone) rows.push({ task, text, mark });
    else if (last && 'steps' in last) rows[rows.length - 1] = { task: last.task, steps: last.steps + 1 };
    else rows.push({ task, steps: 1 });
  }
  return rows;
}
