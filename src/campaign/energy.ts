/**
 * Energy: which entry of the corpus is to be the next parent. Each function answers a weight for each entry, ≥ 0, by which the parent is
 * drawn. `uniform` is there to compare with. What is the default was measured: docs/strategies.md.
 */

/** What an energy looks at. */
export interface Candidate {
  /** All that its own execution reaches, without repetition. */
  readonly features: Iterable<number>;
  /** How many entries have its rarest feature. */
  readonly rarity: number;
  /** Times it was a parent, and entries that came of it. */
  readonly chosen: number;
  readonly children: number;
  /** Executions that were looked at, its own, its children's and samples of its mutants', and how many of them showed each feature. */
  readonly looked: number;
  readonly shown: ReadonlyMap<number, number>;
}

export const ENERGIES = ['uniform', 'rarest', 'entropic', 'cutoff'] as const;
export type Energy = (typeof ENERGIES)[number];

/** `shown`: how many of all executions that were looked at showed each feature. */
type Weigh = (candidates: readonly Candidate[], shown: ReadonlyMap<number, number>) => number[];

/** The rarer among entries the rarest feature, the more came of it and the less often it was chosen. */
const rarest: Weigh = (candidates) =>
  candidates.map(({ rarity, chosen, children }) => (1 + children) / ((1 + chosen) * rarity));

/** Features that count as rare, as in libFuzzer. */
const RARE_MAX = 100;

/**
 * Shannon entropy of the features that its mutants show, in nats (Böhme, Manès, Cha: Boosting fuzzer efficiency, FSE'20; libFuzzer's
 * `InputInfo::UpdateEnergy`): what still surprises is worth more. Only the globally rarest features count, each with one added, and
 * all mutants together as one abundant feature.
 */
const entropic: Weigh = (candidates, shown) => {
  const rare = [...shown].sort(([a, n], [b, m]) => n - m || a - b).slice(0, RARE_MAX);
  return candidates.map((candidate) => {
    const counts = rare.map(([feature]) => 1 + (candidate.shown.get(feature) ?? 0));
    return entropy([...counts, 1 + candidate.looked]);
  });
};

function entropy(counts: readonly number[]): number {
  const sum = counts.reduce((total, n) => total + n, 0);
  return Math.log(sum) - counts.reduce((total, n) => total + n * Math.log(n), 0) / sum;
}

/** Most that `cutoff` answers: a stage of RFF has so many executions at most. */
const CUTOFF_MAX = 16;

/**
 * The cut-off exponential schedule (AFLFast, CCS'16; RFF, ASPLOS'24): nothing for an entry whose rarest feature is shown more often than the
 * mean of entries, else 2^(times chosen) ÷ how often it is shown.
 */
const cutoff: Weigh = (candidates, shown) => {
  const often = candidates.map(({ features }) => least(features, shown));
  const mean = often.reduce((sum, n) => sum + n, 0) / candidates.length;
  return candidates.map(({ chosen }, i) => {
    const n = often[i] ?? 1;
    return n > mean ? 0 : Math.min(CUTOFF_MAX, 2 ** chosen / n);
  });
};

/** How often the rarest of these was counted; 1 if there are none. */
function least(features: Iterable<number>, counts: ReadonlyMap<number, number>): number {
  let n = Number.POSITIVE_INFINITY;
  for (const feature of features) n = Math.min(n, counts.get(feature) ?? 1);
  return Number.isFinite(n) ? Math.max(1, n) : 1;
}

const WEIGH: Readonly<Record<Energy, Weigh>> = {
  uniform: (candidates) => candidates.map(() => 1),
  rarest,
  entropic,
  cutoff,
};

/** A weight for each of the candidates. */
export function weigh(energy: Energy, candidates: readonly Candidate[], shown: ReadonlyMap<number, number>): number[] {
  return WEIGH[energy](candidates, shown);
}

/** Mutants of a stage that are looked at where the energy depends on what mutants show. */
const SAMPLES = 4;

/** `Stage.samples` for this energy. */
export function samplesOf(energy: Energy): number {
  return energy === 'entropic' || energy === 'cutoff' ? SAMPLES : 0;
}
