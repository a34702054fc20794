import { describe, expect, it } from 'vitest';
import { createRandom, pickOne } from '../../src/schedule/prng.js';

describe('createRandom', () => {
  it('gives the same numbers for the same seed, for ever', () => {
    const random = createRandom(1);
    expect(Array.from({ length: 8 }, () => random.u32())).toMatchSnapshot();
    expect(Array.from({ length: 8 }, () => random.below(10))).toMatchSnapshot();
    expect(Array.from({ length: 8 }, () => random.chance(0.5))).toMatchSnapshot();
  });

  it('separates seeds and streams, in all their bits', () => {
    const first = [
      createRandom(0),
      createRandom(1),
      createRandom(2 ** 32),
      createRandom(2 ** 52),
      createRandom(0, 1),
      createRandom(0, 2 ** 40),
      createRandom(1, 1),
    ];
    expect(new Set(first.map((random) => random.u32())).size).toBe(first.length);
  });

  it('is even', () => {
    for (const n of [2, 3, 7, 10]) {
      const random = createRandom(n);
      const counts = new Array<number>(n).fill(0);
      for (let i = 0; i < 10_000 * n; i += 1) {
        const value = random.below(n);
        counts[value] = (counts[value] ?? 0) + 1;
      }
      for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
    }
  });

  it('keeps its bounds', () => {
    const random = createRandom(9);
    for (const n of [1, 2, 0x80000001, 0x100000000]) {
      for (let i = 0; i < 1000; i += 1) {
        const value = random.below(n);
        expect(Number.isInteger(value) && value >= 0 && value < n).toBe(true);
      }
    }
    for (const n of [0, -1, 1.5, 2 ** 33, Number.NaN]) expect(() => random.below(n)).toThrow(RangeError);
    for (let i = 0; i < 100; i += 1) expect([random.chance(0), random.chance(1)]).toEqual([false, true]);
  });

  it('refuses what is not a seed', () => {
    for (const seed of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => createRandom(seed)).toThrow(RangeError);
  });

  it('picks one of a list, or nothing', () => {
    const random = createRandom(4);
    expect(pickOne([], random)).toBeUndefined();
    expect(new Set(Array.from({ length: 50 }, () => pickOne(['a', 'b', 'c'], random))).size).toBe(3);
  });
});
