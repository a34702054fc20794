/** Findings as Markdown, for a mail, an issue or a job's summary. Pure. */
import type { Seen } from '../campaign/seen.js';
import type { FindingRecord } from '../findings/finding.js';
import { foundByText } from '../findings/found-by.js';
import { findingId } from '../findings/store.js';
import { formatSchedule } from '../schedule/text.js';
import { formatCount, formatDuration, plural } from '../ui/format.js';
import { byDesign, type CampaignReport, type ReportedFinding } from './campaign-report.js';

export function renderReportMarkdown(report: CampaignReport): string {
  const rows = report.findings.map(
    ({ record, known }) =>
      `| ${cell(record.symptom)} | ${cell(titleOf(report, record))} | ${record.preemptions} | \`${findingId(record)}\` | ${known ? 'known' : 'new'} |`,
  );
  return [
    `# ${report.model}, design ${report.design}`,
    '',
    headWords(report),
    ...(rows.length > 0
      ? ['', '| symptom | finding | preemptions | signature | |', '|---|---|---|---|---|', ...rows]
      : []),
    ...unreadablePart(report),
    ...report.findings.flatMap((finding) => findingPart(report, finding)),
    '',
  ].join('\n');
}

/** With its design, if that is not the campaign's. */
export function titleOf({ design }: CampaignReport, record: FindingRecord): string {
  return record.design === design ? record.title : `${record.title} (design ${record.design})`;
}

/** One sentence on what was run, and one on what is in the folder besides. */
export function headWords(report: CampaignReport): string {
  const { executions, elapsedMs, scene, seed, modelHash } = report;
  const [{ findings } = { findings: [] }, ...others] = byDesign(report);
  const known = findings.filter((finding) => finding.known).length;
  const count = findings.length === 0 ? 'No finding' : plural(findings.length, 'finding');
  const ran =
    executions === null || elapsedMs === null
      ? ''
      : ` in ${formatCount(executions)} executions, ${formatDuration(elapsedMs)}`;
  const what = `${scene ?? 'all scenes'}; seed ${seed}, model ${modelHash.slice(0, 16)}, sequential consistency`;
  const rest = others.map(
    (other) => ` The folder has ${plural(other.findings.length, 'finding')} of the design ${other.design}.`,
  );
  return `${count}${known > 0 ? ` (${known} known)` : ''}${ran}; ${what}.${rest.join('')}`;
}

/** What stands above findings that cannot be read; empty if there are none. */
export function unreadableWords({ unreadable }: CampaignReport): string {
  return unreadable.length === 0 ? '' : `${plural(unreadable.length, 'more finding')} cannot be read:`;
}

function unreadablePart(report: CampaignReport): string[] {
  if (report.unreadable.length === 0) return [];
  return [
    '',
    unreadableWords(report),
    '',
    ...report.unreadable.map(({ file, reason }) => `- \`${cell(file)}\`: ${cell(reason)}`),
  ];
}

function findingPart(report: CampaignReport, { record, command, seen }: ReportedFinding): string[] {
  const foundBy = foundByText(record);
  return [
    '',
    `## ${record.symptom}: ${titleOf(report, record)}`,
    '',
    ...(seen ? [seenWords(seen), ''] : []),
    ...(foundBy === '' ? [] : [`Found by ${foundBy}.`, '']),
    ...fenced(record.report.trimEnd()),
    '',
    'The schedule:',
    '',
    ...fenced(formatSchedule(record.schedule).trimEnd()),
    '',
    ...fenced(command),
  ];
}

/** `First seen 2026-01-31 10:00, last noticed 2026-02-02 08:30 UTC, in 2 runs.` A worker does not notice each time that a known finding shows. */
function seenWords({ first, last, runs }: Seen): string {
  const day = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  return `First seen ${day(first)}, last noticed ${day(last)} UTC, in ${plural(runs, 'run')}.`;
}

/** A fence longer than any run of backticks inside. */
function fenced(text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [fence, text, fence];
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
