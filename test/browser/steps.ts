/** Steps of a run: as the viewer shows them, and as the text diagram has them. */
import type { Page } from 'playwright-core';

/** What a text diagram says of each of its rows: task, and `function: access`. */
export function diagramRows(diagram: string): { task: string; text: string }[] {
  const lines = diagram.split('\n');
  const rule = lines.findIndex((line) => /^-+( +-+)*$/.test(line));
  const starts = [...(lines[rule] ?? '').matchAll(/-+/g)].map(({ index }) => index);
  const tasks = starts.map((start, i) => (lines[rule - 1] ?? '').slice(start, starts[i + 1]).trim());
  const rows = lines.slice(rule + 1, lines.indexOf('', rule + 1));
  return rows.map((line) => {
    const column = starts.findLastIndex((start) => line.slice(0, start).trim() === '');
    return { task: tasks[column] ?? '', text: line.trim() };
  });
}

/** What the viewer shows now: lane and words of the step, as a reader sees them. */
export async function shown(page: Page): Promise<{ task: string | null; text: string | null }> {
  const card = page.locator('.hv-card');
  return {
    task: await card.locator('.hv-lane-name').textContent(),
    text: await card.locator('.hv-what').first().textContent(),
  };
}
