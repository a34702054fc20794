/** Findings as one page. Pure. */
import type { ViewerData } from '../explain/viewer-data.js';
import { findingId } from '../findings/store.js';
import { formatSchedule } from '../schedule/text.js';
import type { CampaignReport, ReportedFinding } from './campaign-report.js';
import { headWords, titleOf, unreadableWords } from './markdown.js';
import { escapeHtml, htmlPage } from './page.js';
import { viewerInlined, viewerPart } from './viewer-part.js';

/** `views` has the run of each finding, by `findingId`, that could be explained; the page shows it step by step. */
export function renderReportHtml(report: CampaignReport, views: ReadonlyMap<string, ViewerData> = new Map()): string {
  const title = `${report.model}, design ${report.design}`;
  const rows = report.findings.map(({ record, known }) => {
    const cells = [
      record.symptom,
      `<a href="#${findingId(record)}">${escapeHtml(titleOf(report, record))}</a>`,
      `${record.preemptions}`,
      known ? 'known' : 'new',
    ];
    return `<tr>${cells.map((cell, i) => `<td>${i === 0 ? escapeHtml(cell) : cell}</td>`).join('')}</tr>`;
  });
  const head = ['symptom', 'finding', 'preemptions', ''].map((name) => `<th>${name}</th>`).join('');
  const body = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>${escapeHtml(headWords(report))}</p>`,
    ...unreadablePart(report),
    ...(rows.length > 0 ? [`<div class="scroll"><table><tr>${head}</tr>`, ...rows, '</table></div>'] : []),
    ...report.findings.map((finding) => findingPart(report, finding, views.get(findingId(finding.record)))),
  ];
  return htmlPage(title, body, views.size > 0 ? viewerInlined() : null);
}

function unreadablePart(report: CampaignReport): string[] {
  if (report.unreadable.length === 0) return [];
  const items = report.unreadable.map(({ file, reason }) => `<li>${escapeHtml(`${file}: ${reason}`)}</li>`);
  return [`<div class="warn">${escapeHtml(unreadableWords(report))}<ul>${items.join('')}</ul></div>`];
}

function findingPart(
  report: CampaignReport,
  { record, command }: ReportedFinding,
  view: ViewerData | undefined,
): string {
  return [
    `<details open id="${findingId(record)}"><summary>${escapeHtml(`${record.symptom}: ${titleOf(report, record)}`)}</summary>`,
    ...(view ? [`<p>${escapeHtml(view.summary)}</p>`, viewerPart(view)] : []),
    `<pre>${escapeHtml(record.report)}</pre>`,
    `<pre>${escapeHtml(command)}</pre>`,
    `<pre>${escapeHtml(formatSchedule(record.schedule))}</pre></details>`,
  ].join('\n');
}
