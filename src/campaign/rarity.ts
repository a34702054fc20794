/**
 * How rare each entry of a corpus is: how many entries have its rarest feature. Kept as entries come, since a campaign that runs for days has
 * thousands of entries with thousands of features each, and draws a parent hundreds of times a second.
 */
import { MEMORY } from '../executor/layout.js';

export interface Rare {
  /** All that its own execution reaches, without repetition. */
  readonly features: Uint16Array;
  /** How many entries have its rarest feature, itself included; 1 without features. `Rarity` keeps it. */
  rarity: number;
}

export class Rarity {
  private readonly counts = new Uint32Array(MEMORY.COVERAGE_SIZE);
  /** Entries by the feature that was their rarest when it was last looked for. Only if that one gets more frequent can another be. */
  private readonly byRarest = new Map<number, Rare[]>();

  add(entry: Rare): void {
    const unsettled = [entry];
    for (const feature of entry.features) {
      this.counts[feature] = (this.counts[feature] ?? 0) + 1;
      const held = this.byRarest.get(feature);
      if (held === undefined) continue;
      this.byRarest.delete(feature);
      unsettled.push(...held);
    }
    for (const one of unsettled) this.settle(one);
  }

  private settle(entry: Rare): void {
    let rarest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const feature of entry.features) {
      const count = this.counts[feature] ?? 0;
      if (count >= least) continue;
      least = count;
      rarest = feature;
    }
    entry.rarity = rarest < 0 ? 1 : least;
    if (rarest < 0) return;
    const held = this.byRarest.get(rarest);
    if (held) held.push(entry);
    else this.byRarest.set(rarest, [entry]);
  }
}
