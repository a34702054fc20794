/** What is kept as entries come is what counting all of them anew would say. */
import { expect, it } from 'vitest';
import { type Rare, Rarity } from '../../src/campaign/rarity.js';
import { createRandom } from '../../src/schedule/prng.js';

const entry = (...features: number[]): Rare => ({ features: Uint16Array.from(features), rarity: 0 });

/** By definition. */
function counted(entries: readonly Rare[]): number[] {
  const frequency = (feature: number): number => entries.filter(({ features }) => features.includes(feature)).length;
  return entries.map(({ features }) => (features.length === 0 ? 1 : Math.min(...Array.from(features, frequency))));
}

it('is how many entries have the rarest feature of each', () => {
  const rarity = new Rarity();
  const entries = [entry(1, 2), entry(1, 65_535), entry(1), entry()];
  for (const one of entries) rarity.add(one);
  expect(entries.map((one) => one.rarity)).toEqual([1, 1, 3, 1]);
});

it('stays so while features of old entries become frequent', () => {
  const random = createRandom(5, 11);
  const rarity = new Rarity();
  const entries: Rare[] = [];
  for (let i = 0; i < 120; i++) {
    const features = new Set(Array.from({ length: 1 + random.below(8) }, () => random.below(20)));
    const one = entry(...features);
    entries.push(one);
    rarity.add(one);
    expect(entries.map(({ rarity: kept }) => kept)).toEqual(counted(entries));
  }
  expect(Math.max(...entries.map((one) => one.rarity))).toBeGreaterThan(10);
});
