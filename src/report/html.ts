/** Findings as one page. Pure. */
import { findingId } from '../findings/store.js';
import { formatSchedule } from '../schedule/text.js';
import type { CampaignReport, ReportedFinding } from './campaign-report.js';
import { headWords } from './markdown.js';
import { escapeHtml, htmlPage } from './page.js';

export function renderReportHtml(report: CampaignReport): string {
  const title = `${report.model}, design ${report.design}`;
  const rows = report.findings.map(({ record, known }) => {
    const cells = [
      record.symptom,
      `<a href="#${findingId(record)}">${escapeHtml(record.title)}</a>`,
      `${record.preemptions}`,
      known ? 'known' : 'new',
    ];
    return `<tr>${cells.map((cell, i) => `<td>${i === 0 ? escapeHtml(cell) : cell}</td>`).join('')}</tr>`;
  });
  const head = ['symptom', 'finding', 'preemptions', ''].map((name) => `<th>${name}</th>`).join('');
  return htmlPage(title, [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>${escapeHtml(headWords(report))}</p>`,
    ...(rows.length > 0 ? [`<div class="scroll"><table><tr>${head}</tr>`, ...rows, '</table></div>'] : []),
    ...report.findings.map(findingPart),
  ]);
}

function findingPart({ record, command }: ReportedFinding): string {
  return [
    `<details open id="${findingId(record)}"><summary>${escapeHtml(`${record.symptom}: ${record.title}`)}</summary>`,
    `<pre>${escapeHtml(record.report)}</pre>`,
    `<pre>${escapeHtml(command)}</pre>`,
    `<pre>${escapeHtml(formatSchedule(record.schedule))}</pre></details>`,
  ].join('\n');
}
