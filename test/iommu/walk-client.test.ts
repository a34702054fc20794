// The IOMMU model tells the two designs apart.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../src/executor/executor.js';
import type { RawFinding } from '../../src/executor/types.js';
import { executorOf, modelAt } from '../support/models.js';
import { randomRun } from '../support/schedules.js';

const MODEL = 'assembly/models/iommu/index.ts';
const SCENE = 'walk-client';
const MEMORY = new Set(['null-dereference', 'use-after-free', 'double-free', 'invalid-access', 'invalid-free', 'leak']);

beforeAll(() => modelAt(MODEL), 300_000);

function findingsOf(executor: Executor, runs: number): RawFinding[] {
  const findings: RawFinding[] = [];
  for (let seed = 1; seed <= runs; seed++) findings.push(...executor.run(randomRun(executor, seed).recorded).findings);
  return findings;
}

describe('iommu, walk-client', () => {
  it('v6.6 has the crash of the report: the re-read of the fwspec at the end of of_iommu_configure', {
    timeout: 30_000,
  }, async () => {
    const executor = await executorOf(MODEL, { design: 'v6.6', scene: SCENE });
    const places = findingsOf(executor, 3000)
      .filter((f) => f.kind === 'null-dereference' || f.kind === 'use-after-free')
      .map((f) => executor.manifest.sites[f.site]?.function);
    expect(places).toContain('of_iommu_configure');
  });

  it('v6.6 loses a dev_iommu that two tasks create (S4)', { timeout: 30_000 }, async () => {
    const executor = await executorOf(MODEL, { design: 'v6.6', scene: SCENE });
    const leaks = findingsOf(executor, 3000).filter((f) => f.kind === 'leak');
    const classes = leaks.map((f) => executor.manifest.classes.find((c) => c.id === f.object?.classId)?.name);
    expect(classes).toContain('dev_iommu');
  });

  it('v6.7 has no memory finding', { timeout: 30_000 }, async () => {
    const executor = await executorOf(MODEL, { design: 'v6.7', scene: SCENE });
    expect(findingsOf(executor, 10_000).filter((f) => MEMORY.has(f.kind))).toEqual([]);
  });
});
