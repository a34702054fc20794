/** Numbers and durations as people read them. Pure. */

const UNITS = ['', ' k', ' M', ' G', ' T'] as const;

/** Four significant digits at most: `0`, `981`, `12.3 k`, `27.4 M`. */
export function formatShort(value: number): string {
  if (!Number.isFinite(value)) return '-';
  let scaled = Math.abs(value);
  let unit = 0;
  while (scaled >= 999.5 && unit < UNITS.length - 1) {
    scaled /= 1000;
    unit++;
  }
  const digits =
    unit === 0 ? String(Math.round(scaled)) : scaled < 99.95 ? scaled.toFixed(1) : String(Math.round(scaled));
  return `${value < 0 ? '-' : ''}${digits}${UNITS[unit] ?? ''}`;
}

/** All digits: `1,234,567`. */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `0.4 s`, `12 s`, `3 min 05 s`, `2 h 14 min`, `3 d 02 h`. */
export function formatDuration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const two = (n: number): string => String(n).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${two(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
}

/** `37 %`; `-` when there is nothing to divide by. */
export function formatShare(part: number, whole: number): string {
  return whole > 0 ? `${Math.floor((100 * part) / whole)} %` : '-';
}

/** `1 finding`, `2 findings`. */
export function plural(n: number, noun: string, many = `${noun}s`): string {
  return `${formatCount(n)} ${n === 1 ? noun : many}`;
}

/** Display width of what we print: one column a code point, colour codes none. */
export function visibleLength(text: string): number {
  return [...stripColours(text)].length;
}

/** Without colour codes. */
export function stripColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what colour codes begin with
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}

/** Cut to `width` columns with an ellipsis. Only for text without colours. */
export function truncate(text: string, width: number): string {
  const points = [...text];
  return points.length <= width ? text : `${points.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** What a search that processes share is of; its name where nobody has said. */
export function searchTitle(
  name: string,
  about: { readonly model: string; readonly design: string; readonly scene: string } | null,
): string {
  return about ? `${about.model} ${about.design}, ${about.scene}` : name;
}
