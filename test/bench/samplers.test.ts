/** The programs that fast-check runs beside Heddle's have their bugs there, too. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

interface Measured {
  readonly program: string;
  readonly results: readonly ({ readonly executions: number } | null)[];
}
const file = fileURLToPath(new URL('../../bench/peers/fast-check.mjs', import.meta.url));
const { runFastCheck } = (await import(file)) as {
  runFastCheck(trials: number, executions: number, rateMs: number): Promise<readonly Measured[]>;
};

it('fast-check finds the bug of each program', async () => {
  const measured = await runFastCheck(2, 2_000, 1);
  expect(measured.map(({ program }) => program)).toHaveLength(5);
  for (const { program, results } of measured) expect(results.filter(Boolean), program).toHaveLength(2);
});
