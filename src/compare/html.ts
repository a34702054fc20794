/** A comparison as one page that needs nothing else: no script, nothing loaded, light and dark. Pure. */
import { createHash } from 'node:crypto';
import { findingId } from '../findings/store.js';
import { escapeHtml, htmlPage } from '../report/page.js';
import { formatSchedule } from '../schedule/text.js';
import { formatDuration, plural } from '../ui/format.js';
import { droppedText, explanationText, outcomeText } from './explain.js';
import { counterTables } from './tables.js';
import type { Cell, Comparison, Explanation, SeenFinding } from './types.js';
import { cellWords, doubtWords, footWords, runWords } from './words.js';

export function renderHtml(comparison: Comparison, commandOf: (path: string) => string): string {
  const { model, designs, scenes, matrix, byScene, unfinished, runs, elapsedMs } = comparison;
  const title = `${model}: ${plural(designs.length, 'design')} compared`;
  const body = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>${plural(scenes.length, 'scene')}, ${formatDuration(elapsedMs)}; model ${escapeHtml(comparison.modelHash.slice(0, 16))}.</p>`,
    ...(unfinished.length > 0
      ? [
          `<p class="warn">Incomplete: it was interrupted. Cut short or left out: ${escapeHtml(unfinished.join('; '))}.</p>`,
        ]
      : []),
    matrixTable(comparison, matrix.cells),
    ...(scenes.length > 1
      ? byScene.map(({ scene, cells }) => `<h2>Scene ${escapeHtml(scene)}</h2>${matrixTable(comparison, cells)}`)
      : []),
    '<h2>What was run</h2>',
    list(runs.map((run) => `${run.design}, ${run.scene}: ${runWords(run)}`)),
    ...comparison.explanations.map((explanation) => explanationPart(explanation, commandOf)),
    '<h2>Findings</h2>',
    ...runs.flatMap(({ findings }) => findings.map((finding) => findingPart(finding, commandOf))),
    ...counterTables(comparison).map(
      ({ title: name, head, rows }) =>
        `<h2>${escapeHtml(name)}</h2>${table(
          head.map((cell) => `<th>${escapeHtml(cell)}</th>`),
          rows.map((row) =>
            row.map((cell, i) =>
              i === 0 ? `<th>${escapeHtml(cell)}</th>` : `<td class="number">${escapeHtml(cell)}</td>`,
            ),
          ),
        )}`,
    ),
    `<div class="foot">${list([...doubtWords(comparison), ...footWords(comparison)])}</div>`,
  ];
  return htmlPage(title, body);
}

function matrixTable({ matrix, designs }: Comparison, cells: readonly (readonly Cell[])[]): string {
  return table(
    ['<th></th>', ...designs.map((design) => `<th>${escapeHtml(design)}</th>`)],
    matrix.rows.map(({ name, title }, r) => [
      `<th title="${escapeHtml(title)}">${escapeHtml(name)}${title === '' ? '' : `<div class="detail">${escapeHtml(title)}</div>`}</th>`,
      ...(cells[r] ?? []).map(cellHtml),
    ]),
  );
}

function cellHtml(cell: Cell): string {
  const { mark, detail } = cellWords(cell);
  const name = cell.verdict === 'found' ? `<a href="#${anchor(cell.first)}">${escapeHtml(mark)}</a>` : escapeHtml(mark);
  return `<td class="${cell.verdict}">${name}<div class="detail">${escapeHtml(detail)}</div></td>`;
}

/** Unique: findings of one run have different signatures or rows. */
function anchor({ design, scene, row, record }: SeenFinding): string {
  const text = JSON.stringify([design, scene, row, record.signature]);
  return `f-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

function findingPart(seen: SeenFinding, commandOf: (path: string) => string): string {
  const { record, design, scene, row, folder } = seen;
  const summary = `${design}, ${scene}: ${row === record.title ? '' : `${row}: `}${record.title}`;
  return [
    `<details id="${anchor(seen)}"><summary>${escapeHtml(summary)}</summary>`,
    `<p>${escapeHtml(`${findingId(record)}, ${plural(record.preemptions, 'preemption')}, in ${folder}`)}</p>`,
    `<pre>${escapeHtml(commandOf(folder))}</pre>`,
    `<pre>${escapeHtml(record.diagram)}</pre>`,
    `<pre>${escapeHtml(formatSchedule(record.schedule))}</pre></details>`,
  ].join('\n');
}

function explanationPart({ pair, found, reason }: Explanation, commandOf: (path: string) => string): string {
  const head = `<h2>${escapeHtml(pair[0])} and ${escapeHtml(pair[1])}</h2>`;
  if (found === null) return `${head}<p>No schedule tells them apart: ${escapeHtml(reason)}.</p>`;
  const { fails, other, finding, folder } = found;
  const text = `${finding.record.title} in ${fails}; with the same decisions${droppedText(found)} ${other} ${outcomeText(found)}.`;
  const commands = `${commandOf(`${folder}/fails.sched`)}\n${commandOf(`${folder}/other.sched`)}`;
  return `${head}<p>${escapeHtml(text)}</p><pre>${escapeHtml(explanationText(found))}</pre><pre>${escapeHtml(commands)}</pre>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `<tr>${cells.join('')}</tr>`;
  return `<div class="scroll"><table>${[head, ...rows].map(line).join('\n')}</table></div>`;
}

function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('\n')}</ul>`;
}
