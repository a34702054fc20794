/** Medians and text tables. */

export const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

/** Slope of y over x by least squares. */
export function slope(samples) {
  const n = samples.length;
  const mx = samples.reduce((sum, [x]) => sum + x, 0) / n;
  const my = samples.reduce((sum, [, y]) => sum + y, 0) / n;
  const xy = samples.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return xy / samples.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}

/** Rounded for people and for JSON. */
export const round = (value, digits = 2) => (value === null ? null : Number(value.toFixed(digits)));

/** @param rows the first is the head; the first column is text, the others are numbers or text */
export function table(rows, markdown) {
  const text = rows.map((row) => row.map((cell) => (cell === null || cell === undefined ? '–' : String(cell))));
  if (markdown) {
    const [head, ...body] = text.map((row) => `| ${row.join(' | ')} |`);
    return [head, `|${text[0].map((_, i) => (i ? '---:' : '---')).join('|')}|`, ...body].join('\n');
  }
  const widths = text[0].map((_, i) => Math.max(...text.map((row) => (row[i] ?? '').length)));
  const line = (row) => row.map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  ');
  return text.map((row) => line(row).trimEnd()).join('\n');
}

/** 1234567 → 1.23 M */
export function short(n) {
  if (n === null || n === undefined) return null;
  if (n >= 1e6) return `${(n / 1e6).toFixed(2)} M`;
  return n >= 1e3 ? `${(n / 1e3).toFixed(1)} k` : n.toFixed(0);
}
