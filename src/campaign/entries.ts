/** The campaign's corpus in memory: which entry is worth another look. */
import type { SeenChoice } from '../schedule/draft.js';
import type { Random } from '../schedule/prng.js';
import type { HotSchedule } from '../schedule/schedule.js';
import { type Candidate, type Energy, samplesOf, weigh } from './energy.js';

/** Counts of `Candidate` are the list's to change. */
export interface Entry extends Candidate {
  readonly id: string;
  readonly scene: string;
  readonly schedule: HotSchedule;
  readonly steps: readonly number[];
  readonly choices: readonly SeenChoice[];
  chosen: number;
  children: number;
  looked: number;
  readonly shown: Map<number, number>;
}

function count(counts: Map<number, number>, features: readonly number[]): void {
  for (const feature of features) counts.set(feature, (counts.get(feature) ?? 0) + 1);
}

export class Entries {
  private readonly list: Entry[] = [];
  private readonly byId = new Map<string, Entry>();
  private readonly frequencies = { carried: new Map<number, number>(), shown: new Map<number, number>() };
  /** Mutants of each stage that should be looked at, for `saw`; 0: nobody wants to know. */
  readonly samples: number;

  constructor(private readonly energy: Energy = 'rarest') {
    this.samples = samplesOf(energy);
  }

  get size(): number {
    return this.list.length;
  }

  add(entry: Entry): void {
    this.list.push(entry);
    this.byId.set(entry.id, entry);
    count(this.frequencies.carried, entry.features);
    count(this.frequencies.shown, entry.features);
    this.look(entry, entry.features);
  }

  /** A mutant of `parent` has become an entry. */
  bore(parent: string, features: readonly number[]): void {
    const entry = this.byId.get(parent);
    if (!entry) return;
    entry.children += 1;
    this.look(entry, features);
  }

  /** A mutant of `parent` has shown these features. */
  saw(parent: string, features: readonly number[]): void {
    const entry = this.byId.get(parent);
    if (!entry) return;
    count(this.frequencies.shown, features);
    this.look(entry, features);
  }

  private look(entry: Entry, features: readonly number[]): void {
    if (this.samples === 0) return;
    entry.looked += 1;
    count(entry.shown, features);
  }

  find(id: string): Entry | undefined {
    return this.byId.get(id);
  }

  /** A parent, drawn by energy. Entries with a scene that is not `scene` (null: any) are passed over. */
  pick(random: Random, scene: string | null): Entry | undefined {
    const fit = scene === null ? this.list : this.list.filter((entry) => entry.scene === scene);
    const weights = weigh(this.energy, fit, this.frequencies);
    let rest = (random.u32() / 2 ** 32) * weights.reduce((sum, w) => sum + w, 0);
    const index = weights.findIndex((w) => {
      rest -= w;
      return rest < 0;
    });
    return fit[index] ?? fit.at(-1);
  }
}
