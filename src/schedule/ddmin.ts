/**
 * Delta debugging over a list (Zeller and Hildebrandt's ddmin, without the subset step: a kept subset is a deleted
 * complement).
 */

/**
 * Tries to delete chunks of the list, from the whole list down to single items, and keeps going until no single item
 * can go. `tryWithout` gets the items to keep and answers the list to go on with, at most as long, or `null` if all of
 * them were needed. The answer is 1-minimal unless `tryWithout` gave up early.
 */
export function reduceList<T>(
  list: readonly T[],
  tryWithout: (kept: readonly T[]) => readonly T[] | null,
): readonly T[] {
  let items = list;
  let size = items.length;
  while (size > 0 && items.length > 0) {
    const before = items;
    for (let start = 0; start < items.length; ) {
      // Going on at the same place is right whether or not the chunk went: if it went, the next one moved here.
      const kept = [...items.slice(0, start), ...items.slice(start + size)];
      const result = tryWithout(kept);
      if (result === null) start += size;
      else items = result;
    }
    if (size > 1) size = Math.min(Math.ceil(size / 2), Math.max(1, items.length));
    else if (items === before) size = 0;
  }
  return items;
}

/** Tries to delete two items at once: finds what single deletions cannot, such as a switch away and the switch back. */
export function reducePairs<T>(
  list: readonly T[],
  tryWithout: (kept: readonly T[]) => readonly T[] | null,
): readonly T[] {
  let items = list;
  for (let i = 0; i < items.length; i += 1) {
    for (let k = i + 1; k < items.length; k += 1) {
      const kept = items.filter((_, at) => at !== i && at !== k);
      const result = tryWithout(kept);
      if (result === null) continue;
      items = result;
      // Any pair may have become possible.
      i = -1;
      break;
    }
  }
  return items;
}
