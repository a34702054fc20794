/** Each energy prefers what it must, in examples small enough to check by hand; and a campaign is the same each time under each of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import { type Candidate, ENERGIES, type Energy, samplesOf, weigh } from '../../src/campaign/energy.js';
import { Entries } from '../../src/campaign/entries.js';
import { createRandom } from '../../src/schedule/prng.js';
import { campaignOptions } from '../support/campaign-options.js';
import { contentsOf } from '../support/contents.js';

const candidate = (more: Partial<Candidate>): Candidate => ({
  ...{ features: [], rarity: 1, chosen: 0, children: 0, looked: 0, shown: new Map() },
  ...more,
});
const counts = (object: Record<number, number>): Map<number, number> =>
  new Map(Object.entries(object).map(([feature, n]) => [Number(feature), n]));

describe('the rarest feature', () => {
  it('decides, with what came of an entry and how often it was chosen', () => {
    const list = [
      candidate({ rarity: 4 }),
      candidate({ rarity: 2 }),
      candidate({ rarity: 2, children: 2 }),
      candidate({ rarity: 2, chosen: 3 }),
    ];
    expect(weigh('rarest', list, new Map())).toEqual([1 / 4, 1 / 2, 3 / 2, 1 / 8]);
  });
});

describe('entropy', () => {
  it('is worked out over the rare features and one abundant one, each with one added', () => {
    const shown = counts({ 1: 3, 2: 1 });
    const [weight = 0] = weigh('entropic', [candidate({ shown: counts({ 1: 3 }), looked: 3 })], shown);
    // Counts 4, 1 and 4 of 9.
    expect(weight).toBeCloseTo(-(8 / 9) * Math.log(4 / 9) - (1 / 9) * Math.log(1 / 9), 12);
  });

  it('prefers whose mutants show many things to whose mutants show one thing again, and what nobody has looked at to both', () => {
    const shown = counts({ 1: 9, 2: 3, 3: 3, 4: 3 });
    const list = [
      candidate({ shown: counts({ 1: 9 }), looked: 9 }),
      candidate({ shown: counts({ 2: 3, 3: 3, 4: 3 }), looked: 9 }),
      candidate({}),
    ];
    const [same = 0, varied = 0, unknown = 0] = weigh('entropic', list, shown);
    expect(varied).toBeGreaterThan(same);
    expect(unknown).toBeGreaterThan(varied);
  });

  it('takes no notice of features that are not among the rare ones', () => {
    const rare = Array.from({ length: 100 }, (_, feature) => [feature, 1] as const);
    const shown = new Map([...rare, [1_000, 50]]);
    const list = [candidate({ looked: 50, shown: counts({ 1000: 50 }) }), candidate({ looked: 50 })];
    const [abundant, none] = weigh('entropic', list, shown);
    expect(abundant).toBe(none);
  });
});

describe('the cut-off exponential', () => {
  it('gives nothing above the mean, else doubles with each choice, up to the length of a stage', () => {
    const shown = counts({ 1: 100, 2: 4, 3: 1, 4: 1 });
    const list = [
      candidate({ features: [1], chosen: 3 }),
      candidate({ features: [1, 2], chosen: 3 }),
      candidate({ features: [3] }),
      candidate({ features: [4], chosen: 9 }),
    ];
    expect(weigh('cutoff', list, shown)).toEqual([0, 2, 1, 16]);
  });
});

describe('every energy', () => {
  it.each(ENERGIES)(
    'draws some entry, even from a corpus whose entries are all alike or have no features: %s',
    (energy) => {
      const entries = new Entries(energy);
      expect(entries.pick(createRandom(1, 2), null)).toBeUndefined();
      const drawn = () => new Set(Array.from({ length: 60 }, (_, i) => entries.pick(createRandom(i, 2), null)?.id));
      for (const id of ['a', 'b']) entries.add(entry(id, [1, 2]));
      expect(drawn()).toEqual(new Set(['a', 'b']));
      entries.add(entry('bare', []));
      expect(drawn().has(undefined)).toBe(false);
    },
  );

  it.each(ENERGIES)('leaves a campaign the same each time: %s', async (energy) => {
    expect(await filesOf(energy)).toEqual(await filesOf(energy));
  });
});

describe('the corpus', () => {
  it('counts what mutants show for their parent alone, and for no parent nothing', () => {
    const entries = new Entries('cutoff');
    for (const [id, feature] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ] as const)
      entries.add(entry(id, [feature]));
    for (let i = 0; i < 20; i++) entries.saw('a', [1]);
    entries.saw('nobody', [2]);
    expect([entries.find('a')?.looked, entries.find('b')?.looked]).toEqual([21, 1]);
    const drawn = Array.from({ length: 60 }, (_, i) => entries.pick(createRandom(i, 2), null)?.id);
    expect(new Set(drawn)).toEqual(new Set(['b', 'c']));
  });

  it('is told of mutants where the energy wants to know', () => {
    expect(ENERGIES.map((energy) => samplesOf(energy) > 0)).toEqual([false, false, true, true]);
  });
});

function entry(id: string, features: readonly number[]): Parameters<Entries['add']>[0] {
  const schedule = { events: [], deviations: [], choices: [] };
  return { id, scene: 's', schedule, steps: [], choices: [], features };
}

async function filesOf(energy: Energy): Promise<Record<string, string>> {
  const outDir = mkdtempSync(join(tmpdir(), 'heddle-energy-'));
  try {
    const fixed = { design: 'racy', deterministic: true, strategy: 'mutation', maxExecutions: 40_000 } as const;
    await runCampaign(
      await campaignOptions('examples/bank.ts', outDir, { ...fixed, energy }),
      {},
      new AbortController().signal,
    );
    return contentsOf(outDir);
  } finally {
    rmSync(outDir, { recursive: true });
  }
}
