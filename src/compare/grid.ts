/** A table for terminals: columns as wide as they must be, long cells broken into lines. Pure. */

export interface GridCell {
  readonly text: string;
  /** Applied after padding: colour codes have no width. */
  readonly paint?: ((text: string) => string) | undefined;
}

const SPACE = 2;

/** Lines without trailing spaces. The first row is the head; a rule follows it. */
export function grid(rows: readonly (readonly GridCell[])[], widthMax: number): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const broken = rows.map((row) => Array.from({ length: columns }, (_, i) => wrap(row[i]?.text ?? '', widthMax)));
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(0, ...broken.flatMap((row) => (row[i] ?? []).map((line) => [...line].length))),
  );
  const lines: string[] = [];
  for (const [r, row] of broken.entries()) {
    const height = Math.max(1, ...row.map((cell) => cell.length));
    for (let line = 0; line < height; line++) {
      const parts = row.map((cell, i) => {
        const text = cell[line] ?? '';
        const isLast = row.slice(i + 1).every((later) => (later[line] ?? '') === '');
        const space = isLast ? '' : ' '.repeat((widths[i] ?? 0) - [...text].length + SPACE);
        const paint = rows[r]?.[i]?.paint;
        return `${paint && text !== '' ? paint(text) : text}${space}`;
      });
      lines.push(parts.join('').trimEnd());
    }
    if (r === 0) lines.push(widths.map((width) => '-'.repeat(width)).join(' '.repeat(SPACE)));
  }
  return lines;
}

/** At line breaks, and at spaces where a line would be too long; a word that is longer stays whole. */
function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if ([...longer].length <= width || line === '') line = longer;
      else {
        lines.push(line);
        line = word;
      }
    }
    return [...lines, line];
  });
}
