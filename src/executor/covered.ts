/** What one execution covers, apart from all that came before it. */

/**
 * The features, sorted, of the execution that `make` makes, as if the map were empty. Afterwards the map has what it had and these. The map
 * begins and ends at a multiple of four bytes.
 */
export function coveredApart<T>(map: Uint8Array, make: () => T): { readonly made: T; readonly features: number[] } {
  const before = map.slice();
  map.fill(0);
  const made = make();
  const features: number[] = [];
  // An execution covers little: most words are 0.
  const words = new Uint32Array(map.buffer, map.byteOffset, map.length >> 2);
  for (let w = 0; w < words.length; w++) {
    if (words[w] === 0) continue;
    for (let i = 4 * w; i < 4 * w + 4; i++) if (map[i]) features.push(i);
  }
  map.set(before);
  for (const i of features) map[i] = 1;
  return { made, features };
}
