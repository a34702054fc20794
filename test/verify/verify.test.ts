/** Exhaustive search against brute force, its reduction against itself without, and what it may never say. */
import { describe, expect, it } from 'vitest';
import { MEMORY_KINDS } from '../../src/campaign/types.js';
import { Executor } from '../../src/executor/executor.js';
import { type VerifyOptions, type VerifyResult, verify } from '../../src/verify/verify.js';
import { modelAt } from '../support/models.js';
import { searched } from '../support/searched.js';
import { size } from '../support/size.js';
import { stateText } from '../support/states.js';

async function run(path: string, more: Partial<VerifyOptions> = {}): Promise<VerifyResult> {
  return searched((flavour) => modelAt(path, flavour), more);
}

/** Distinct states at decisions, and kinds of findings, by walking every interleaving until a state repeats. */
function bruteForce(executor: Executor, freedToo: boolean): { states: number; kinds: Set<string> } {
  const seen = new Set<string>();
  const kinds = new Set<string>();
  const leaf = (): void => {
    for (const finding of executor.finish().findings) kinds.add(finding.kind);
  };
  const visit = (): void => {
    const text = stateText(executor, freedToo);
    if (seen.has(text)) return;
    seen.add(text);
    const saved = executor.save();
    for (const task of executor.ready()) {
      executor.restore(saved);
      if (executor.proceed(task)) visit();
      else leaf();
    }
  };
  if (executor.begin(executor.sceneSchedule())) visit();
  else leaf();
  return { states: seen.size, kinds };
}

/** Models that read all that they free. */
const READ_AFTER_FREE = /stale|copies/;

/** Scenes without choices, with the number of states without reduction. */
const COUNTS = [
  ['test/models/two-by-three.ts', 'two-by-three', '', 34],
  ['test/models/toy.ts', 'two', '', 553],
  ['test/models/locks.ts', 'two', '', 34],
  ['test/models/locks.ts', 'three', '', 188],
  ['test/models/locks.ts', 'spin', '', 34],
  ['test/models/locks.ts', 'try', '', 37],
  ['test/models/locks.ts', 'readers', '', 236],
  ['test/models/locks.ts', 'writers', '', 223],
  ['test/models/spawning.ts', 'one', '', 29],
  ['test/models/spawning.ts', 'two', '', 293],
  ['test/models/spawning.ts', 'family', '', 71],
  ['test/models/waiting.ts', 'wait', '', 20],
  ['test/models/waiting.ts', 'wait-two', '', 135],
  ['test/models/waiting.ts', 'lost', '', 20],
  ['test/models/waiting.ts', 'completion', '', 13],
  ['test/models/waiting.ts', 'starved', '', 54],
  ['test/models/waiting.ts', 'work-two', '', 1067],
  ['test/models/lock-waits.ts', 'freed', '', 41],
  ['test/models/moments.ts', 'seen', '', 11],
  ['test/models/moments.ts', 'seen-twin', '', 11],
  ['test/models/stale.ts', 'reads', '', 578],
  ['test/models/stale.ts', 'checks-1', '', 238],
  ['test/models/stale.ts', 'checks-2', '', 238],
  ['test/models/stale.ts', 'checks-3', '', 238],
  ['test/models/copies.ts', 'peek', 'bare', 21],
  ['test/models/copies.ts', 'snapshot', 'bare', 12],
  ['test/models/copies.ts', 'kept', 'bare', 25],
  ['test/models/copies.ts', 'shown', 'bare', 25],
  ['test/models/addresses.ts', 'compared', '', 69],
  ['test/models/addresses.ts', 'taken', '', 114],
  ['test/models/addresses.ts', 'linked', '', 34],
  ['test/models/addresses.ts', 'lost', '', 130],
  ['test/models/addresses.ts', 'recycled', '', 165],
  ['test/models/addresses.ts', 'exchanged', '', 534],
  ['examples/bank.ts', '', 'racy', 63],
  ['examples/bank.ts', '', 'locked', 50],
  ['examples/abba.ts', '', 'abba', 57],
  ['examples/abba.ts', '', 'ordered', 50],
  ['examples/double-checked.ts', '', 'broken', 117],
  ['examples/double-checked.ts', '', 'fixed', 91],
] as const;

describe.each(COUNTS)('%s %s %s', (path, scene, design, count) => {
  it('has as many states as brute force, and the same verdict with reduction', async () => {
    const plain = await run(path, { scene, design, reduce: false });
    const artefact = await modelAt(path, 'exact');
    const brute = bruteForce(
      Executor.create({ artefact, configuration: { scene, design }, eager: true }),
      READ_AFTER_FREE.test(path),
    );
    expect(plain.exhausted).toBe(true);
    expect(plain.states).toBe(brute.states);
    expect(plain.states).toBe(count);
    expect(new Set(plain.records.map((r) => r.kind))).toEqual(brute.kinds);
    const reduced = await run(path, { scene, design });
    expect(reduced.states).toBeLessThanOrEqual(plain.states);
    expect(reduced.verdict).toBe(plain.verdict);
    expect(reduced.records.map((r) => r.signature).sort()).toEqual(plain.records.map((r) => r.signature).sort());
  });
});

describe('a task before a lock that another holds', () => {
  it.each([
    ['locks', 'racy', 32],
    ['abba', 'racy', 37],
    ['bind', 'locked', 43],
  ])('counts as waiting for it: scene %s, design %s has %i states with reduction', async (scene, design, states) => {
    expect(await run('bench/models/exhaust.ts', { scene, design })).toMatchObject({ states, exhausted: true });
  });

  it('does not where the lock can be freed', async () => {
    const { records } = await run('test/models/lock-waits.ts');
    expect(records.map(({ kind }) => kind).sort()).toEqual(['deadlock', 'use-after-free']);
  });
});

describe('choices', () => {
  it('are enumerated: all outcomes of choose and fault', async () => {
    const { verdict, exhausted, states } = await run('test/models/choosing.ts', { scene: 'both', reduce: false });
    expect([verdict, exhausted, states]).toEqual(['verified', true, 83]);
  });

  it('are enumerated before the first decision that needs alternatives, too', async () => {
    const path = 'test/compare/fixtures/combination.ts';
    const { records, transitions } = await run(path, { design: 'silent' });
    expect(records.map(({ message }) => message)).toEqual(['the lock is open']);
    expect(transitions).toBe(64 ** 3);
    expect(await run(path, { design: 'welded' })).toMatchObject({ verdict: 'verified', transitions: 64 ** 3 });
  });
});

describe('the IOMMU scene walk-client', () => {
  const iommu = 'assembly/models/iommu/index.ts';

  it('is free of memory errors in v6.7: every schedule', async () => {
    for (const reduce of size().name === 'default' ? [true] : [false, true]) {
      const result = await run(iommu, { design: 'v6.7', scene: 'walk-client', oracles: MEMORY_KINDS, reduce });
      expect([result.verdict, result.exhausted, result.cut]).toEqual(['verified', true, '']);
      expect(result.states).toBeGreaterThan(reduce ? 300 : 10_000);
    }
  }, 240_000);

  it('is violated in v6.6, with the same signatures with and without reduction', async () => {
    const [full, reduced] = await Promise.all(
      [false, true].map((reduce) =>
        run(iommu, { design: 'v6.6', scene: 'walk-client', oracles: MEMORY_KINDS, reduce }),
      ),
    );
    const signatures = (r: VerifyResult | undefined): string[] => (r?.records ?? []).map((x) => x.signature).sort();
    expect(full?.verdict).toBe('violated');
    expect(full?.records.map((r) => r.symptom)).toContain('S1');
    expect(signatures(reduced)).toEqual(signatures(full));
  }, 60_000);
});

describe('a search that was cut', () => {
  it('is never called verified', async () => {
    const small = await run('test/models/toy.ts', { scene: 'three', memoryBytes: 1 << 16, reduce: false });
    expect(small.verdict).toBe('incomplete');
    expect(small.cut).toMatch(/full/);
    const aborted = new AbortController();
    aborted.abort();
    const options = { exact: await modelAt('test/models/toy.ts', 'exact'), fast: await modelAt('test/models/toy.ts') };
    const result = await verify(
      {
        ...options,
        design: '',
        scene: 'three',
        options: {},
        oracles: null,
        reduce: false,
        all: true,
        memoryBytes: 64 << 20,
        stepLimit: 20_000,
        fuelLimit: 1 << 20,
      },
      () => {},
      aborted.signal,
    );
    expect([result.verdict, result.cut]).toEqual(['incomplete', 'it was interrupted']);
  });

  it('reports a task that goes on alone for ever as a violation', async () => {
    const result = await run('test/models/endless.ts', { scene: 'alone', stepLimit: 200 });
    expect(new Set(result.records.map((r) => r.kind))).toEqual(new Set(['step-limit']));
  });
});
