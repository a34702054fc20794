/** “No schedule with fewer preemptions shows it: proved” is compared with another proof: minimizing to the optimum, one bug at a time. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { fromPortable } from '../../src/executor/portable.js';
import { minimizeToOptimum } from '../../src/findings/optimum.js';
import { modelAt } from '../support/models.js';
import { searched } from '../support/searched.js';

const CASES = [
  ['examples/gallery/cve-2017-6346.ts', 'buggy', 'two-calls'],
  ['examples/gallery/cve-2016-1973.ts', 'buggy', 'get-while-released'],
  ['examples/double-checked.ts', 'broken', ''],
  ['examples/bank.ts', 'racy', ''],
] as const;

describe('the fewest preemptions of each finding', () => {
  it.each(CASES)('%s %s %s', async (path, design, scene) => {
    const [fast, exact] = [await modelAt(path), await modelAt(path, 'exact')];
    const result = await searched((flavour) => modelAt(path, flavour), {
      design,
      scene,
      fewest: true,
      stepLimit: 2_000,
      fuelLimit: 1 << 16,
    });
    expect(result.records.length).toBeGreaterThan(0);
    const executor = Executor.create({ artefact: fast, configuration: { design, scene } });
    for (const { signature, schedule, bucket, preemptions } of result.records) {
      const { hot } = fromPortable(executor, schedule);
      const { minimality } = minimizeToOptimum(executor, hot, bucket, { exact, keepEvents: true });
      const { proved, atLeast } = minimality;
      expect({ signature, proved, atLeast }).toEqual({ signature, proved: true, atLeast: preemptions });
      expect(result.fewest[signature]).toBe(true);
    }
  });
});
