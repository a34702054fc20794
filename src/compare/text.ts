/** A comparison for the terminal. Pure. */
import type { Colors } from 'picocolors/types.js';
import { findingId } from '../findings/store.js';
import { formatDuration, plural } from '../ui/format.js';
import { explanationText } from './explain.js';
import { type GridCell, grid } from './grid.js';
import { counterTables } from './tables.js';
import type { Cell, Comparison, Explanation, SeenFinding } from './types.js';
import { cellWords, doubtWords, footWords, runWords } from './words.js';

/** Columns of a cell before it is broken into lines. */
const CELL_WIDTH = 24;
const FIRST_WIDTH = 34;

/** `commandOf` makes the line to paste from a finding's folder or a schedule's file. */
export function renderText(comparison: Comparison, commandOf: (path: string) => string, colors: Colors): string {
  const { model, designs, scenes, matrix, byScene, unfinished, elapsedMs } = comparison;
  const parts = [
    [
      colors.bold(
        `${model}: ${plural(designs.length, 'design')}, ${plural(scenes.length, 'scene')}, ${formatDuration(elapsedMs)}`,
      ),
    ],
    ...(unfinished.length > 0 ? [incomplete(unfinished, colors)] : []),
    matrixLines(comparison, matrix.cells, colors),
    ...(scenes.length > 1
      ? byScene.map(({ scene, cells }) => [colors.bold(`scene ${scene}`), ...matrixLines(comparison, cells, colors)])
      : []),
    comparison.runs.map((run) => `${colors.bold(`${run.design}, ${run.scene}`)}: ${runWords(run)}`),
    findingLines(comparison, commandOf, colors),
    ...comparison.explanations.map((explanation) => explanationLines(explanation, commandOf, colors)),
    ...counterTables(comparison).map(({ title, head, rows }) => [
      colors.bold(title),
      ...grid(
        [head, ...rows].map((row) => row.map((text) => ({ text }))),
        FIRST_WIDTH,
      ),
    ]),
    [...doubtWords(comparison), ...footWords(comparison)].map((line) => colors.dim(line)),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function incomplete(unfinished: readonly string[], colors: Colors): string[] {
  const shown = unfinished.slice(0, 8).join('; ');
  const rest = unfinished.length > 8 ? ` and ${unfinished.length - 8} more` : '';
  return [colors.yellow(`INCOMPLETE, it was interrupted. Cut short or left out: ${shown}${rest}`)];
}

function matrixLines({ matrix, designs }: Comparison, cells: readonly (readonly Cell[])[], colors: Colors): string[] {
  const paint = { found: colors.red, absent: colors.green, 'not-found': undefined, 'not-run': colors.dim };
  const rows = matrix.rows.map(({ name }, r): GridCell[] => [
    { text: name },
    ...(cells[r] ?? []).map((cell): GridCell => {
      const { mark, detail } = cellWords(cell);
      return { text: detail === '' ? mark : `${mark}\n${detail}`, paint: paint[cell.verdict] };
    }),
  ]);
  return grid([['', ...designs].map((text) => ({ text })), ...rows], CELL_WIDTH);
}

/** The first finding of each cell that says `found`, with the command to see it. */
function findingLines({ matrix, designs }: Comparison, commandOf: (path: string) => string, colors: Colors): string[] {
  return matrix.rows.flatMap(({ name }, r) =>
    designs.flatMap((design, d) => {
      const cell = matrix.cells[r]?.[d];
      if (cell?.verdict !== 'found') return [];
      return [`${name}, ${design}: ${seenText(cell.first, name)}`, `  ${colors.cyan(commandOf(cell.first.folder))}`];
    }),
  );
}

function seenText({ record, scene }: SeenFinding, row: string): string {
  const title = record.title === row ? '' : `${record.title}, `;
  return `${title}${findingId(record)}, ${plural(record.preemptions, 'preemption')}, scene ${scene}`;
}

function explanationLines(
  { pair, found, reason }: Explanation,
  commandOf: (path: string) => string,
  colors: Colors,
): string[] {
  const head = colors.bold(`${pair[0]} and ${pair[1]}`);
  if (found === null) return [`${head}: no schedule tells them apart: ${reason}`];
  return [
    `${head}, told apart by one schedule:`,
    '',
    ...explanationText(found)
      .split('\n')
      .map((line) => (line === '' ? '' : `  ${line}`)),
    '',
    `  ${colors.cyan(commandOf(`${found.folder}/fails.sched`))}`,
    `  ${colors.cyan(commandOf(`${found.folder}/other.sched`))}`,
  ];
}
