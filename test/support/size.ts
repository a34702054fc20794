/**
 * How much the tests do: `npm test` is short and leaves files named `*.long.test.ts` out, `.ci/run` runs them too, `npm run soak` runs the
 * figures that were promised.
 */
export interface Size {
  readonly name: 'default' | 'ci' | 'soak';
  /** Executions of a design in which nothing must be found. */
  readonly silentExecutions: number;
  /** Times that a campaign is killed and resumed. */
  readonly kills: number;
}

const SIZES: readonly Size[] = [
  { name: 'default', silentExecutions: 50_000, kills: 3 },
  { name: 'ci', silentExecutions: 200_000, kills: 10 },
  { name: 'soak', silentExecutions: 5_000_000, kills: 100 },
];

/** By the environment variable HEDDLE_SIZE. */
export function size(): Size {
  const wanted = process.env.HEDDLE_SIZE ?? 'default';
  const found = SIZES.find((s) => s.name === wanted);
  if (!found) throw new Error(`HEDDLE_SIZE is ${wanted}; it can be ${SIZES.map((s) => s.name).join(', ')}`);
  return found;
}
