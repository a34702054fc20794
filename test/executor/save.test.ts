/** A paused execution can be saved, and brought back after others have run. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { enumerateExecutor } from '../support/enumerate.js';
import { modelAt } from '../support/models.js';

/** All leaves by depth-first search over saved states: (hash, findings) of each. */
function search(executor: Executor): string[] {
  const leaves: string[] = [];
  const leaf = (): void => {
    const { hash, findings } = executor.finish();
    leaves.push(`${hash} ${findings.map((f) => f.kind).join()}`);
  };
  const visit = (saved: Uint8Array): void => {
    executor.restore(saved);
    const ready = executor.ready();
    for (const task of ready) {
      executor.restore(saved);
      if (executor.proceed(task)) visit(executor.save());
      else leaf();
    }
  };
  if (executor.begin(executor.sceneSchedule())) visit(executor.save());
  else leaf();
  return leaves;
}

describe.each([
  ['test/models/two-by-three.ts', 'two-by-three'],
  ['test/models/locks.ts', 'two'],
  ['test/models/spawning.ts', 'one'],
  ['test/models/waiting.ts', 'lost'],
  ['examples/abba.ts', ''],
])('%s %s', (path, scene) => {
  it('has the same outcomes when searched with saved states as when each run starts anew', async () => {
    for (const flavour of ['fast', 'exact'] as const) {
      const artefact = await modelAt(path, flavour);
      const configuration = { scene };
      const outcomes = new Set<string>();
      enumerateExecutor(Executor.create({ artefact, configuration }), ({ hash, findings }) => {
        outcomes.add(`${hash} ${findings.map((f) => f.kind).join()}`);
      });
      const found = search(Executor.create({ artefact, configuration, eager: true }));
      expect(new Set(found)).toEqual(outcomes);
    }
  });
});

describe('a saved execution', () => {
  it('ends the same way whatever ran in between', async () => {
    const artefact = await modelAt('assembly/models/iommu/index.ts');
    const configuration = { design: 'v6.6', scene: 'walk-client' };
    const executor = Executor.create({ artefact, configuration, eager: true });
    const scene = executor.sceneSchedule();
    const plain = executor.run(scene);
    let steps = 0;
    for (let more = executor.begin(scene); more; more = executor.proceed(null), steps++) {
      if (steps % 17 !== 0) continue;
      const saved = executor.save();
      executor.run({ ...scene, deviations: [{ task: 0, step: steps, target: 1 }] });
      executor.restore(saved);
      expect(Buffer.compare(executor.save(), saved)).toBe(0);
    }
    const ended = executor.finish();
    expect(steps).toBeGreaterThan(100);
    expect(ended.hash).toBe(plain.hash);
    expect(ended.findings).toEqual(plain.findings);
    expect(ended.points).toBe(plain.points);
    expect(executor.recomputeHash()).toBe(plain.hash);
  });
});
