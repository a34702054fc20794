/** What a comparison finds, proves and does not claim, on small models. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareDocument } from '../../src/compare/document.js';
import { Executor } from '../../src/executor/executor.js';
import { fromPortable } from '../../src/executor/portable.js';
import { loadFinding } from '../../src/findings/store.js';
import { parseSchedule } from '../../src/schedule/text.js';
import { contentsOf } from '../support/contents.js';
import { modelAt } from '../support/models.js';
import { COMBINATION, COSTS, cellAt, compareModel } from './setup.js';

const LOST = /no money is lost/;

describe('a comparison', () => {
  it('finds the bug of one design and proves the other free of it', async () => {
    const { comparison } = await compareModel('examples/bank.ts');
    const racy = cellAt(comparison, LOST, 'racy');
    if (racy.verdict !== 'found') throw new Error(racy.verdict);
    expect(racy.first).toMatchObject({
      origin: 'fuzz',
      scene: 'two-transfers',
      row: 'invariant “no money is lost” is broken at the end',
    });
    expect(racy.first.executions).toBeGreaterThan(0);
    expect(racy.first.ms).toBeGreaterThanOrEqual(0);
    const saved = loadFinding(join(racy.first.folder, 'finding.json'));
    expect(saved).toMatchObject({ minimized: true, signature: racy.first.record.signature });
    const [, locked] = comparison.runs;
    expect(locked?.search).toMatchObject({ exhausted: true, cut: '' });
    expect(cellAt(comparison, LOST, 'locked')).toEqual({ verdict: 'absent', states: locked?.search?.states });
    expect(comparison.unfinished).toEqual([]);
  });

  it('claims no absence where nothing was searched exhaustively', async () => {
    const { comparison } = await compareModel('examples/bank.ts', { verified: false });
    const [, run] = comparison.runs;
    expect(run?.fuzz?.executions).toBe(2_000);
    expect(run?.replayed).toBeGreaterThan(0);
    expect(cellAt(comparison, LOST, 'locked')).toEqual({
      verdict: 'not-found',
      executions: 2_000 + (run?.replayed ?? 0),
      states: 0,
      sites: run?.sites,
      scenesExhausted: 0,
      scenes: 1,
      doubts: [],
    });
    expect(run?.sites.reached).toBeGreaterThan(0);
    const { comparison: nothing } = await compareModel('examples/bank.ts', {
      verified: false,
      budget: { executions: null, ms: null },
    });
    expect(nothing.matrix.cells.flat()).toEqual([{ verdict: 'not-run' }, { verdict: 'not-run' }]);
  });

  it('claims no absence where the search was cut', async () => {
    const search = { memoryBytes: 32 << 20, maxTimeMs: 1 };
    const { comparison } = await compareModel(COMBINATION, { designs: ['welded'], search });
    const [run] = comparison.runs;
    if (run?.search?.exhausted !== false) throw new Error('the search was to be cut');
    expect(run.search.cut).toBe('its time was up');
    expect(comparison.matrix.cells.flat()).toMatchObject([{ verdict: 'not-found', doubts: [] }]);
  });

  it('shows each design the schedules that were interesting in another', async () => {
    // Fourteen seeds of sixteen find it in that many executions.
    const changes = { verified: false, budget: { executions: 100_000, ms: null }, seed: 2n };
    const { comparison: alone } = await compareModel(COMBINATION, { ...changes, designs: ['silent'] });
    expect(alone.runs[0]).toMatchObject({ replayed: 0, findings: [] });
    const { comparison } = await compareModel(COMBINATION, changes);
    const row = 'assertion “the lock is open” in turn';
    expect(cellAt(comparison, row, 'clicks')).toMatchObject({ verdict: 'found', first: { origin: 'fuzz' } });
    expect(cellAt(comparison, row, 'silent')).toMatchObject({
      verdict: 'found',
      first: { origin: 'replay', design: 'silent' },
    });
    expect(cellAt(comparison, row, 'welded')).toMatchObject({ verdict: 'not-found' });
  });

  it('takes what only the search finds, and shows it to the others', async () => {
    const { comparison } = await compareModel(COMBINATION, { budget: { executions: null, ms: null } });
    const row = 'assertion “the lock is open” in turn';
    expect(cellAt(comparison, row, 'silent')).toMatchObject({
      verdict: 'found',
      first: { origin: 'verify', executions: 0, ms: null },
    });
    expect(cellAt(comparison, row, 'welded').verdict).toBe('absent');
  });

  it('gives the same result from the same seed', async () => {
    const [one, two] = [await compareModel(COMBINATION), await compareModel(COMBINATION)];
    expect(timeless(two)).toEqual(timeless(one));
    expect(contentsOf(two.outDir)).toEqual(contentsOf(one.outDir));
  });

  it('says what was cut short when it is interrupted', async () => {
    const stop = new AbortController();
    stop.abort();
    const { comparison } = await compareModel('examples/bank.ts', {}, stop.signal);
    expect(comparison.unfinished).toHaveLength(9);
    expect(comparison.matrix.cells.flat().map(({ verdict }) => verdict)).toEqual(['not-run', 'not-run']);
  });
});

describe('the difference between two designs', () => {
  it('is one schedule that fails in one and passes in the other, saved with both runs', async () => {
    const { comparison } = await compareModel('examples/bank.ts');
    const [explanation] = comparison.explanations;
    const told = explanation?.found;
    if (!told) throw new Error('no explanation');
    expect(told).toMatchObject({ fails: 'racy', other: 'locked', instead: [], dropped: 0, decisions: 1 });
    const artefact = await modelAt('examples/bank.ts');
    const kinds = ['fails', 'other'].map((name) => {
      const schedule = parseSchedule(readFileSync(join(told.folder, `${name}.sched`), 'utf8'));
      const executor = Executor.create({ artefact, configuration: schedule });
      return executor.run(fromPortable(executor, schedule).hot).findings.map(({ kind }) => kind);
    });
    expect(kinds).toEqual([['invariant'], []]);
    const report = readFileSync(join(told.folder, 'report.txt'), 'utf8');
    expect(report).toMatch(
      /^racy fails: invariant “no money is lost”[\s\S]*locked with the same decisions: passes\n\n.*transfer\(10\)/,
    );
  });

  it('is not made up where there is none', async () => {
    const { comparison } = await compareModel(COMBINATION, {
      designs: ['silent', 'clicks'],
      pairs: [['silent', 'clicks']],
    });
    expect(comparison.explanations).toMatchObject([
      { found: null, reason: 'each finding of one of them is shown by the same schedule in the other' },
    ]);
    const { comparison: silent } = await compareModel('examples/bank.ts', {
      verified: false,
      designs: ['locked'],
      pairs: [['locked', 'locked']],
    });
    expect(silent.explanations).toMatchObject([{ found: null, reason: 'neither has shown a finding' }]);
  });
});

describe('the counters', () => {
  const [single, batch] = ['<i>single</i> & "one"', 'batch'];

  it('are measured for each design, divided by one of them, and swept over an option', async () => {
    const sweep = { option: 'items', values: [1, 2, 3] };
    const { comparison } = await compareModel(COSTS, { verified: false, scenes: ['one'], sweep, per: 'items' });
    const means = (design: string, which: 'total' | 'per') =>
      comparison.counters
        .filter((sample) => sample.design === design)
        .map(({ rows }) => rows.find(({ name }) => name === 'lock <acquisitions>')?.[which]?.mean);
    expect(means(single, 'total')).toEqual([1, 2, 3]);
    expect(means(batch, 'total')).toEqual([1, 1, 1]);
    expect(means(single, 'per')).toEqual([1, 1, 1]);
    expect(means(batch, 'per')?.map((mean) => mean?.toFixed(3))).toEqual(['1.000', '0.500', '0.333']);
    expect(comparison.counters[0]).toMatchObject({ value: 1, executions: 1000, leftOut: 0 });
    expect(comparison.warnings).toEqual([]);
  });

  it('leave out executions that a finding has cut short, and say how many', async () => {
    const { comparison } = await compareModel(COSTS, { verified: false, scenes: ["two|<fillers>'"], per: 'nothing' });
    const [racy, locked] = comparison.counters;
    expect(racy?.leftOut).toBeGreaterThan(0);
    expect((racy?.leftOut ?? 0) + (racy?.executions ?? 0)).toBe(1000);
    expect(racy?.rows.find(({ name }) => name === 'items')?.total).toEqual({ min: 4, mean: 4, max: 4, byDefault: 4 });
    expect(locked).toMatchObject({ executions: 1000, leftOut: 0 });
    expect(comparison.warnings).toEqual([
      expect.stringMatching(/“nothing” that --per names; there are: items, lock <acquisitions>$/),
    ]);
  });
});

/** Everything but clocks and the folder's name. */
function timeless({ comparison, outDir }: Awaited<ReturnType<typeof compareModel>>): unknown {
  const text = JSON.stringify(compareDocument(comparison, (path) => path));
  return JSON.parse(text.replaceAll(outDir, 'out'), (key, value) => (key === 'ms' || key === 'elapsedMs' ? 0 : value));
}
