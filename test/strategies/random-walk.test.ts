/** The random walk: in some executions decisions are close together, in others far apart or few; and faults are rare, but they come. */
import { expect, it } from 'vitest';
import { executorOf } from '../support/models.js';
import { chiSquare, critical, frequencies } from './statistics.js';

const N = 5_000;

it('lets tasks go on for long in many executions, where a walk that decides at each point hardly ever does', async () => {
  const few = async (parameter: number): Promise<number> => {
    const executor = await executorOf('test/models/orders.ts', { scene: 'uneven' });
    const counts = frequencies(executor, ['random', parameter], N, ({ recorded }) =>
      recorded.deviations.length <= 1 ? 'few' : 'many',
    );
    return (counts.get('few') ?? 0) / N;
  };
  expect(await few(0)).toBeGreaterThan(2 * (await few(1)));
});

it.each(['random', 'pct', 'pos', 'surw'] as const)('%s: one fault in eight', async (strategy) => {
  const executor = await executorOf('test/models/choosing.ts', { scene: 'risky' });
  const counts = frequencies(executor, [strategy, 1], N, ({ recorded }) => `${recorded.choices.length}`);
  const expected = new Map([
    ['0', 7 / 8],
    ['1', 1 / 8],
  ]);
  expect(chiSquare(counts, expected)).toBeLessThan(critical(1));
});
