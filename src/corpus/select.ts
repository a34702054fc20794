/** Small sets of entries that have all features of many. Pure and deterministic. */

export interface Featured {
  readonly id: string;
  readonly features: readonly number[];
  /** Decisions, or what else makes one of equal worth better. */
  readonly size: number;
}

/**
 * The entries, in the order in which they are chosen, that together have every feature: the one that adds most, then the smallest, then the
 * lowest id (greedy set cover); then those whose features the others have all the same are dropped. No entry of the result can be left out.
 */
export function cover(list: readonly Featured[]): Featured[] {
  const entries = list.map((entry) => ({ ...entry, features: [...new Set(entry.features)] }));
  const open = new Set(entries.flatMap(({ features }) => features));
  const order = [...entries].sort((a, b) => a.size - b.size || (a.id < b.id ? -1 : 1));
  const chosen: Featured[] = [];
  while (open.size > 0) {
    let best: Featured | undefined;
    let most = 0;
    for (const entry of order) {
      const gain = entry.features.reduce((sum, feature) => sum + (open.has(feature) ? 1 : 0), 0);
      if (gain > most) [best, most] = [entry, gain];
    }
    if (!best) break;
    chosen.push(best);
    for (const feature of best.features) open.delete(feature);
  }
  return withoutSuperfluous(chosen);
}

function withoutSuperfluous(chosen: readonly Featured[]): Featured[] {
  const carriers = new Map<number, number>();
  for (const { features } of chosen) for (const f of features) carriers.set(f, (carriers.get(f) ?? 0) + 1);
  return chosen.filter(({ features }) => {
    if (features.some((f) => carriers.get(f) === 1)) return true;
    for (const f of features) carriers.set(f, (carriers.get(f) ?? 0) - 1);
    return false;
  });
}

/** Entries that add a feature to `seen`, in the order of their ids, whatever order they come in. Adds to `seen`. */
export function union<T extends { readonly id: string; readonly features: readonly number[] }>(
  entries: readonly T[],
  seen: Set<number>,
): T[] {
  const order = [...entries].sort((a, b) => (a.id < b.id ? -1 : 1));
  return order.filter(({ features }) => {
    const fresh = features.filter((feature) => !seen.has(feature));
    for (const feature of fresh) seen.add(feature);
    return fresh.length > 0;
  });
}
