/** The difference between two designs, explained by one schedule that fails in one and passes in the other. */
import { join } from 'node:path';
import { writeFileAtomic } from '../corpus/atomic.js';
import { Executor } from '../executor/executor.js';
import { fromPortable, toPortable } from '../executor/portable.js';
import type { TracedExecution } from '../executor/types.js';
import { renderDiagram } from '../explain/diagram.js';
import { classReader } from '../findings/analyse.js';
import { bucketOf } from '../findings/place.js';
import { titleOf } from '../findings/title.js';
import type { HotSchedule } from '../schedule/schedule.js';
import { formatSchedule } from '../schedule/text.js';
import type { CompareOptions, Explanation, Run, SeenFinding } from './types.js';

type Telling = NonNullable<Explanation['found']>;

/** A finding of one design, and what its schedule does in the other. */
interface Candidate {
  readonly fails: string;
  readonly other: string;
  readonly finding: SeenFinding;
  readonly executor: Executor;
  readonly hot: HotSchedule;
  readonly dropped: number;
  readonly traced: TracedExecution;
  /** The other design has the row nowhere. */
  readonly isDifference: boolean;
}

/**
 * Of all findings of either design whose schedule does not show them in the other: one whose symptom the other does not have at all, whose
 * schedule passes there, and whose decisions all have a place there, if possible; among those, the smallest.
 */
export function explain(options: CompareOptions, pair: readonly [string, string], runs: readonly Run[]): Explanation {
  const [a, b] = pair;
  const executors = new Map<string, Executor>();
  const findingsOf = (design: string): SeenFinding[] =>
    runs.filter((run) => run.design === design).flatMap(({ findings }) => findings);
  const tried = [
    ...findingsOf(a).map((finding) => tryIn(options, finding, b, findingsOf(b), executors)),
    ...findingsOf(b).map((finding) => tryIn(options, finding, a, findingsOf(a), executors)),
  ];
  const candidates = tried.filter((candidate) => candidate !== null);
  const best = candidates.sort((x, y) => compare(rank(x), rank(y)))[0];
  if (best) return { pair, found: tell(options, pair, best), reason: '' };
  const reason =
    tried.length === 0
      ? 'neither has shown a finding'
      : 'each finding of one of them is shown by the same schedule in the other';
  return { pair, found: null, reason };
}

function tryIn(
  options: CompareOptions,
  finding: SeenFinding,
  other: string,
  findings: readonly SeenFinding[],
  executors: Map<string, Executor>,
): Candidate | null {
  const { scene, record, row } = finding;
  const key = JSON.stringify([other, scene]);
  const { fast, stepLimit, fuelLimit } = options;
  const executor =
    executors.get(key) ??
    Executor.create({
      artefact: fast,
      configuration: { design: other, scene, options: options.options },
      limits: { steps: stepLimit, fuel: fuelLimit },
    });
  executors.set(key, executor);
  const { hot, dropped } = fromPortable(executor, record.schedule);
  const traced = executor.trace(hot);
  if (traced.findings.some((raw) => bucketOf(raw, executor.manifest) === record.bucket)) return null;
  const isDifference = !findings.some((f) => f.row === row);
  return { fails: finding.design, other, finding, executor, hot, dropped: dropped.length, traced, isDifference };
}

/** Smaller is better, the first number first. */
function rank({ isDifference, traced, dropped, finding }: Candidate): number[] {
  const { preemptions, schedule } = finding.record;
  const { deviations, choices, events } = schedule;
  return [
    isDifference ? 0 : 1,
    traced.findings.length > 0 ? 1 : 0,
    dropped > 0 ? 1 : 0,
    preemptions,
    deviations.length + choices.length,
    events.length,
  ];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((n, i) => n !== b[i]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** Saves both runs: `fails.sched` and `other.sched`, and the report. */
function tell(options: CompareOptions, pair: readonly [string, string], candidate: Candidate): Telling {
  const { fails, other, finding, executor, hot, dropped } = candidate;
  const { manifest } = executor;
  // Executors are shared between candidates, and a diagram reads what the last run left.
  const traced = executor.trace(hot);
  const [first = null] = traced.findings;
  const instead = traced.findings.map((raw) => titleOf(raw, manifest, traced.tasks));
  const diagram = renderDiagram({
    manifest,
    tasks: traced.tasks,
    trace: traced.trace,
    finding: first,
    deviations: traced.recorded.deviations,
    classAt: classReader(executor),
  });
  const { schedule } = finding.record;
  const folder = join(options.outDir, 'explain', `${safeName(pair[0])}-${safeName(pair[1])}`);
  const told: Telling = {
    fails,
    other,
    finding,
    decisions: schedule.deviations.length + schedule.choices.length,
    dropped,
    instead,
    otherDiagram: diagram,
    otherSchedule: formatSchedule(toPortable(executor, hot, manifest.name)),
    folder,
  };
  writeFileAtomic(join(folder, 'fails.sched'), formatSchedule(schedule));
  writeFileAtomic(join(folder, 'other.sched'), told.otherSchedule);
  writeFileAtomic(join(folder, 'report.txt'), `${explanationText(told)}\n`);
  return told;
}

/** Both outcomes, one below the other. */
export function explanationText(told: Telling): string {
  const { finding, fails, other } = told;
  const { record, scene, row } = finding;
  return [
    `${fails} fails: ${record.title}${row === record.title ? '' : ` (${row})`}`,
    `scene ${scene}, signature ${record.kind}-${record.signature}`,
    '',
    record.diagram,
    '',
    `${other} with the same decisions${droppedText(told)}: ${outcomeText(told)}`,
    '',
    told.otherDiagram,
  ].join('\n');
}

/** `, of which 1 of 3 has no place there`; empty if all have one. */
export function droppedText({ dropped, decisions }: Telling): string {
  return dropped === 0 ? '' : `, of which ${dropped} of ${decisions} ${dropped === 1 ? 'has' : 'have'} no place there`;
}

export function outcomeText({ instead }: Telling): string {
  return instead.length === 0 ? 'passes' : `shows ${instead.join('; ')} instead`;
}

/** A name as part of a path. */
export function safeName(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, '_').replace(/^\.+/, '_') || '_';
}
