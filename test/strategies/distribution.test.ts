/** What each sampler promises about the frequency of orders, measured on programs whose orders can be counted. */
import { describe, expect, it } from 'vitest';
import type { Executor } from '../../src/executor/executor.js';
import type { ExecutionResult } from '../../src/executor/types.js';
import { executorOf } from '../support/models.js';
import { chiSquare, chiSquareUniform, critical, frequencies, interleaving } from './statistics.js';

const N = 8_000;
/** SURW's parameter: no object in particular. */
const URW = 0;

/** The order of the accesses to cells (null: of all), as a word of tasks' numbers. */
function orderAt(executor: Executor, cells: readonly number[] | null): (result: ExecutionResult) => string {
  const words = new Map<string, string>();
  return ({ recorded }) => {
    const key = JSON.stringify(recorded.deviations);
    let word = words.get(key);
    if (word === undefined) {
      word = executor
        .trace(recorded)
        .trace.filter((s) => s.kind === 'access' && (cells === null || cells.includes(s.address)))
        .map((s) => s.task)
        .join('');
      words.set(key, word);
    }
    return word;
  };
}

/** The cells that both tasks of the scene touch. */
function sharedCells(executor: Executor): number[] {
  const tasks = new Map<number, Set<number>>();
  for (const s of executor.trace(executor.sceneSchedule()).trace) {
    if (s.kind === 'access') tasks.set(s.address, (tasks.get(s.address) ?? new Set()).add(s.task));
  }
  return [...tasks].flatMap(([address, set]) => (set.size > 1 ? [address] : []));
}

describe('URW', () => {
  it.each([
    ['test/models/two-by-three.ts', 'two-by-three', 20],
    ['test/models/orders.ts', 'stores', 20],
    ['test/models/orders.ts', 'window', 66], // 12! / (10! 2!)
  ] as const)('draws every interleaving of %s %s equally often', async (path, scene, n) => {
    const executor = await executorOf(path, { scene });
    const counts = frequencies(executor, ['surw', URW], N, interleaving);
    expect(counts.size).toBe(n);
    expect(chiSquareUniform(counts, n)).toBeLessThan(critical(n - 1));
    // The walk that does not count events is far from it.
    const walk = frequencies(executor, ['random', 1], N, orderAt(await executorOf(path, { scene }), null));
    expect(chiSquareUniform(walk, n)).toBeGreaterThan(2 * critical(n - 1));
  });
});

describe('SURW', () => {
  it('draws every order at the shared cell equally often, however much the tasks do elsewhere', async () => {
    const executor = await executorOf('test/models/orders.ts', { scene: 'uneven' });
    const traced = await executorOf('test/models/orders.ts', { scene: 'uneven' });
    const key = orderAt(traced, sharedCells(traced));
    const counts = frequencies(executor, ['surw', 1], 3_000, key);
    expect(counts.size).toBe(6); // 4! / (2! 2!)
    expect(chiSquareUniform(counts, 6)).toBeLessThan(critical(5));
    const uniformOverAll = frequencies(executor, ['surw', URW], 3_000, key);
    expect(chiSquareUniform(uniformOverAll, 6)).toBeGreaterThan(2 * critical(5));
  });

  it('draws every order at several cells equally often, where one cell alone leaves the others to chance', async () => {
    const executor = await executorOf('test/models/orders.ts', { scene: 'two cells' });
    const traced = await executorOf('test/models/orders.ts', { scene: 'two cells' });
    const cells = sharedCells(traced);
    expect(cells).toHaveLength(2);
    const key = orderAt(traced, cells);
    // Eight draws from two cells: both are among them but once in 128 times.
    const counts = frequencies(executor, ['surw', 8], 3_000, key);
    expect(counts.size).toBe(6);
    expect(chiSquareUniform(counts, 6)).toBeLessThan(critical(5));
    expect(chiSquareUniform(frequencies(executor, ['surw', 1], 3_000, key), 6)).toBeGreaterThan(2 * critical(5));
  });
});

describe('POS', () => {
  it('decides each race anew: an order of conflicting events has the probability of fair coins', async () => {
    const scene = { scene: 'stores' };
    const executor = await executorOf('test/models/orders.ts', scene);
    const traced = await executorOf('test/models/orders.ts', scene);
    const counts = frequencies(executor, ['pos', 0], N, orderAt(traced, sharedCells(traced)));
    const expected = new Map<string, number>();
    const toss = (word: string, zeros: number, ones: number, p: number): void => {
      if (zeros === 0 || ones === 0) expected.set(word + '0'.repeat(zeros) + '1'.repeat(ones), p);
      else {
        toss(`${word}0`, zeros - 1, ones, p / 2);
        toss(`${word}1`, zeros, ones - 1, p / 2);
      }
    };
    toss('', 3, 3, 1);
    expect(expected.size).toBe(20);
    expect(chiSquare(counts, expected)).toBeLessThan(critical(19));
  });

  it('treats independent events as no more than a place in the order: a race’s outcome is even among them', async () => {
    // Of 13 priorities (12 events of its own and the first store against the other’s first) each is the lowest equally often.
    const executor = await executorOf('test/models/orders.ts', { scene: 'uneven' });
    const traced = await executorOf('test/models/orders.ts', { scene: 'uneven' });
    const key = orderAt(traced, sharedCells(traced));
    const counts = frequencies(executor, ['pos', 0], N, (result) => key(result).slice(0, 1));
    const expected = new Map([
      ['0', 1 / 14],
      ['1', 13 / 14],
    ]);
    expect(chiSquare(counts, expected)).toBeLessThan(critical(1));
  });
});

describe('PCT', () => {
  it.each([
    ['shorter', 5],
    ['much longer', 200],
  ])(
    'hits each window of one step, a bug of depth 2, at least once in n·k executions; the guess was %s',
    async (_, guess) => {
      const executor = await executorOf('test/models/orders.ts', { scene: 'window' });
      let points = 0;
      const note = (result: ExecutionResult): string => {
        points = Math.max(points, result.points);
        return `${result.hash}`;
      };
      const counts = frequencies(executor, ['pct', 2], N, note, 1, guess);
      expect(counts.size).toBe(11); // what `look` sees: 0 to 10
      const bound = 1 / (2 * points);
      const deviation = Math.sqrt(N * bound);
      for (const n of counts.values()) expect(n).toBeGreaterThan(N * bound - 4 * deviation);
    },
  );
});
