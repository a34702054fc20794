/** A run as a Mermaid sequence diagram: a lifeline a task, a note a step, an arrow where another task goes on. */
import type { Explanation } from './explanation.js';

/** Mermaid ends a statement at `;` and a comment starts with `%%`; its own entity codes stand for what it would read as syntax. */
const SPECIAL = /[;#<>{}%"]/g;

/** Starts with `sequenceDiagram`; ends with a line break. */
export function renderMermaid({ tasks, rows, record }: Explanation): string {
  const id = (task: number): string => `t${tasks.findIndex(({ slot }) => slot === task)}`;
  const lines = ['sequenceDiagram', ...tasks.map(({ slot, name }) => `  participant ${id(slot)} as ${escaped(name)}`)];
  let last = -1;
  for (const row of rows) {
    if (last >= 0 && last !== row.task) lines.push(`  ${id(last)}-->>${id(row.task)}: goes on`);
    last = row.task;
    if ('steps' in row)
      lines.push(`  Note over ${id(row.task)}: … (${row.steps} ${row.steps === 1 ? 'step' : 'steps'})`);
    else lines.push(`  Note over ${id(row.task)}: ${escaped(row.text)}${row.mark === '' ? '' : ` ⟸ ${row.mark}`}`);
  }
  const isMarked = rows.some((row) => 'mark' in row && row.mark !== '');
  const everybody = tasks.length > 1 ? `${id(tasks[0]?.slot ?? 0)},${id(tasks.at(-1)?.slot ?? 0)}` : 't0';
  if (!isMarked && tasks.length > 0) lines.push(`  Note over ${everybody}: ${escaped(record.title)}`);
  return `${lines.join('\n')}\n`;
}

function escaped(text: string): string {
  return text.replace(SPECIAL, (character) => `#${character.charCodeAt(0)};`);
}
