/**
 * Reads a diagram as `explain` prints it, or as it is typed into a commit message: one column a task, time goes down, one line a step. Pure: what
 * the lines mean for a model is found out by `place-diagram.ts`.
 */
import { HeddleError } from '../errors.js';

/** One step. */
export interface DiagramRow {
  /** Line of the file, from 1. */
  readonly line: number;
  /** Index of the column. */
  readonly column: number;
  /** `transfer: Account.balance read`, without numbers of objects, values and marks. */
  readonly text: string;
  /** As it stands there, its lines joined. */
  readonly printed: string;
  readonly kind: 'step' | 'gap';
  /** Of a gap: how many steps are not shown; 0 if it does not say. */
  readonly hidden: number;
}

export interface Diagram {
  readonly origin: string;
  /** Tasks by column, as they are named: `bind(0)`. */
  readonly columns: readonly string[];
  /** Line of the column heads. */
  readonly line: number;
  readonly rows: readonly DiagramRow[];
  /** From lines above it; empty if there are none. */
  readonly model: string;
  readonly design: string;
  readonly scene: string;
  readonly options: Readonly<Record<string, number>>;
}

const DASHES = /^\s*-{2,}(\s+-{2,})*\s*$/;
const HEAD = /^\s*(model|design|scene)\s+("[^"]*"|\S+)\s*$/;
const OPTION = /^\s*option\s+(\S+)\s+(-?\d+)\s*$/;
/** How a report says it. */
const REPORT_HEAD = /^\s*design\s+(\S+), scene (.+?)\s*$/;
const KEYWORD = /^\s*(heddle-schedule|model|design|scene|option|event|switch|choose)\s/;
const COMMENT = /^\s*#(\s|$)/;
const MARK = /\s*<==.*$/;
const GAP = /^(?:…|\.\.\.)(?: \((\d+) steps?\))?$/;
/** What follows the diagram in a report. */
const AFTER =
  /^\s*(=>|(Failed at|Invariant|Message|Object|Allocated by|Freed by|And|Races with|Other order|Woken by|Goes on|Each of these|Nobody can|The schedule|It needs no|To see it|In words|Orders that)(?=\s|:$))/;
/** Further lines of a step that was too long are indented by so much. */
const WRAPPED = 4;

/** Whether a text is meant as a diagram, not as a schedule. */
export function isDiagram(text: string): boolean {
  const lines = text.split(/\r?\n/);
  if (lines.some((line) => DASHES.test(line))) return true;
  return (
    !lines.some((line) => /^\s*(event|switch|heddle-schedule)\s/.test(line)) &&
    lines.some((line) => !COMMENT.test(line) && !KEYWORD.test(line) && /\S\s{2,}\S/.test(line))
  );
}

/** @throws HeddleError HDL_SCHEDULE_SYNTAX naming file and line. */
export function parseDiagram(text: string, origin: string): Diagram {
  const lines = text.split(/\r?\n/).map(withoutTabs);
  const dashes = lines.findIndex((line) => DASHES.test(line));
  const isHead = (line: string): boolean =>
    line.trim() === '' || COMMENT.test(line) || HEAD.test(line) || OPTION.test(line);
  const at = dashes > 0 ? dashes - 1 : lines.findIndex((line) => !isHead(line));
  const header = lines[at] ?? '';
  if (header.trim() === '') throw syntax(origin, Math.max(1, at + 1), 'there is no line with the names of the tasks');
  const columns = [...header.matchAll(/\S+(?: \S+)*/g)].map(({ 0: name, index }) => ({ name, start: index }));
  const rows = readRows(lines, dashes > 0 ? dashes + 1 : at + 1, columns, origin);
  if (rows.length === 0) throw syntax(origin, at + 1, 'there is no step below the names of the tasks');
  return { origin, columns: columns.map(({ name }) => name), line: at + 1, rows, ...headOf(lines.slice(0, at)) };
}

interface Column {
  readonly name: string;
  readonly start: number;
}

function readRows(lines: readonly string[], from: number, columns: readonly Column[], origin: string): DiagramRow[] {
  const rows: DiagramRow[] = [];
  for (let i = from; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line.trim() === '' || COMMENT.test(line)) continue;
    if (AFTER.test(line)) break;
    const indent = line.search(/\S/);
    const column = Math.max(
      0,
      columns.findLastIndex(({ start }) => start <= indent + 1),
    );
    const chunks = line
      .replace(MARK, '')
      .trim()
      .split(/\s{2,}/);
    if (chunks.length > 1)
      throw syntax(origin, i + 1, `one line is one step; here are ${chunks.length}: ${chunks.join(' | ')}`);
    const content = line.trim();
    const last = rows.at(-1);
    // A name that is longer than a line is cut before its colon.
    const isCut = last?.kind === 'step' && !last.text.includes(':');
    const isWrapped = indent - (columns[column]?.start ?? 0) === WRAPPED && (isCut || !/^[\w$.<>]+: /.test(content));
    if (isWrapped && last?.column === column && last.kind === 'step') {
      const printed = `${last.printed}${content}`;
      rows[rows.length - 1] = { ...last, text: plainStep(`${last.text}${isCut ? '' : ' '}${content}`), printed };
      continue;
    }
    const gap = GAP.exec(content);
    const base = { line: i + 1, column, printed: content };
    if (gap) rows.push({ ...base, kind: 'gap', text: '', hidden: Number(gap[1] ?? 0) });
    else rows.push({ ...base, kind: 'step', text: plainStep(content), hidden: 0 });
  }
  return rows;
}

/** Without marks, numbers of objects and spaces: a narrow column breaks long words, and then nothing tells where a space was. */
export function printedStep(text: string): string {
  return text.replace(MARK, '').replaceAll(/#\d+|\s+/g, '');
}

/** Without what depends on the run: numbers of objects, values, marks. `read x`, `load x` and `x load` are `x read`. */
export function plainStep(text: string): string {
  const plain = text.replace(MARK, '').replaceAll(/#\d+/g, '').trim();
  const [, where = '', what = plain] = /^([\w$.<>]+: )?(.*)$/.exec(plain) ?? [];
  const words: Readonly<Record<string, string>> = { load: 'read', store: 'write' };
  const said = what
    .replace(/^(read|write|load|store) (\S+)/, '$2 $1')
    .replace(
      /^(\S+) (read|write|load|store)\b.*$/,
      (_, name: string, word: string) => `${name} ${words[word] ?? word}`,
    );
  return `${where}${said}`;
}

function headOf(lines: readonly string[]): Pick<Diagram, 'model' | 'design' | 'scene' | 'options'> {
  const head = { model: '', design: '', scene: '' };
  const options: Record<string, number> = {};
  for (const line of lines) {
    const found = HEAD.exec(line);
    const report = REPORT_HEAD.exec(line);
    const option = OPTION.exec(line);
    if (report) Object.assign(head, { design: report[1], scene: report[2] });
    else if (found) head[found[1] as keyof typeof head] = (found[2] ?? '').replaceAll('"', '');
    else if (option?.[1]) options[option[1]] = Number(option[2]);
  }
  return { ...head, options };
}

function withoutTabs(line: string): string {
  let out = '';
  for (const char of line) out += char === '\t' ? ' '.repeat(8 - (out.length % 8)) : char;
  return out;
}

function syntax(origin: string, line: number, message: string): HeddleError {
  return new HeddleError('HDL_SCHEDULE_SYNTAX', `${origin}:${line}: ${message}`, {
    hint: 'A diagram has one column a task, its name on top, and one step a line: docs/explaining.md',
  });
}
