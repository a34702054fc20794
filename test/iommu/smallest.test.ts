/** Each symptom where docs/iommu-model.md says that it is seen first, and on `full`; and what comes back without the key of a design. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { modelAt } from '../support/models.js';
import { size } from '../support/size.js';
import { MODEL, symptomsOf } from './shows.js';

interface Smallest {
  readonly symptom: string;
  readonly design: string;
  readonly scene: string;
  readonly options: Readonly<Record<string, number>>;
  readonly full: Readonly<Record<string, number>> | null;
}
/** One of scripts/iommu/mutations.mjs. */
interface Mutation {
  readonly id: string;
  readonly what: string;
  readonly designs: readonly string[];
  readonly scenes: readonly string[];
  readonly options: Readonly<Record<string, number>>;
  readonly brings: readonly string[];
}

async function data<T>(file: string, name: string): Promise<readonly T[]> {
  const module = (await import(new URL(`../../scripts/iommu/${file}`, import.meta.url).href)) as Record<
    string,
    unknown
  >;
  return module[name] as readonly T[];
}

const SMALLEST = await data<Smallest>('smallest.mjs', 'SMALLEST');
const MUTATIONS = await data<Mutation>('mutations.mjs', 'MUTATIONS');
const isDefault = size().name === 'default';
const EXECUTIONS = 20_000;

beforeAll(() => modelAt(MODEL), 300_000);

describe('the smallest scenes', () => {
  it.each(SMALLEST)(
    '$design shows $symptom in $scene $options',
    async ({ symptom, ...where }) => {
      expect([...(await symptomsOf(where, EXECUTIONS, symptom))]).toContain(symptom);
    },
    60_000,
  );

  it.runIf(!isDefault).each(SMALLEST.filter(({ full }) => full))(
    '$design shows $symptom in full $full',
    async ({ symptom, design, full }) => {
      const where = { design, scene: 'full', options: full ?? {} };
      expect([...(await symptomsOf(where, 400_000, symptom))]).toContain(symptom);
    },
    300_000,
  );

  it('are those of the page', () => {
    const page = readFileSync(new URL('../../docs/iommu-model.md', import.meta.url), 'utf8');
    for (const { symptom, scene, options } of SMALLEST) {
      const names = Object.entries(options).map(([name, value]) => `\`${name}=${value}\``);
      const line = page
        .split('\n')
        .find((l) => l.startsWith(`| ${symptom} |`) && l.includes(`| \`${scene}\` | ${names.join(' ')}`));
      expect(line, `${symptom} in ${scene}`).toBeDefined();
    }
  });
});

describe('the key of a design', () => {
  it.each(MUTATIONS)(
    '$what: $brings',
    async ({ designs: [design = ''], scenes: [scene = ''], options, brings }) => {
      const executions = isDefault ? 3_000 : EXECUTIONS;
      const kept = await symptomsOf({ design, scene }, executions);
      const gone = await symptomsOf({ design, scene, options }, executions);
      expect(brings.filter((symptom) => gone.has(symptom) && !kept.has(symptom))).not.toEqual([]);
    },
    60_000,
  );
});
