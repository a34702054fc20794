/** The runner of SCTBench: what it prints, and what it refuses. Needs the built command line. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['bench/sctbench/run.mjs', ...args], { cwd: ROOT, encoding: 'utf8' });
}

interface Row {
  readonly program: string;
  readonly granularity: string;
  readonly found: number;
  readonly mean: number;
  readonly median: number;
  readonly interval: readonly [number, number];
  readonly results: readonly { readonly executions: number; readonly ms: number }[];
}

it('measures trials of the default strategy, the same ones each time, beside what is published', () => {
  const flags = ['--programs', 'CVE-2016-1973', '--strategies', 'portfolio', '--trials', '4', '--jobs', '1', '--json'];
  const documents = [run(...flags), run(...flags)].map(
    ({ stdout, stderr }) =>
      JSON.parse(stdout || `{"stderr":${JSON.stringify(stderr)}}`) as {
        rows: readonly Row[];
        comparison: readonly { tool: string; programs: number }[];
        published: readonly unknown[];
      },
  );
  const [first, second] = documents;
  const counts = (rows: readonly Row[] = []): unknown =>
    rows.map(({ granularity, results }) => [granularity, results.map(({ executions }) => executions)]);
  expect(first?.rows.map(({ granularity, found }) => [granularity, found])).toEqual([
    ['A', 4],
    ['C', 4],
  ]);
  expect(counts(first?.rows)).toEqual(counts(second?.rows));
  for (const { mean, median, interval, results } of first?.rows ?? []) {
    const executions = results.map((result) => result.executions).sort((a, b) => a - b);
    expect(mean).toBeCloseTo(executions.reduce((sum, n) => sum + n, 0) / 4);
    expect(median).toBe(executions[2]);
    expect(interval[0]).toBeLessThanOrEqual(mean);
    expect(interval[1]).toBeGreaterThanOrEqual(mean);
  }
  expect(new Set(first?.rows[0]?.results.map(({ executions }) => executions)).size).toBeGreaterThan(1);
  expect(first?.comparison.map(({ tool }) => tool)).toContain('SURW');
  expect(first?.published.length).toBeGreaterThan(5);
}, 120_000);

it('prints the means of one strategy by itself', () => {
  const flags = ['--programs', 'deadlock01', '--strategies', 'lock-cycles', '--trials', '2', '--granularity', 'A'];
  const { stdout } = run(...flags);
  expect(stdout).toMatch(/^Mean executions .*granularity A\n +lock-cycles\ndeadlock01 +[\d.]+\n$/);
});

it.each([
  [['--programs', 'no-such'], 'no program begins with “no-such”'],
  [['--strategies', 'luck'], 'no strategy begins with “luck”'],
  [['--trials', '0'], '--trials takes a whole number from 1'],
  [['--granularity', 'B'], '--granularity takes A, C or both'],
  [['--unknown'], '--unknown'],
  [['--programs', 'lazy01,'], 'an element of the list “lazy01,” is empty'],
  [['--strategies', ',pos'], 'an element of the list “,pos” is empty'],
  [['--programs', ''], 'is empty'],
  [['--update', '--programs', 'lazy01'], '--update replaces the published tables, so not with some of the programs'],
  [['--update', '--granularity', 'C'], 'so not with one granularity'],
  [['--update', '--trials', '19'], 'so not with fewer than 20 trials'],
  [['--update', '--strategies', 'pos'], 'so not with strategies without portfolio'],
  [['--update', '--strategies', 'portfolio', '--max-execs', '10'], 'so not with shorter trials'],
])('refuses %j', (args, message) => {
  const { status, stderr } = run(...args);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

it('says in its help that a whole name is that program only', () => {
  expect(run('--help').stdout).toContain('a whole name is that program only');
});
