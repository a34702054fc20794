/** Source map v3 of a Wasm module: byte offset → place. */

export interface Place {
  readonly offset: number;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Lines and columns count from 1. Sorted by offset, as the format has it. */
export function readSourceMap(json: string): Place[] {
  const map = JSON.parse(json) as { sources: string[]; mappings: string };
  const places: Place[] = [];
  let offset = 0;
  let source = 0;
  let line = 0;
  let column = 0;
  for (const segment of map.mappings.split(',')) {
    const [o = 0, s, l = 0, c = 0] = vlq(segment);
    offset += o;
    if (s === undefined) continue;
    source += s;
    line += l;
    column += c;
    places.push({ offset, file: map.sources[source] ?? '', line: line + 1, column: column + 1 });
  }
  return places;
}

function vlq(text: string): number[] {
  const values: number[] = [];
  let value = 0;
  let shift = 0;
  for (const digit of text) {
    const bits = DIGITS.indexOf(digit);
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    values.push(value & 1 ? -(value >>> 1) : value >>> 1);
    value = 0;
    shift = 0;
  }
  return values;
}

export const isModelFile = (file: string): boolean => !file.startsWith('~lib/');

/**
 * The last place at or before `offset` in its function, the bytes from `start` to `end`; only in files that `accept` lets pass, so that
 * inlined library code counts as the line that uses it. What the compiler made up may come before the first place of its function: then
 * that one.
 */
export function locate(
  places: readonly Place[],
  offset: number,
  { start, end }: { readonly start: number; readonly end: number },
  accept: (file: string) => boolean = () => true,
): Place | undefined {
  let low = 0;
  for (let high = places.length; low < high; ) {
    const middle = (low + high) >> 1;
    const place = places[middle];
    if (place && place.offset <= offset) low = middle + 1;
    else high = middle;
  }
  for (let i = low - 1; i >= 0; i--) {
    const place = places[i];
    if (!place || place.offset < start) break;
    if (accept(place.file)) return place;
  }
  for (let place = places[low]; place && place.offset < end; place = places[++low])
    if (accept(place.file)) return place;
  return undefined;
}
