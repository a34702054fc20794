/** The campaign's corpus in memory: which entry is worth another look. */
import type { SeenChoice } from '../schedule/draft.js';
import type { Random } from '../schedule/prng.js';
import type { HotSchedule } from '../schedule/schedule.js';

export interface Entry {
  readonly id: string;
  readonly scene: string;
  readonly schedule: HotSchedule;
  readonly steps: readonly number[];
  readonly choices: readonly SeenChoice[];
  readonly features: readonly number[];
  /** Times it was a parent. */
  chosen: number;
  /** Entries that came of it. */
  children: number;
}

export class Entries {
  private readonly list: Entry[] = [];
  private readonly byId = new Map<string, Entry>();
  /** How many entries show each feature: rare ones make an entry worth more. */
  private readonly carriers = new Map<number, number>();

  get size(): number {
    return this.list.length;
  }

  add(entry: Entry): void {
    this.list.push(entry);
    this.byId.set(entry.id, entry);
    for (const feature of entry.features) this.carriers.set(feature, (this.carriers.get(feature) ?? 0) + 1);
  }

  find(id: string): Entry | undefined {
    return this.byId.get(id);
  }

  /**
   * A parent: likelier the rarer its rarest feature, the more came of it and the less often it was chosen. Entries with a scene that is
   * not `scene` (null: any) are passed over.
   */
  pick(random: Random, scene: string | null): Entry | undefined {
    const fit = scene === null ? this.list : this.list.filter((entry) => entry.scene === scene);
    const weights = fit.map((entry) => this.energy(entry));
    let rest = (random.u32() / 2 ** 32) * weights.reduce((sum, w) => sum + w, 0);
    const index = weights.findIndex((w) => {
      rest -= w;
      return rest < 0;
    });
    return fit[index] ?? fit.at(-1);
  }

  private energy(entry: Entry): number {
    let rarest = Number.POSITIVE_INFINITY;
    for (const feature of entry.features) rarest = Math.min(rarest, this.carriers.get(feature) ?? 1);
    return (1 + entry.children) / ((1 + entry.chosen) * (Number.isFinite(rarest) ? rarest : 1));
  }
}
