/**
 * The diagram of a run as commit messages of the kernel have it: one column a task, time goes down, one line a step, in the model's own
 * names. Plain text without colour.
 */
import { MEMORY } from '../executor/layout.js';
import { INVARIANTS, taskName } from '../findings/place.js';
import { titleOf } from '../findings/title.js';
import { type Gap, type Row, rowsOf, type Scene } from './rows.js';

const WIDTH = 100;
const COLUMN_MIN = 26;
const SPACE = 2;
/** Stands for a space where no line may end. */
const UNBROKEN = '\u00a0';

/** Lines end without spaces and there is no line break after the last one; empty for a run without steps and finding. */
export function renderDiagram(scene: Scene): string {
  const { finding, manifest } = scene;
  const rows = rowsOf(scene);
  const lines = rows.length > 0 ? columns(rows, scene) : [];
  const isMarked = rows.some((row) => 'mark' in row && row.mark === finding?.kind);
  if (finding === null || isMarked) return lines.join('\n');
  const title = `=> ${titleOf(finding, manifest, scene.tasks)}`;
  return [...lines, ...(lines.length > 0 ? [''] : []), title].join('\n');
}

/** The head and the rows, each in the column of its task. */
function columns(rows: readonly (Row | Gap)[], scene: Scene): string[] {
  const tasks = [...new Set(rows.map(({ task }) => task))].sort((a, b) => a - b);
  const headers = headersOf(tasks, scene);
  const cells = rows.map((row) => ({ column: tasks.indexOf(row.task), text: textOf(row) }));
  const share = Math.floor((WIDTH - SPACE * (tasks.length - 1)) / tasks.length);
  const limit = Math.max(COLUMN_MIN, share);
  const widths = headers.map((header, column) => {
    const texts = cells.filter((cell) => cell.column === column).map(({ text }) => text.length);
    return Math.min(limit, Math.max(header.length, ...texts));
  });
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, i) => text.padEnd((widths[i] ?? 0) + SPACE))
      .join('')
      .trimEnd();
  const lines = [
    line(headers.map((header, i) => header.slice(0, widths[i]))),
    line(widths.map((width) => '-'.repeat(width))),
  ];
  for (const { column, text } of cells) {
    const parts = wrap(text, widths[column] ?? limit);
    lines.push(...parts.map((part) => line(widths.map((_, i) => (i === column ? part : '')))));
  }
  return lines;
}

/** Task names; two tasks of the same name get their slot behind it. */
function headersOf(tasks: readonly number[], { tasks: infos }: Scene): string[] {
  const names = tasks.map((slot) => (slot >= MEMORY.TASKS_MAX ? INVARIANTS : taskName(infos, slot)));
  return names.map((name, i) => {
    const isShared = names.some((other, k) => k !== i && other === name);
    const path = infos.find(({ slot }) => slot === tasks[i])?.path ?? '';
    return isShared ? `${name} [task ${path}]` : name;
  });
}

function textOf(row: Row | Gap): string {
  if ('steps' in row) return `… (${row.steps} ${row.steps === 1 ? 'step' : 'steps'})`;
  return row.mark === '' ? row.text : `${row.text}  <==${UNBROKEN}${row.mark}`;
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
  return [...lines, rest].map((line) => line.replaceAll(UNBROKEN, ' '));
}
