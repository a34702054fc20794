/** A comparison as Markdown, to be pasted into a mail or an issue. Pure. */
import { plural } from '../ui/format.js';
import { droppedText, explanationText, outcomeText } from './explain.js';
import { counterTables, type Table } from './tables.js';
import type { Cell, Comparison, Explanation } from './types.js';
import { cellWords, doubtWords, footWords, runWords } from './words.js';

export function renderMarkdown(comparison: Comparison, commandOf: (path: string) => string): string {
  const { model, designs, scenes, matrix, byScene, unfinished, runs } = comparison;
  const parts = [
    [`## ${model}: ${plural(designs.length, 'design')}, ${plural(scenes.length, 'scene')}`],
    ...(unfinished.length > 0
      ? [[`**Incomplete: it was interrupted.** Cut short or left out: ${unfinished.map(text).join('; ')}.`]]
      : []),
    matrixTable(comparison, matrix.cells, commandOf),
    matrix.rows.filter(({ title }) => title !== '').map(({ name, title }) => `- ${text(name)}: ${text(title)}`),
    ...(scenes.length > 1
      ? byScene.map(({ scene, cells }) => [`### Scene ${text(scene)}`, '', ...matrixTable(comparison, cells, null)])
      : []),
    ['### What was run', '', ...runs.map((run) => `- ${text(run.design)}, ${text(run.scene)}: ${text(runWords(run))}`)],
    ...comparison.explanations.map((explanation) => explanationPart(explanation, commandOf)),
    ...counterTables(comparison).map((table) => [`### ${text(table.title)}`, '', ...markdownTable(table)]),
    [...doubtWords(comparison), ...footWords(comparison)].map((line) => `- ${text(line)}`),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function matrixTable(
  { matrix, designs }: Comparison,
  cells: readonly (readonly Cell[])[],
  commandOf: ((path: string) => string) | null,
): string[] {
  const rows = matrix.rows.map(({ name }, r) => [
    text(name),
    ...(cells[r] ?? []).map((cell) => cellText(cell, commandOf)),
  ]);
  return lines(['symptom', ...designs.map(text)], rows);
}

function cellText(cell: Cell, commandOf: ((path: string) => string) | null): string {
  const { mark, detail } = cellWords(cell);
  const isFound = cell.verdict === 'found';
  const link = isFound ? `[${mark}](${encodeURI(`${cell.first.folder}/min.sched`)})` : mark;
  const command = isFound && commandOf ? `<br>${code(commandOf(cell.first.folder))}` : '';
  return `${isFound ? `**${link}**` : link}${detail === '' ? '' : `<br>${text(detail)}`}${command}`;
}

function explanationPart({ pair, found, reason }: Explanation, commandOf: (path: string) => string): string[] {
  const head = `### ${text(pair[0])} and ${text(pair[1])}`;
  if (found === null) return [head, '', `No schedule tells them apart: ${reason}.`];
  const { fails, other, finding, folder } = found;
  return [
    head,
    '',
    `${text(finding.record.title)} in ${text(fails)}; with the same decisions${droppedText(found)} ${text(other)} ${text(outcomeText(found))}.`,
    '',
    ...fenced(explanationText(found)),
    '',
    ...fenced(`${commandOf(`${folder}/fails.sched`)}\n${commandOf(`${folder}/other.sched`)}`),
  ];
}

/** Of plain text; the cells are escaped. */
export function markdownTable({ head, rows }: Table): string[] {
  return lines(
    head.map(text),
    rows.map((row) => row.map(text)),
  );
}

function lines(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** So that a name of a model cannot become markup, or end a cell. */
function text(plain: string): string {
  return plain.replaceAll(/[\\`*_{}[\]<>|~#]/g, '\\$&').replaceAll('\n', ' ');
}

/** Within a table a bar ends the cell, even in code. */
function code(plain: string): string {
  return plain.includes('`') ? text(plain) : `\`${plain.replaceAll('|', '\\|')}\``;
}

/** A fence that is longer than any in the text. */
function fenced(plain: string): string[] {
  const longest = Math.max(2, ...[...plain.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...plain.split('\n'), fence];
}
