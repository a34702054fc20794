/** The minimum is the same from wherever it is looked for, and proved by a search. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { toPortable } from '../../src/executor/portable.js';
import type { FindingKind } from '../../src/executor/types.js';
import { minimizeToOptimum, type OptimalFinding } from '../../src/findings/optimum.js';
import { bucketOf } from '../../src/findings/place.js';
import { formatSchedule } from '../../src/schedule/text.js';
import { modelAt } from '../support/models.js';
import { failingSchedules } from '../support/schedules.js';

const CASES: readonly (readonly [path: string, kind: FindingKind, scene: string, preemptions: number])[] = [
  ['examples/bank.ts', 'invariant', '', 1],
  ['examples/abba.ts', 'deadlock', '', 1],
  ['examples/double-checked.ts', 'assertion', '', 1],
];

describe('minimizeToOptimum', () => {
  it.each(CASES)('%s: 20 random failing schedules end in the same bytes', async (path, kind, scene, preemptions) => {
    const artefact = await modelAt(path);
    const exact = await modelAt(path, 'exact');
    const executor = Executor.create({ artefact, configuration: { scene } });
    const schedules = failingSchedules(executor, kind, 20);
    expect(schedules).toHaveLength(20);
    const results: OptimalFinding[] = schedules.map((schedule) => {
      const raw = executor.run(schedule).findings.find((one) => one.kind === kind);
      return minimizeToOptimum(executor, schedule, bucketOf(raw ?? { kind, site: 0, message: '' }, executor.manifest), {
        exact,
      });
    });
    const texts = new Set(results.map(({ hot }) => formatSchedule(toPortable(executor, hot, executor.manifest.name))));
    expect(texts.size).toBe(1);
    for (const { minimality } of results)
      expect(minimality).toMatchObject({ proved: true, canonical: true, why: '', atLeast: preemptions });
  });
});
