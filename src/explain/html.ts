/** An explanation as one HTML file that needs nothing else: no font, no request; its script only shows the run step by step. */
import { escapeHtml, htmlPage } from '../report/page.js';
import { viewerInlined, viewerPart } from '../report/viewer-part.js';
import { formatSchedule } from '../schedule/text.js';
import type { Explanation, LikelihoodText } from './explanation.js';
import { causeLines, curveLines } from './formats.js';
import { minimalityText } from './report.js';
import { percent } from './summary.js';

const WIDTH = 640;
const HEIGHT = 160;
const MARGIN = 32;

export function renderHtml(explanation: Explanation): string {
  const { record, summary, likelihood, viewer } = explanation;
  const facts = [
    ['symptom', record.symptom],
    ['signature', `${record.kind}-${record.signature}`],
    ['design', record.design],
    ['scene', record.scene],
    ['minimal', minimalityText(record)],
  ];
  const body = [
    `<h1>${escapeHtml(record.title)}</h1>`,
    `<p>${escapeHtml(summary)}</p>`,
    '<table>',
    ...facts.map(([key = '', value = '']) => `<tr><th>${key}</th><td>${escapeHtml(value)}</td></tr>`),
    '</table>',
    '<h2>Step by step</h2>',
    viewerPart(viewer),
    '<noscript><p>With JavaScript the run can be stepped through here.</p></noscript>',
    '<h2>What happens</h2>',
    diagramTable(explanation),
    '<h2>Orders that it needs</h2>',
    `<pre>${escapeHtml(causeLines(explanation).join('\n'))}</pre>`,
    '<h2>How likely it is after each step</h2>',
    ...(likelihood === null ? [] : [curveSvg(likelihood)]),
    `<details><summary>figures</summary><pre>${escapeHtml(curveLines(likelihood).join('\n'))}</pre></details>`,
    '<h2>Report</h2>',
    `<details><summary>as text</summary><pre>${escapeHtml(record.report)}</pre></details>`,
    `<details><summary>schedule</summary><pre>${escapeHtml(formatSchedule(record.schedule))}</pre></details>`,
  ];
  return htmlPage(record.title, body, viewerInlined());
}

/** One column a task. */
function diagramTable({ tasks, rows, record }: Explanation): string {
  const head = tasks.map(({ name }) => `<th>${escapeHtml(name)}</th>`).join('');
  const body = rows.map((row) => {
    const isGap = 'steps' in row;
    const text = isGap ? `… (${row.steps} ${row.steps === 1 ? 'step' : 'steps'})` : row.text;
    const mark = isGap || row.mark === '' ? '' : ` <strong>⟸ ${escapeHtml(row.mark)}</strong>`;
    const kind = isGap ? ' class="detail"' : mark === '' ? '' : ' class="found"';
    const cell = `<td${kind}>${escapeHtml(text)}${mark}</td>`;
    return `<tr>${tasks.map(({ slot }) => (slot === row.task ? cell : '<td></td>')).join('')}</tr>`;
  });
  const end = `<p class="detail">⟹ ${escapeHtml(record.title)}</p>`;
  return `<div class="scroll"><table><tr>${head}</tr>${body.join('')}</table></div>${end}`;
}

/** The curve, with the step at which the bug becomes likely. */
function curveSvg({ points, turningPoint }: LikelihoodText): string {
  const last = Math.max(1, points.at(-1)?.steps ?? 1);
  const x = (steps: number): number => Math.round(MARGIN + (steps / last) * (WIDTH - 2 * MARGIN));
  const y = (share: number): number => Math.round(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN));
  const line = points.map(({ steps, share }) => `${x(steps)},${y(share)}`).join(' ');
  const turn = turningPoint
    ? points.flatMap(({ steps, share }, i) => {
        const next = points[i + 1];
        const isTurn = next?.steps === steps + 1 && share === turningPoint.before && next.share === turningPoint.after;
        return isTurn ? [`<circle cx="${x(next.steps)}" cy="${y(next.share)}" r="5" fill="#c33"/>`] : [];
      })
    : [];
  const label = (share: number): string =>
    `<text x="2" y="${y(share) + 4}" font-size="11" fill="currentColor">${percent(share)}</text>`;
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="likelihood by steps">`,
    label(0),
    label(1),
    `<polyline points="${line}" fill="none" stroke="currentColor" stroke-width="2"/>`,
    ...turn.slice(0, 1),
    `<text x="${WIDTH / 2}" y="${HEIGHT - 6}" font-size="11" fill="currentColor">steps made of ${last}</text>`,
    '</svg>',
  ].join('');
}
