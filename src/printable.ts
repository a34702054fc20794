/** Text that others have written, for a line of a terminal: what would move its cursor, colour it, hide or reorder text is shown as an escape. */

const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** One line of at most `max` characters; escapes are JSON's. */
export function printable(text: string, max = 300): string {
  const points = [...text.slice(0, 2 * max)];
  const cut = text.length > 2 * max || points.length > max ? `${points.slice(0, max - 1).join('')}…` : text;
  return cut.replace(HIDDEN, (char) => {
    const hex = (char.codePointAt(0) ?? 0).toString(16);
    return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
  });
}
