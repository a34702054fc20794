/** The page of the thread's claims: its parts are generated, and what generates them says nothing that was not measured. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const load = async <T>(path: string): Promise<T> => (await import(at(path).href)) as T;

type Cell = { readonly verdict: string; readonly [more: string]: unknown };
interface Measured {
  cell(symptom: string, design: string): Cell | null;
}
const { Measured, cellText, expectedPart, verdictOf } = await load<{
  Measured: new (results: object) => Measured;
  cellText(cell: Cell | null): string;
  expectedPart(): string;
  verdictOf(expected: string, cell: Cell | null): string;
}>('scripts/iommu/measured.mjs');
const { claimRows } = await load<{ claimRows(measured: Measured, root: string): string[][] }>(
  'scripts/iommu/claims.mjs',
);
const { EXPERIMENTS, SYMPTOMS } = await load<{
  EXPERIMENTS: { id: string; scenes: string[]; symptoms: string[] }[];
  SYMPTOMS: Record<string, string>;
}>('scripts/iommu/experiments.mjs');

const page = readFileSync(at('docs/iommu.md'), 'utf8');

function part(name: string): string {
  const match = new RegExp(`<!-- ${name} -->\\n([\\s\\S]*?)\\n?<!-- /${name} -->`).exec(page);
  if (!match) throw new Error(`docs/iommu.md has no part ${name}`);
  return match[1] ?? '';
}

/** Experiments with one symptom's cells in design `d`. */
function measured(...cells: Cell[]): Measured {
  const results = cells.map((cell, i) => [
    `e${i}`,
    { experiment: { symptoms: ['S1'] }, document: { matrix: [{ symptom: 'S1', cells: { d: cell } }] } },
  ]);
  return new Measured(Object.fromEntries(results));
}

const found = (executions: number, origin = 'fuzz'): Cell => ({ verdict: 'found', origin, executions, ms: 1 });
const absent: Cell = { verdict: 'absent', states: 1000 };
const unfound: Cell = { verdict: 'not-found', executions: 5, states: 0 };

describe('docs/iommu.md', () => {
  it('has the table of what was known as the script has it', () => {
    expect(part('expected')).toBe(expectedPart());
  });

  it.each(['matrix', 'differences', 'besides', 'counters', 'claims', 'experiments'])(
    'has a generated part %s',
    (name) => {
      expect(part(name).trim()).not.toBe('');
    },
  );

  it('has an experiment for each symptom of the thread’s table', () => {
    const covered = new Set(EXPERIMENTS.flatMap(({ symptoms }) => symptoms));
    expect(Object.keys(SYMPTOMS).filter((name) => !covered.has(name))).toEqual([]);
    expect(new Set(EXPERIMENTS.map(({ id }) => id)).size).toBe(EXPERIMENTS.length);
  });
});

describe('a cell of the measured matrix', () => {
  it('is absent only if every experiment says so, and found if one does', () => {
    expect(measured(absent, absent).cell('S1', 'd')).toEqual({ verdict: 'absent', states: 2000 });
    expect(measured(absent, unfound).cell('S1', 'd')).toEqual({ verdict: 'not-found', executions: 5, states: 1000 });
    expect(measured(found(0, 'verify'), found(9), found(3), absent).cell('S1', 'd')).toEqual(found(3));
    expect(measured(absent).cell('S2', 'd')).toBeNull();
    expect([null, absent, unfound].map(cellText)).toEqual(['not measured', '– 1.0 k states', '? 5 ex., 0 states']);
  });

  it.each([
    ['P', found(1), 'agrees'],
    ['P', absent, 'differs'],
    ['P', unfound, 'open'],
    ['–', absent, 'agrees'],
    ['–', unfound, 'open'],
    ['–', found(1), 'differs'],
    ['e', absent, 'confirmed'],
    ['e', unfound, 'open'],
    ['e', found(1), 'refuted'],
    ['~', found(1), 'agrees'],
    ['~', absent, 'open'],
    ['P', null, 'open'],
  ])('where %s was said and %j measured: %s', (expected, cell, verdict) => {
    expect(verdictOf(expected, cell)).toBe(verdict);
  });
});

describe('the claims', () => {
  it('have no result before anything is measured', () => {
    const rows = claimRows(new Measured({}), '/nowhere');
    expect(rows.length).toBeGreaterThanOrEqual(12);
    for (const [who, claim, , result, command] of rows) {
      expect(['Jason', 'Robin']).toContain(who);
      expect([claim, result]).toEqual([claim, 'not measured yet']);
      expect(command).toMatch(/^`node scripts\/iommu-matrix\.mjs --/);
    }
  });

  it('have the figures of the measured documents', () => {
    const row = (per: number): object => ({
      name: 'probe_device calls',
      total: { min: per, mean: per, max: per, byDefault: per },
      per: null,
    });
    const counters = [
      { design: 'ask-every-driver', scene: 'walk-client', executions: 1000, rows: [row(7)] },
      { design: 'xlate-helper', scene: 'walk-client', executions: 1000, rows: [row(5)] },
    ];
    const experiment = { symptoms: [], scenes: ['walk-client'] };
    const rows = claimRows(
      new Measured({ 'walk-client': { experiment, document: { counters, matrix: [] } } }),
      '/nowhere',
    );
    const ops = rows.find(([, claim]) => claim?.startsWith('real systems have one kind'));
    expect(ops?.[3]).toMatch(/^probe_device calls: ask-every-driver 7 · 7, xlate-helper 5 · 5;/);
  });
});
