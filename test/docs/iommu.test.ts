/** The page of the thread's claims: its parts are generated, and what generates them says nothing that was not measured. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { Executor } from '../../src/executor/executor.js';
import { modelAt } from '../support/models.js';

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const load = async <T>(path: string): Promise<T> => (await import(at(path).href)) as T;

type Cell = { readonly verdict: string; readonly [more: string]: unknown };
interface Measured {
  cell(symptom: string, design: string): Cell | null;
  undecided(designs: string[]): { symptom: string; design: string }[];
}
type Part = (measured: Measured, ...more: unknown[]) => string;

const { Measured, verdictOf } = await load<{
  Measured: new (results: object) => Measured;
  verdictOf(expected: string, cell: Cell | null): string;
}>('scripts/iommu/measured.mjs');
const parts = await load<Record<string, Part> & { cellText(cell: Cell | null): string }>('scripts/iommu/page.mjs');
const { claimRows } = await load<{ claimRows(measured: Measured, root: string): string[][] }>(
  'scripts/iommu/claims.mjs',
);
const { medianOf } = await load<{ medianOf(result: object, symptom: string): Record<string, number> | null }>(
  'scripts/iommu/first.mjs',
);
const { renderPage, readResults, committedSchedules } = await load<{
  renderPage(page: string, results: object, schedules: object[]): string;
  readResults(): { readonly matrix: object };
  committedSchedules(): { design: string; symptom: string; name: string }[];
}>('scripts/iommu/document.mjs');
const { BESIDES } = await load<{ BESIDES: { name: string; of?: string }[] }>('scripts/iommu/notes.mjs');
const { parseFlags } = await load<{ parseFlags(words: string[]): object }>('scripts/iommu/flags.mjs');
const { DESIGNS, EXPERIMENTS, EXPECTED, SMALLEST, SYMPTOMS } = await load<{
  DESIGNS: string[];
  EXPERIMENTS: { id: string; scenes: string[]; symptoms: string[]; options?: Record<string, number> }[];
  EXPECTED: Record<string, string[]>;
  SMALLEST: Record<string, { scene: string; options?: Record<string, number> }>;
  SYMPTOMS: Record<string, string>;
}>('scripts/iommu/experiments.mjs');

const page = readFileSync(at('docs/iommu.md'), 'utf8');

type Run = {
  scene?: string;
  found?: object;
  exhausted?: boolean;
  unsure?: object;
  states?: number;
  executions?: number;
};

/** Results of one experiment a run, for symptom S1 of design v6.7. */
function measured(...runs: Run[]): Measured {
  const matrix = runs.map((run, i) => [
    `e${i}`,
    {
      experiment: { id: `e${i}`, scenes: [run.scene ?? 'walk-client'], symptoms: ['S1'], designs: ['v6.7'] },
      rows: ['S1'],
      runs: [
        {
          design: 'v6.7',
          scene: 'walk-client',
          executions: 5,
          states: 1000,
          exhausted: false,
          found: {},
          unsure: {},
          ...run,
        },
      ],
      findings: [],
      counters: [],
    },
  ]);
  return new Measured({ matrix: Object.fromEntries(matrix) });
}

const found = (executions: number, origin = 'fuzz'): Run => ({ found: { S1: { origin, executions, ms: 1 } } });
const absent: Run = { exhausted: true };
const unfound: Run = { exhausted: false };

describe('docs/iommu.md', () => {
  it('is what the results, the notes and the committed schedules say', () => {
    expect(renderPage(page, readResults(), committedSchedules())).toBe(page);
  });

  it('has a note for each difference and for each finding besides, and no note of what is not found', () => {
    expect(page).not.toContain('not explained yet');
    expect(BESIDES.length).toBeGreaterThan(20);
    const { matrix } = readResults();
    for (const { name, of } of BESIDES) if (!of || of in matrix) expect(page).toContain(`| ${name} |`);
  });

  it('has an experiment for each symptom of the thread’s table, and one that runs its smallest scene', () => {
    for (const symptom of Object.keys(SYMPTOMS)) {
      const { scene, options = {} } = SMALLEST[symptom] ?? { scene: '' };
      const own = EXPERIMENTS.filter(({ symptoms }) => symptoms.includes(symptom));
      const isIt = (e: (typeof own)[number]): boolean =>
        e.scenes.includes(scene) && JSON.stringify(e.options ?? {}) === JSON.stringify(options);
      expect(own.some(isIt), symptom).toBe(true);
    }
    expect(new Set(EXPERIMENTS.map(({ id }) => id)).size).toBe(EXPERIMENTS.length);
  });

  it('shows commands that parse, of designs, scenes and options that the model has', async () => {
    const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, text = '']) => text.trim().split('\n'));
    const inline = [...page.matchAll(/`((?:heddle \S+ iommu|node scripts\/iommu-matrix\.mjs) [^`<]*)`/g)].map(
      ([, text = '']) => text,
    );
    const { designs, scenes, options } = Executor.describe(await modelAt('assembly/models/iommu/index.ts'));
    const has = (list: readonly { readonly name: string }[], name: string): boolean =>
      list.some((x) => x.name === name);
    const commands = [...blocks, ...inline];
    expect(commands.length).toBeGreaterThanOrEqual(12);
    for (const text of commands) {
      const words = [...text.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain);
      if (words[0] === 'node') {
        expect(() => parseFlags(words.slice(2)), text).not.toThrow();
        continue;
      }
      const command = createProgram().commands.find((one) => one.name() === words[1]);
      const { operands, unknown } = command?.parseOptions(words.slice(2)) ?? { operands: [], unknown: [text] };
      expect({ text, operands, unknown }).toEqual({ text, operands: ['iommu'], unknown: [] });
      const value = (flag: string): string[] => words.flatMap((word, i) => (word === flag ? [words[i + 1] ?? ''] : []));
      for (const name of value('--designs').flatMap((list) => list.split(',')))
        expect(has(designs, name), text).toBe(true);
      for (const name of value('--design')) expect(has(designs, name), text).toBe(true);
      for (const name of value('--scene')) expect(has(scenes, name), text).toBe(true);
      for (const name of value('--scenes').flatMap((list) => list.split(',')))
        expect(has(scenes, name), text).toBe(true);
      for (const pair of value('--option')) expect(has(options, pair.split('=')[0] ?? ''), text).toBe(true);
    }
  }, 300_000);

  it('refuses flags that it does not know', () => {
    expect(() => parseFlags(['--onyl', 'aliases'])).toThrow(/--onyl: there are --render/);
    expect(() => parseFlags(['--only', 'alias'])).toThrow(/alias: there are walk-client/);
    expect(() => parseFlags(['--parts', 'all'])).toThrow(/all: there are matrix/);
    expect(parseFlags(['--quick', '--only', 'aliases'])).toEqual({ quick: true, only: 'aliases' });
  });
});

describe('what was not measured', () => {
  const nothing = new Measured({});

  it('reads as such in each part of the page, never as passed', () => {
    for (const symptom of Object.keys(SYMPTOMS)) {
      DESIGNS.forEach((design, i) => {
        const cell = nothing.cell(symptom, design);
        expect(parts.cellText(cell)).toBe('not measured');
        expect(verdictOf(EXPECTED[symptom]?.[i] ?? '', cell)).toBe('open');
      });
    }
    for (const row of parts.matrixPart?.(nothing).split('\n').slice(2) ?? []) {
      expect(
        row
          .split(' | ')
          .slice(2)
          .every((cell) => cell.startsWith('not measured')),
        row,
      ).toBe(true);
    }
    const first = parts.firstPart?.(nothing) ?? '';
    expect(first).not.toMatch(/\d (?:s|ex\.)/);
    expect(parts.mutationsPart?.(nothing)).toBe('Not measured yet.');
    expect(parts.sweepsPart?.(nothing)).toBe('Not measured yet.');
    expect(parts.countersPart?.(nothing)).toBe('Not measured yet.');
    expect(parts.differencesPart?.(nothing, {})).toMatch(/0 agrees, 0 confirmed, 0 refuted, 0 differs, 70 open/);
  });

  it('has no claim that holds or does not', () => {
    const rows = claimRows(nothing, '/nowhere');
    expect(rows.length).toBeGreaterThanOrEqual(12);
    for (const [who, claim, , result, command] of rows) {
      expect(['Jason', 'Robin']).toContain(who);
      expect([claim, result]).toEqual([claim, 'not measured yet']);
      expect(command).toMatch(/^`node scripts\/iommu-matrix\.mjs --/);
    }
  });

  it('leaves the rest of a page as it was measured', () => {
    const half = measured(absent);
    expect(half.cell('S1', 'v6.6')).toBeNull();
    expect(half.cell('S2', 'v6.7')).toBeNull();
    const [aliases] = claimRows(half, '/nowhere').filter(([, claim]) => claim?.startsWith('no lock cures'));
    expect(aliases?.[3]).toBe('not measured yet');
  });
});

describe('a cell of the measured matrix', () => {
  it('is found if one scene shows it, and absent if its smallest scene was searched to the end', () => {
    const text = (...runs: Run[]): string => parts.cellText(measured(...runs).cell('S1', 'v6.7'));
    expect(text(absent, absent)).toBe('– 2.0 k states');
    expect(text(absent, { ...unfound, scene: 'open-coded-before' })).toBe(
      '– 1.0 k states; not all of open-coded-before',
    );
    expect(text({ ...absent, scene: 'open-coded-before' }, unfound)).toBe('? not in 10 ex., 2.0 k states');
    expect(text({ ...absent, unsure: { S1: ['may be hidden'] } })).toBe('? not in 5 ex., 1.0 k states');
    expect(text(found(0, 'verify'), found(9), found(3), absent)).toBe('**P** 3 ex., 0.0 s, walk-client');
  });

  it('that no search decides is silent after a soak, and only then', () => {
    const open = measured(unfound);
    expect(open.undecided(DESIGNS)).toEqual([{ symptom: 'S1', design: 'v6.7', scene: 'walk-client', options: {} }]);
    const soak = { soak: { design: 'v6.7', scene: 'walk-client', options: {}, symptoms: ['S1'] }, executions: 2e7 };
    const cell = (seen: object): Cell | null => {
      const soaked = Object.assign(measured(unfound), { soaks: { it: { ...soak, seen } } });
      return soaked.cell('S1', 'v6.7');
    };
    expect(parts.cellText(cell({}))).toBe('– not in 20.0 M ex., not searched to the end');
    expect(verdictOf('e', cell({}))).toBe('confirmed');
    expect(cell({ S1: { executions: 7, ms: 1 } })?.verdict).toBe('found');
  });

  it.each([
    ['P', 'found', 'agrees'],
    ['P', 'absent', 'differs'],
    ['P', 'silent', 'open'],
    ['P', 'not-found', 'open'],
    ['–', 'absent', 'agrees'],
    ['–', 'silent', 'agrees'],
    ['–', 'not-found', 'open'],
    ['–', 'found', 'differs'],
    ['e', 'absent', 'confirmed'],
    ['e', 'not-found', 'open'],
    ['e', 'found', 'refuted'],
    ['~', 'found', 'agrees'],
    ['~', 'absent', 'differs'],
  ])('where %s was said and it is %s: %s', (expected, verdict, answer) => {
    expect(verdictOf(expected, { verdict })).toBe(answer);
  });
});

describe('the other parts', () => {
  it('take medians over all seeds, and none where most seeds have not shown it', () => {
    const runs = (...ms: (number | null)[]): object => ({
      seeds: 5,
      runs: ms.map((t) => ({ wanted: ['S1'], seen: t === null ? {} : { S1: { executions: 10 * t, ms: t } } })),
    });
    expect(medianOf(runs(5, 1, 9, 3, 4), 'S1')).toEqual({ found: 5, of: 5, seeds: 5, executions: 40, ms: 4 });
    expect(medianOf(runs(5, null, 9, null, 4), 'S1')).toMatchObject({ found: 3, ms: 9 });
    expect(medianOf(runs(5, null, null, null), 'S1')).toMatchObject({ found: 1, of: 4, ms: Number.POSITIVE_INFINITY });
    expect(medianOf(runs(1, 2), 'S1')?.ms).toBe(Number.POSITIVE_INFINITY);
    expect(medianOf(runs(1), 'S2')).toBeNull();
  });

  it('join findings that a note calls one fault, and say which are not explained', () => {
    const finding = { row: 'other', kind: 'leak', design: 'v6.7', scene: 'walk-client', preemptions: 2, switches: 's' };
    const results = measured(absent) as unknown as { matrix: { e0: { findings: object[] } } };
    results.matrix.e0.findings.push(
      { ...finding, title: 'a', signature: '1' },
      { ...finding, title: 'b', signature: '2', preemptions: 1, switches: 'switch 0 f -> 1' },
      { ...finding, title: 'c', signature: '3' },
      { ...finding, title: 'd', signature: '4', row: 'S6' },
    );
    const note = { name: 'one fault', argument: 'it can', fits: ({ title }: { title: string }) => title < 'c' };
    const rows = parts
      .besidesPart?.(results as unknown as Measured, [note])
      .split('\n')
      .slice(2);
    expect(rows).toEqual([
      '| one fault | other | v6.7 (walk-client) | 2 | e0, v6.7, walk-client: switch 0 f -> 1 | it can |',
      '| c | other | v6.7 (walk-client) | 1 | e0, v6.7, walk-client: s | not explained yet |',
    ]);
  });

  it('say which symptom comes back without a key, and when none does', () => {
    const run = (found: object): Measured =>
      Object.assign(measured(), {
        mutations: {
          m: {
            experiment: { what: 'no mutex', designs: ['v6.7'], scenes: ['walk-client'], options: {}, brings: ['S1'] },
            rows: ['S1', 'other'],
            runs: [{ design: 'v6.7', found }],
          },
        },
      });
    expect(parts.mutationsPart?.(run({ S1: {}, other: {} }))).toMatch(/\| S1 \| S1 \| other \|$/);
    expect(parts.mutationsPart?.(run({ other: {} }))).toMatch(/\| S1 \| \*\*none comes back\*\* \| other \|$/);
  });

  it('name the schedule of each symptom that was found, or say that it is missing', () => {
    const row = (schedules: object[]): string =>
      parts.schedulesPart?.(measured(found(1)), schedules).split('\n')[2] ?? '';
    expect(row([{ design: 'v6.7', symptom: 'S1', name: 'abc' }])).toContain('| abc |');
    expect(row([])).toContain('| **missing** |');
  });
});
