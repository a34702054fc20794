/** A comparison as one page that needs nothing else: no script, nothing loaded, light and dark. Pure. */
import { createHash } from 'node:crypto';
import { findingId } from '../findings/store.js';
import { formatSchedule } from '../schedule/text.js';
import { formatDuration, plural } from '../ui/format.js';
import { droppedText, explanationText, outcomeText } from './explain.js';
import { counterTables } from './tables.js';
import type { Cell, Comparison, Explanation, SeenFinding } from './types.js';
import { cellWords, doubtWords, footWords, runWords } from './words.js';

const STYLE = `
:root { color-scheme: light dark; --line: #ccc; --dim: #555; --bad: #fbe3e1; --good: #e0f3e4; --code: #f4f4f4; }
@media (prefers-color-scheme: dark) {
  :root { --line: #444; --dim: #aaa; --bad: #4a2020; --good: #17391f; --code: #1c1c1c; }
}
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
td.number { font-variant-numeric: tabular-nums; }
.found { background: var(--bad); } .absent { background: var(--good); }
.detail, .foot { color: var(--dim); font-size: .87rem; }
.warn { border: 2px solid #c60; padding: .5rem .8rem; }
pre { background: var(--code); overflow-x: auto; padding: .7rem; font-size: .8rem; line-height: 1.3; }
details { margin: .5rem 0; } summary { cursor: pointer; }
`;

export function renderHtml(comparison: Comparison, commandOf: (path: string) => string): string {
  const { model, designs, scenes, matrix, byScene, unfinished, runs, elapsedMs } = comparison;
  const title = `${model}: ${plural(designs.length, 'design')} compared`;
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
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
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style></head>`,
    '<body>',
    ...body,
    '</body></html>',
    '',
  ].join('\n');
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

/** Names, titles and messages come from the model. */
function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? char);
}
