/**
 * The diagram of a run as commit messages of the kernel have it: one column a task, time goes down, one line a step, in the model's own
 * names. Plain text without colour.
 */
import { taskName } from '../findings/place.js';
import { titleOf } from '../findings/title.js';
import { type Gap, type Row, rowsOf, type Scene } from './rows.js';

const WIDTH = 100;
const COLUMN_MIN = 26;
const SPACE = 2;

/** Lines end without spaces and there is no line break after the last one; empty for a run without steps. */
export function renderDiagram(scene: Scene): string {
  const rows = rowsOf(scene);
  const tasks = [...new Set(rows.map(({ task }) => task))].sort((a, b) => a - b);
  const headers = headersOf(tasks, scene);
  const cells = rows.map((row) => ({ column: tasks.indexOf(row.task), text: textOf(row) }));
  const available = Math.floor((WIDTH - SPACE * (tasks.length - 1)) / Math.max(1, tasks.length));
  const limit = tasks.length === 1 ? WIDTH : Math.max(COLUMN_MIN, available);
  const widths = headers.map((header, column) => {
    const longest = Math.max(header.length, ...cells.filter((cell) => cell.column === column).map(({ text }) => text.length));
    return Math.min(limit, longest);
  });
  const lines = [joinColumns(headers.map((header, i) => header.slice(0, widths[i])), widths), joinColumns(widths.map((width) => '-'.repeat(width)), widths)];
  for (const { column, text } of cells) {
    const width = widths[column] ?? limit;
    for (const line of wrap(text, width)) lines.push(joinColumns(widths.map((_, i) => (i === column ? line : '')), widths));
  }
  const { finding, manifest } = scene;
  if (finding && !rows.some((row) => 'mark' in row && row.mark === finding.kind)) lines.push('', `=> ${titleOf(finding, manifest)}`);
  return rows.length === 0 ? '' : lines.join('\n');
}

/** Task names; two tasks of the same name get their slot behind it. */
function headersOf(tasks: readonly number[], { tasks: infos }: Scene): string[] {
  const names = tasks.map((slot) => taskName(infos, slot));
  return names.map((name, i) => {
    const isShared = names.some((other, k) => k !== i && other === name);
    const path = infos.find(({ slot }) => slot === tasks[i])?.path ?? '';
    return isShared ? `${name} [task ${path}]` : name;
  });
}

function textOf(row: Row | Gap): string {
  if ('steps' in row) return `… (${row.steps} ${row.steps === 1 ? 'step' : 'steps'})`;
  return row.mark === '' ? row.text : `${row.text}  <== ${row.mark}`;
}

function joinColumns(texts: readonly string[], widths: readonly number[]): string {
  return texts
    .map((text, i) => text.padEnd((widths[i] ?? 0) + SPACE))
    .join('')
    .trimEnd();
}

/** Breaks at spaces, within a word only if it is longer than a line; further lines are indented. */
function wrap(text: string, width: number): string[] {
  const INDENT = '    ';
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const at = space > INDENT.length ? space : width;
    lines.push(rest.slice(0, at).trimEnd());
    rest = INDENT + rest.slice(at).trimStart();
  }
  return [...lines, rest];
}
