/** A finding and a campaign's summary as text. Pure. */
import { join } from 'node:path';
import type { Colors } from 'picocolors/types.js';
import type { CampaignSummary, SceneSearch } from '../campaign/types.js';
import { vacuityLines } from '../coverage/vacuity.js';
import type { FindingRecord } from '../findings/finding.js';
import { foundByText } from '../findings/found-by.js';
import { formatCount, formatDuration, formatShort, plural } from './format.js';

export interface ShownFinding {
  /** From 1, within the campaign. */
  readonly number: number;
  readonly record: FindingRecord;
  /** Empty if the symptom has none. */
  readonly symptomTitle: string;
  /** To paste. */
  readonly command: string;
}

export function renderFinding({ number, record, symptomTitle, command }: ShownFinding, colors: Colors): string {
  const symptom = symptomTitle ? `${record.symptom}: ${symptomTitle}` : record.symptom;
  const how = record.minimized ? 'minimized' : 'as found';
  const foundBy = foundByText(record);
  return [
    `${colors.red(`finding ${number}:`)} ${colors.bold(record.title)}`,
    `  symptom    ${symptom}`,
    `  signature  ${record.kind}-${record.signature}`,
    `  design     ${record.design}, scene ${record.scene}`,
    `  schedule   ${plural(record.schedule.events.length, 'event')}, ${plural(record.preemptions, 'preemption')}, ${how}`,
    ...(foundBy === '' ? [] : [`  found by   ${foundBy}`]),
    '',
    ...record.diagram.split('\n').map((line) => (line ? `  ${line}` : '')),
    '',
    `  ${colors.cyan(command)}`,
    '',
  ].join('\n');
}

/** How far the exhaustive search of a scene came. */
function searchLine({ scene, state, states, reason }: SceneSearch): string {
  const so = `exhaustive search of ${scene}:`;
  if (state === 'exhausted') return `every schedule of ${scene} was searched: ${plural(states, 'state')}`;
  if (state === 'stopped') return `${so} stopped after ${plural(states, 'state')}: ${reason}`;
  if (state === 'searching') return `${so} not done, ${plural(states, 'state')} so far`;
  return `${so} not begun`;
}

export interface ShownSummary {
  readonly model: string;
  readonly design: string;
  readonly outDir: string;
  readonly summary: CampaignSummary;
  readonly rows: readonly { readonly symptom: string; readonly title: string; readonly command: string }[];
}

const REASONS: Readonly<Record<CampaignSummary['reason'], string>> = {
  'max-time': 'its time was up',
  'max-execs': 'its executions were used up',
  'all-run': 'the enumeration has run every schedule, equal tasks taken as one',
  'left-out': 'the enumeration is over, but has left schedules out: too many, or too long',
  'first-finding': 'it stopped at the first finding',
  'symptoms-found': 'each symptom that it was to stop at was found',
  interrupted: 'it was interrupted',
};

export function renderSummary({ model, design, outDir, summary, rows }: ShownSummary, colors: Colors): string {
  const { executions, elapsedMs, executionsPerSecond, sitesReached, sitesTotal } = summary;
  const isSilent = summary.unsteady === 0 && summary.hangs.length === 0;
  const none = isSilent ? colors.green('no finding') : colors.red('no finding was kept');
  const verdict = rows.length ? colors.red(plural(rows.length, 'finding')) : none;
  const width = Math.max(0, ...rows.map((row) => row.symptom.length));
  return [
    `${model} ${design}: ${verdict} in ${formatCount(executions)} executions, ${formatDuration(elapsedMs)} (${formatShort(executionsPerSecond)}/s); ${REASONS[summary.reason]}`,
    ...rows.map(
      (row) => `  ${row.symptom.padEnd(width)}  ${row.title}\n  ${' '.repeat(width)}  ${colors.cyan(row.command)}`,
    ),
    `  reached ${sitesReached} of ${sitesTotal} sites, ${formatShort(summary.states)} states, ${formatShort(summary.features)} features; corpus ${formatCount(summary.corpus)} in ${outDir}; seed ${summary.seed}`,
    ...summary.searches.map(searchLine).map((line) => `  ${line}`),
    ...summary.hangs.map((file) => `  a worker hung: ${file}`),
    ...(summary.unsteady > 0
      ? [`  ${plural(summary.unsteady, 'failure')} did not recur: a bug of Heddle, see ${join(outDir, 'quarantine')}`]
      : []),
    ...vacuityLines(summary.vacuity).map((line) => `  ${line}`),
    '  under sequential consistency; what was not reached was not checked (heddle coverage)',
  ].join('\n');
}
