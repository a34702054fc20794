/** Draws follow the weights, and what a draw costs does not grow with the list. */
import { expect, it } from 'vitest';
import { WeightedDraw } from '../../src/campaign/weighted-draw.js';
import { createRandom } from '../../src/schedule/prng.js';

it('draws each element as often as its weight says', () => {
  const draw = new WeightedDraw<number>();
  draw.list.push(3, 0, 1, 4);
  const random = createRandom(1, 7);
  const counts = new Map<number, number>();
  for (let i = 0; i < 8_000; i++) {
    const one = draw.pick(random, (list) => list) ?? -1;
    counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual([1, 3, 4]);
  for (const [one, n] of counts) expect(Math.abs(n - 1_000 * one)).toBeLessThan(150);
});

it('answers the last one if no weight is above zero, and nothing from an empty list', () => {
  const draw = new WeightedDraw<string>();
  const random = createRandom(1, 7);
  expect(draw.pick(random, () => [])).toBeUndefined();
  draw.list.push('a', 'b');
  expect(draw.pick(random, () => [0, 0])).toBe('b');
});

it('takes a new weight at once in a short list, and weighs a long one once in so many draws that each pays for 512 weights', () => {
  const random = createRandom(1, 7);
  const weighed = (length: number, draws: number): number => {
    const draw = new WeightedDraw<number>();
    for (let i = 0; i < length; i++) draw.list.push(i);
    let times = 0;
    for (let i = 0; i < draws; i++) {
      draw.pick(random, (list) => {
        times += 1;
        return list.map(() => 1);
      });
    }
    return times;
  };
  expect(weighed(512, 100)).toBe(100);
  expect(weighed(5_120, 100)).toBe(10);
});

it('draws what was added once the weights are worked out anew', () => {
  const draw = new WeightedDraw<number>();
  for (let i = 0; i < 1_024; i++) draw.list.push(i);
  const random = createRandom(1, 7);
  const onlyTheLast = (list: readonly number[]) => list.map((_, i) => (i === list.length - 1 ? 1 : 0));
  expect(draw.pick(random, onlyTheLast)).toBe(1_023);
  draw.list.push(1_024);
  expect([1, 2].map(() => draw.pick(random, onlyTheLast))).toEqual([1_023, 1_024]);
});
