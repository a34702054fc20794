/** The benchmark's yardstick is fair only while it does the same work: the native C program must agree with the executor on everything. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCHEDULES = 10_000;

interface Agreement {
  readonly executions: number;
  readonly distinctHashes: number;
  readonly withFindings: number;
  readonly features: number;
}
interface Check {
  readonly obstacle: string | null;
  readonly models: Readonly<Record<string, Readonly<Record<string, Agreement>>>>;
}

describe('the native program of the benchmark', () => {
  it(`has the executor’s hashes, points, switches and features on ${SCHEDULES} schedules a density`, (context) => {
    // A difference makes the script fail, with the first execution that differs in its message.
    const out = execFileSync(process.execPath, ['bench/check-native.mjs', String(SCHEDULES)], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    const { obstacle, models } = JSON.parse(out) as Check;
    if (obstacle !== null) {
      console.warn(`NOT CHECKED: ${obstacle}`);
      context.skip(obstacle);
    }
    expect(Object.keys(models)).toEqual(['toy', 'probe', 'depth']);
    for (const densities of Object.values(models)) {
      expect(Object.keys(densities)).toEqual(['0', '1', '4', '16', 'every point']);
      for (const { executions } of Object.values(densities)) expect(executions).toBe(SCHEDULES);
    }
    // Equal because both do something: many states, and executions that end with findings.
    expect(models['probe']?.['every point']?.distinctHashes).toBeGreaterThan(1_000);
    expect(models['probe']?.['every point']?.withFindings).toBeGreaterThan(1_000);
  }, 120_000);
});
