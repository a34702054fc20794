/** The full text of a finding: what, where, how it came to it, and how to see it again. Plain text. */
import type { Manifest } from '../build/manifest.js';
import type { Declarations } from '../executor/declarations.js';
import type { FindingKind, RawFinding, TracedExecution, Waiter } from '../executor/types.js';
import { isInterrupted, waitFor } from '../findings/deadlock.js';
import type { FindingRecord, PlaceRecord } from '../findings/finding.js';
import { placeOf, taskName } from '../findings/place.js';
import { lockName } from '../findings/signature.js';
import type { Deviation } from '../schedule/schedule.js';
import { siteKey } from '../schedule/site.js';

export interface ReportInput {
  readonly record: Omit<FindingRecord, 'report'>;
  readonly raw: RawFinding;
  readonly manifest: Manifest;
  readonly traced: TracedExecution;
  /** What each task holds at the end, and where it took it. */
  readonly held: ReadonlyMap<number, readonly { readonly object: number; readonly site: number }[]>;
  readonly declarations: Declarations;
  /** To paste; empty if there is none. */
  readonly command: string;
}

/** What the second place of a finding is. */
const OTHER_PLACE: Readonly<Partial<Record<FindingKind, string>>> = {
  'data-race': 'Races with',
  'lock-order': 'Other order',
  'lost-wakeup': 'Woken by',
  starvation: 'Goes on',
};

/** More of them are counted, not listed. */
const DECISIONS_MAX = 40;

/** Ends with a line break. Part by part, with an empty line between them. */
export function renderReport(input: ReportInput): string {
  const { record, command } = input;
  const parts = [
    headLines(input),
    ['What happened:', '', ...indent(record.diagram.split('\n'))],
    detailLines(input),
    decisionLines(input),
  ];
  const report = `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
  return command === '' ? report : withCommand(report, command);
}

/** The report with the command to paste at its end. */
export function withCommand(report: string, command: string): string {
  return `${report}\nTo see it again:\n\n  ${command}\n`;
}

function headLines({ record, declarations }: ReportInput): string[] {
  const symptom = declarations.symptoms.find(({ name }) => name === record.symptom);
  return [
    record.title,
    '',
    `  symptom    ${symptom ? `${symptom.name}: ${symptom.title}` : record.symptom}`,
    `  signature  ${record.kind}-${record.signature}`,
    `  identity   ${record.identity.join('\n             ')}`,
    `  design     ${record.design}, scene ${record.scene}`,
    ...Object.entries(record.schedule.options).map(([name, value]) => `  option     ${name} ${value}`),
    ...(record.minimality ? [`  minimal    ${minimalityText(record)}`] : []),
    `  model      assumes sequential consistency; state hash ${record.hash}`,
  ];
}

/** What is proved about the size of the schedule. */
export function minimalityText({ minimality, preemptions }: Pick<FindingRecord, 'minimality' | 'preemptions'>): string {
  const has = preemptions === 1 ? '1 preemption' : `${preemptions} preemptions`;
  if (minimality === undefined) return `${has}; whether fewer would do was not looked at`;
  if (!minimality.proved)
    return `≥ ${minimality.atLeast} preemptions; this schedule has ${preemptions} (${minimality.why})`;
  return `proved minimal: ${preemptions === 0 ? 'no preemption, and no event less' : `no fewer than ${has}, and no event less`}`;
}

function detailLines(input: ReportInput): string[] {
  const { record, raw } = input;
  const lines: string[] = [];
  const add = (label: string, place: PlaceRecord | null): void => {
    if (place) lines.push(`${label.padEnd(12)} ${placeText(place)}`);
  };
  if (raw.kind === 'invariant') lines.push(`Invariant    ${record.message}`);
  else if (record.message !== '') lines.push(`Message      ${record.message}`);
  if (raw.kind === 'deadlock') return [...lines, ...deadlockLines(input)];
  if (raw.kind !== 'leak') add('Failed at', record.place);
  if (record.object !== '') lines.push(`Object       ${record.object}`);
  add(OTHER_PLACE[raw.kind] ?? 'And', record.other ?? null);
  add('Allocated by', record.allocated);
  add('Freed by', record.freed);
  return lines;
}

/** `of_iommu_configure (of-iommu.ts:31), load DevIommu.fwspec, in bind(0)`. */
function placeText({ function: name, file, line, operation, field, task }: PlaceRecord): string {
  return `${name} (${file}:${line}), ${[operation, field].filter((word) => word !== '').join(' ')}, in ${task}`;
}

/** The wait-for cycle in words, then what waits for nothing that can come. */
function deadlockLines(input: ReportInput): string[] {
  const { cycle, roots } = waitFor(input.raw.waiters);
  const lines = [...cycle, ...roots].map((waiter) => waiterText(waiter, input));
  const others = input.raw.waiters.filter((waiter) => !cycle.includes(waiter) && !roots.includes(waiter));
  return [
    cycle.length > 0
      ? 'Each of these tasks waits for what the next one holds, and the last one for the first:'
      : 'Nobody can go on:',
    ...lines.map((line) => `  ${line}`),
    ...(others.length > 0 ? ['Behind them wait:', ...others.map((waiter) => `  ${waiterText(waiter, input)}`)] : []),
  ];
}

function waiterText(waiter: Waiter, { manifest, raw, traced, held }: ReportInput): string {
  const { task, site, classId, object, holders } = waiter;
  const place = placeOf(manifest, traced.tasks, site, task);
  const at = place ? ` in ${place.function} (${place.file}:${place.line})` : '';
  if (isInterrupted(waiter, manifest)) {
    const by = holders.map((slot) => taskName(traced.tasks, slot)).join(' and ');
    return `${taskName(traced.tasks, task)} stands still${at}: ${by} runs on its processor, and has not ended`;
  }
  const holder = holders.map((slot) => {
    const taken = held.get(slot)?.find((entry) => entry.object === object);
    const where = taken ? placeOf(manifest, traced.tasks, taken.site, slot) : null;
    const ended = traced.tasks.some((info) => info.slot === slot && info.state === 'done') ? ', which has ended' : '';
    const waits = raw.waiters.some((other) => other.task === slot && other.object === object);
    const how = waits && !taken ? 'behind' : 'held by';
    return `${how} ${taskName(traced.tasks, slot)}${ended}${where ? ` since ${where.function} (${where.file}:${where.line})` : ''}`;
  });
  const by = holder.length > 0 ? `, ${holder.join(' and ')}` : ', which nobody holds';
  return `${taskName(traced.tasks, task)} waits for ${lockName(classId, site, manifest)}${at}${by}`;
}

function decisionLines({ record, traced, manifest }: ReportInput): string[] {
  const { deviations, choices } = record.schedule;
  if (deviations.length + choices.length === 0) return ['It needs no preemption: the tasks run one after the other.'];
  const name = (path: string): string => {
    const task = traced.tasks.find((info) => info.path === path);
    return task ? `${task.name} [${path}]` : `task ${path}`;
  };
  const all = [
    ...deviations.map((deviation) => deviationText(deviation, name, lineOf(manifest, deviation))),
    ...choices.map(
      ({ task, site, occurrence, value }) => `${name(task)} gets ${value} at ${siteKey(site)}${nth(occurrence)}`,
    ),
  ];
  const shown = all.slice(0, DECISIONS_MAX);
  if (all.length > shown.length) shown.push(`… and ${all.length - shown.length} more`);
  return ['The schedule:', ...shown.map((line) => `  ${line}`)];
}

function deviationText(
  { task, site, occurrence, target }: Deviation,
  name: (path: string) => string,
  line: string,
): string {
  const offers = /\b(yield\w*|cpuRelax)\b/.test(`${site.operation} ${site.field}`);
  const stays = offers ? 'goes on although it offers to give way' : 'lets turns go round from here, one step each,';
  const next = target === task ? stays : `gives way to ${name(target)}`;
  if (site.operation === 'exit') return `when ${name(task)} has ended, ${name(target)} goes on`;
  if (site.operation === 'block')
    return `when ${name(task)} waits in ${site.function}${nth(occurrence)}${line}, ${name(target)} goes on`;
  return `${name(task)} ${next} before ${siteKey(site)}${nth(occurrence)}${line}`;
}

function nth(occurrence: number): string {
  return occurrence === 1 ? '' : ` (time ${occurrence})`;
}

function lineOf(manifest: Manifest, { site }: Deviation): string {
  const found = manifest.sites.find(
    (other) =>
      other !== null &&
      other.function === site.function &&
      other.field === site.field &&
      other.ordinal === site.ordinal &&
      (other.operation === site.operation || site.operation === 'block'),
  );
  return found ? ` (${found.file}:${found.line})` : '';
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}
