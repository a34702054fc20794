/** What one execution covers, apart from all that came before it. */

/** The features, sorted, of the execution that `make` makes, as if the map were empty. Afterwards the map has what it had and these. */
export function coveredApart<T>(map: Uint8Array, make: () => T): { readonly made: T; readonly features: number[] } {
  const all = map.slice();
  map.fill(0);
  const made = make();
  const features: number[] = [];
  for (let i = 0; i < map.length; i++) {
    if (!map[i]) continue;
    features.push(i);
    all[i] = (all[i] ?? 0) | (map[i] ?? 0);
  }
  map.set(all);
  return { made, features };
}
