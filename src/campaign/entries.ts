/** The campaign's corpus in memory: which entry is worth another look. */
import type { SeenChoice } from '../schedule/draft.js';
import type { Random } from '../schedule/prng.js';
import type { HotSchedule } from '../schedule/schedule.js';
import { type Candidate, type Energy, samplesOf, weigh } from './energy.js';
import { Rarity } from './rarity.js';
import { WeightedDraw } from './weighted-draw.js';

/** What a corpus is told of an entry. */
export interface NewEntry {
  readonly id: string;
  readonly scene: string;
  readonly schedule: HotSchedule;
  readonly steps: readonly number[];
  readonly choices: readonly SeenChoice[];
  /** All that its own execution reaches, without repetition. */
  readonly features: readonly number[];
}

/** Counts of `Candidate` are the list's to change. */
export interface Entry extends Omit<NewEntry, 'features'>, Candidate {
  readonly features: Uint16Array;
  rarity: number;
  chosen: number;
  children: number;
  looked: number;
  readonly shown: Map<number, number>;
}

function count(counts: Map<number, number>, features: Iterable<number>): void {
  for (const feature of features) counts.set(feature, (counts.get(feature) ?? 0) + 1);
}

export class Entries {
  /** By scene, and all for null. */
  private readonly draws = new Map<string | null, WeightedDraw<Entry>>();
  private readonly byId = new Map<string, Entry>();
  private readonly rarity = new Rarity();
  /** How many of all executions that were looked at showed each feature. */
  private readonly shown = new Map<number, number>();
  /** Mutants of each stage that should be looked at, for `saw`; 0: nobody wants to know. */
  readonly samples: number;

  constructor(private readonly energy: Energy = 'rarest') {
    this.samples = samplesOf(energy);
  }

  get size(): number {
    return this.byId.size;
  }

  /** An entry whose id is there already changes nothing. */
  add({ id, scene, schedule, steps, choices, features }: NewEntry): void {
    if (this.byId.has(id)) return;
    const entry: Entry = {
      ...{ id, scene, schedule, steps, choices, features: Uint16Array.from(features) },
      ...{ rarity: 1, chosen: 0, children: 0, looked: 0, shown: new Map() },
    };
    for (const key of [scene, null]) this.drawFor(key).list.push(entry);
    this.byId.set(entry.id, entry);
    this.rarity.add(entry);
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
    this.look(entry, features);
  }

  private look(entry: Entry, features: Iterable<number>): void {
    if (this.samples === 0) return;
    count(this.shown, features);
    entry.looked += 1;
    count(entry.shown, features);
  }

  find(id: string): Entry | undefined {
    return this.byId.get(id);
  }

  /** A parent, drawn by energy. Entries with a scene that is not `scene` (null: any) are passed over. */
  pick(random: Random, scene: string | null): Entry | undefined {
    return this.drawFor(scene).pick(random, (list) => weigh(this.energy, list, this.shown));
  }

  private drawFor(scene: string | null): WeightedDraw<Entry> {
    const draw = this.draws.get(scene) ?? new WeightedDraw<Entry>();
    this.draws.set(scene, draw);
    return draw;
  }
}
