/** What scripts/iommu-matrix.mjs may write over, and whether the commands of the page measure what their rows say. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const load = async <T>(path: string): Promise<T> => (await import(new URL(`../../${path}`, import.meta.url).href)) as T;

type Flags = Readonly<Record<string, string | boolean>>;
interface Results {
  readonly model: string;
  readonly matrix: Readonly<Record<string, object>>;
  readonly sweeps: object;
  readonly locks: object;
  readonly soaks: object;
}

const { checkFlags, resultsToContinue } = await load<{
  checkFlags(flags: Flags, isCommitted: boolean): void;
  resultsToContinue(before: object, hash: string, flags: Flags, isCommitted: boolean): object;
}>('scripts/iommu/keeping.mjs');
const { parseFlags } = await load<{ parseFlags(words: string[]): Flags }>('scripts/iommu/flags.mjs');
const { readResults } = await load<{ readResults(): Results }>('scripts/iommu/document.mjs');
const { Measured } = await load<{ Measured: new (results: object) => object }>('scripts/iommu/measured.mjs');
const { claimRows } = await load<{ claimRows(measured: object, root: string): string[][] }>('scripts/iommu/claims.mjs');

const docs = (): string[] =>
  ['iommu.md', 'iommu-results.json'].map((name) => readFileSync(`${ROOT}/docs/${name}`, 'utf8'));

describe('a run that leaves something out', () => {
  const recorded = { model: 'old', matrix: { aliases: {} } };

  it.each([['only'], ['parts'], ['minutes']])('--%s does not lose what is recorded of another model', (flag) => {
    const run = (): object => resultsToContinue(recorded, 'new', { [flag]: 'aliases' }, true);
    expect(run).toThrow(new RegExp(`of the model old, this one is new: with --${flag} .*add --out FOLDER`));
  });

  it('goes on from what is recorded of the same model, and begins anew in a folder of its own', () => {
    expect(resultsToContinue(recorded, 'old', { only: 'aliases' }, true)).toBe(recorded);
    expect(resultsToContinue(recorded, 'new', { only: 'aliases' }, false)).toEqual({ model: 'new' });
    expect(resultsToContinue({ model: '' }, 'new', { only: 'aliases' }, true)).toEqual({ model: 'new' });
  });

  it('is none if everything is measured again', () => {
    expect(resultsToContinue(recorded, 'new', {}, true)).toEqual({ model: 'new' });
  });

  it('does not put small budgets on the committed page', () => {
    expect(() => checkFlags({ quick: true }, true)).toThrow(/--quick: .*add --out FOLDER/);
    expect(() => checkFlags({ quick: true, out: 'elsewhere' }, false)).not.toThrow();
    expect(() => checkFlags({ render: true, out: 'elsewhere' }, false)).toThrow(/--render/);
  });

  it('says so at once, in a process of its own, and the committed files are as they were', () => {
    const before = docs();
    for (const words of [['--quick'], ['--quick', '--only', 'aliases', '--out', 'docs']]) {
      const { status, stderr } = spawnSync(process.execPath, ['scripts/iommu-matrix.mjs', ...words], {
        cwd: ROOT,
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([2, expect.stringContaining('add --out FOLDER')]);
    }
    expect(docs()).toEqual(before);
  });
});

describe('the command of a claim', () => {
  const results = readResults();
  const rows = claimRows(new Measured(results), ROOT);

  it.each(rows.map((row) => [row[1] ?? '', row] as const))('measures what the row says: %s', (claim, row) => {
    const words = (row[4] ?? '').replaceAll('`', '').split(' ');
    const flags = parseFlags(words.slice(2));
    if (flags.render) return;
    expect(flags.out).toEqual(expect.any(String));
    const only = typeof flags.only === 'string' ? flags.only.split(',') : [];
    const parts = typeof flags.parts === 'string' ? flags.parts.split(',') : ['matrix'];
    const alone = {
      model: results.model,
      matrix: Object.fromEntries(Object.entries(results.matrix).filter(([id]) => only.includes(id))),
      sweeps: parts.includes('sweeps') ? results.sweeps : {},
      locks: parts.includes('locks') ? results.locks : {},
      soaks: results.soaks, // hours of silence, which no row is to repeat
    };
    const again = claimRows(new Measured(alone), ROOT).find(([, text]) => text === claim);
    expect(again?.[3]).toBe(row[3]);
  });
});
