/**
 * Which steps of a run a reader needs. A short run is shown nearly whole; the longer it is, the more a step must have to do with another
 * task, and in the end with what failed.
 */
import type { Manifest } from '../build/manifest.js';
import type { RawFinding, TraceStep } from '../executor/types.js';
import { nullLoad } from '../findings/signature.js';
import type { HotDeviation } from '../schedule/schedule.js';

/** One shown line to be, with the entry of the trace that it comes from. */
export interface Candidate {
  readonly task: number;
  readonly step: TraceStep;
  /** Index of the entry in the trace. */
  readonly at: number;
  /** The model's function; empty if none. */
  readonly function: string;
  readonly isMarked: boolean;
}

export interface Run {
  readonly manifest: Manifest;
  readonly trace: readonly TraceStep[];
  readonly finding: RawFinding | null;
  readonly deviations: readonly HotDeviation[];
}

/** Up to so many lines nothing more is left out. */
const LINES_WANTED = 40;
/** Of a run that cannot be shown in so many, where the schedule decided, the beginning and the end are. */
const LINES_MAX = 60;

/** The candidates to show. */
export function relevant(candidates: readonly Candidate[], run: Run): ReadonlySet<Candidate> {
  const conflicts = new Conflicts(run);
  for (const choose of [everythingShared, crossings, aboutTheFinding]) {
    const shown = choose(candidates, run, conflicts);
    if (shown.length <= LINES_WANTED || choose === aboutTheFinding) {
      return new Set(shown.length > LINES_MAX ? cut(shown, decisionBorders(candidates, run)) : shown);
    }
  }
  return new Set(candidates);
}

/** Both sides of each decision and the choices first: without them it is another run. A third of the rest is the beginning. */
function cut(shown: readonly Candidate[], borders: ReadonlySet<Candidate>): Candidate[] {
  const isKept = (one: Candidate): boolean => one.isMarked || borders.has(one) || one.step.kind === 'choose';
  const others = shown.filter((one) => !isKept(one));
  const room = Math.max(0, LINES_MAX - (shown.length - others.length));
  const first = Math.floor(room / 3);
  const wanted = new Set([...others.slice(0, first), ...others.slice(others.length - (room - first))]);
  return shown.filter((one) => isKept(one) || wanted.has(one));
}

/** New functions, cells that tasks share, everything but plain loads and stores, and both sides of each switch. */
function everythingShared(candidates: readonly Candidate[], { manifest }: Run, conflicts: Conflicts): Candidate[] {
  const lastFunction = new Map<number, string>();
  return candidates.filter((candidate, i) => {
    const { task, function: name, step, isMarked } = candidate;
    const isEntry = name !== '' && lastFunction.get(task) !== name;
    if (name !== '') lastFunction.set(task, name);
    const isAtSwitch = candidates[i - 1]?.task !== task || candidates[i + 1]?.task !== task;
    return isMarked || isEntry || isAtSwitch || !isPlain(step, manifest) || conflicts.cells.has(cellOf(step));
  });
}

/** Steps that one task makes directly before or after another one's, on the same cell or object. */
function crossings(candidates: readonly Candidate[], run: Run, conflicts: Conflicts): Candidate[] {
  const borders = decisionBorders(candidates, run);
  return candidates.filter(
    (candidate) =>
      candidate.isMarked ||
      borders.has(candidate) ||
      isMilestone(candidate.step, run.manifest) ||
      conflicts.ends.has(candidate.at),
  );
}

/** As `crossings`, but only on what failed, if that is known. */
function aboutTheFinding(candidates: readonly Candidate[], run: Run, conflicts: Conflicts): Candidate[] {
  const borders = decisionBorders(candidates, run);
  const cells = cellsOfFinding(run);
  const firstBorder = Math.min(...[...borders].map(({ at }) => at), Number.MAX_SAFE_INTEGER);
  return candidates.filter((candidate) => {
    const { step, at } = candidate;
    if (candidate.isMarked || borders.has(candidate) || step.kind === 'choose') return true;
    if (step.kind === 'block' || step.kind === 'spawn') return at >= firstBorder;
    if (cells.size === 0) return conflicts.ends.has(at) && at >= firstBorder;
    return cells.has(cellOf(step)) && (conflicts.ends.has(at) || !isLoad(step, run.manifest));
  });
}

/**
 * The last step before and the first one after each place where a task that could go on gave way, or where the schedule says who goes on after
 * one that waits or has ended.
 */
function decisionBorders(candidates: readonly Candidate[], { trace, deviations }: Run): ReadonlySet<Candidate> {
  const decided = new Set(deviations.map(({ task, step }) => `${task},${step}`));
  const borders = new Set<Candidate>();
  for (const [i, candidate] of candidates.entries()) {
    const before = candidates[i - 1];
    if (before === undefined || before.task === candidate.task) continue;
    const { kind, task, step } = before.step;
    const isDecided =
      kind === 'block' || kind === 'exit'
        ? decided.has(`${task},${step}`)
        : trace.slice(before.at, candidate.at).some((one) => one.kind === 'switch');
    if (isDecided) borders.add(before).add(candidate);
  }
  return borders;
}

/** Cells of the object that failed, those that hold a pointer to it, and the one that held the NULL. */
function cellsOfFinding({ finding, manifest, trace }: Run): ReadonlySet<number> {
  const cells = new Set<number>();
  if (finding === null) return cells;
  const { object } = finding;
  const nulled = finding.kind === 'null-dereference' ? trace[nullLoad(finding, manifest, trace)] : undefined;
  if (nulled) cells.add(cellOf(nulled));
  for (const step of trace) {
    if (step.kind !== 'access' || object === null) continue;
    if (step.value === object.address || (step.classId !== 0 && step.address - step.offset === object.address))
      cells.add(cellOf(step));
  }
  return cells;
}

/** Where tasks meet in memory. */
class Conflicts {
  /** Cells that two tasks touch, at least one of them writing. */
  readonly cells: ReadonlySet<number>;
  /** Entries of the trace that conflict with the one before or after them on the same cell, of another task. */
  readonly ends: ReadonlySet<number>;

  constructor({ trace, manifest }: Run) {
    const cells = new Set<number>();
    const ends = new Set<number>();
    const users = new Map<number, { writer: number; readers: Map<number, number> }>();
    for (const [at, step] of trace.entries()) {
      const cell = cellOf(step);
      if (cell === 0) continue;
      const user = users.get(cell) ?? { writer: -1, readers: new Map<number, number>() };
      const meets = (other: number): void => {
        if (other < 0 || trace[other]?.task === step.task) return;
        cells.add(cell);
        ends.add(other).add(at);
      };
      const isFirstRead = !user.readers.has(step.task);
      if (isLoad(step, manifest)) {
        if (isFirstRead) meets(user.writer);
        user.readers.set(step.task, at);
      } else {
        meets(user.writer);
        for (const reader of user.readers.values()) meets(reader);
        user.writer = at;
        user.readers.clear();
      }
      users.set(cell, user);
    }
    this.cells = cells;
    this.ends = ends;
  }
}

/** 0 for what is no access. */
function cellOf(step: TraceStep): number {
  return step.kind === 'access' ? step.address & ~3 : 0;
}

function isLoad({ site }: TraceStep, manifest: Manifest): boolean {
  return manifest.sites[site]?.operation === 'load';
}

function isPlain({ kind, site }: TraceStep, manifest: Manifest): boolean {
  const operation = manifest.sites[site]?.operation;
  return kind === 'access' && (operation === 'load' || operation === 'store');
}

/** Waits, starts, ends, choices and notes; and what ends an object. */
function isMilestone({ kind, site }: TraceStep, manifest: Manifest): boolean {
  return kind !== 'access' || manifest.sites[site]?.operation === 'free';
}
