/** Shares of strategies follow what they yield. */
import { describe, expect, it } from 'vitest';
import { Bandit } from '../../src/campaign/bandit.js';
import { createRandom } from '../../src/schedule/prng.js';

const NAMES = ['a', 'b', 'c'] as const;
const stage = (states: number) => ({ executions: 1_000, points: 20_000, states, finds: 0 });

describe('the bandit', () => {
  it('begins evenly', () => {
    for (const share of new Bandit(NAMES).shares(NAMES)) expect(share).toBeCloseTo(1 / 3);
  });

  it('gives most to what yields, something to all, and changes its mind', () => {
    const bandit = new Bandit(NAMES);
    for (let i = 0; i < 30; i++) for (const name of NAMES) bandit.learn(name, stage(name === 'b' ? 500 : 0));
    const [a = 0, b = 0, c = 0] = bandit.shares(NAMES);
    expect(a + b + c).toBeCloseTo(1);
    expect(b).toBeGreaterThan(0.8);
    expect(Math.min(a, c)).toBeGreaterThan(0.08);
    for (let i = 0; i < 30; i++) for (const name of NAMES) bandit.learn(name, stage(name === 'c' ? 500 : 0));
    expect(bandit.shares(NAMES)[2]).toBeGreaterThan(0.8);
  });

  it('counts a find as many states, and cost against both', () => {
    const bandit = new Bandit(NAMES);
    bandit.learn('a', { ...stage(0), finds: 1 });
    bandit.learn('b', stage(1));
    bandit.learn('c', { ...stage(50), points: 2_000_000 });
    const [a = 0, b = 0, c = 0] = bandit.shares(NAMES);
    expect(a).toBeGreaterThan(b);
    expect(a).toBeGreaterThan(c);
  });

  it('takes from what has nothing left, however much that gave before', () => {
    const bandit = new Bandit(NAMES);
    bandit.learn('a', stage(500));
    for (let looks = 0; looks < 1_000; looks++) bandit.learn('a', { executions: 1, points: 0, states: 0, finds: 0 });
    expect(bandit.shares(NAMES)[0]).toBeLessThan(0.15);
  });

  it('draws by the shares, the same from the same random source', () => {
    const bandit = new Bandit(NAMES);
    for (let i = 0; i < 30; i++) bandit.learn('b', stage(500));
    const draw = () => bandit.draw(NAMES, 8, createRandom(1, 2));
    expect(draw()).toEqual(draw());
    expect(draw().filter((name) => name === 'b').length).toBeGreaterThan(4);
  });
});
