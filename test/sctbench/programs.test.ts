/** SCTBench's programs as models: the bug, and nothing else, is within reach of a random walk; the corrected twin is silent. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import type { FindingKind } from '../../src/executor/types.js';
import { modelAt } from '../support/models.js';
import { size } from '../support/size.js';
import { type Granularity, PROGRAMS, type Program } from './programs.js';

/** Built by default: one of each kind of finding. A build takes seconds, so the others are for longer runs. */
const FEW = ['reorder_3', 'CVE-2016-1973'];
/** Out of a random walk's reach: a bug of five switches, and at C many threads. */
const RARE: Readonly<Record<Granularity, readonly string[]>> = {
  A: ['SafeStack'],
  C: ['SafeStack', 'reorder_10', 'reorder_20', 'reorder_50', 'reorder_100', 'twostage_100'],
};
const EXECUTIONS = size().name === 'soak' ? 20_000 : 5_000;

const programs = PROGRAMS.filter(({ name }) => size().name !== 'default' || FEW.includes(name));

async function kindsSeen(program: Program, granularity: Granularity, design: string): Promise<Set<FindingKind>> {
  const executor = Executor.create({
    artefact: await modelAt(program.model),
    configuration: { design, scene: program.scenes[granularity] },
  });
  executor.strategy('random');
  executor.seed(7n);
  const kinds = new Set<FindingKind>();
  for (let done = 0; done < EXECUTIONS; ) {
    done += executor.batch(EXECUTIONS - done);
    for (const finding of executor.result().findings) {
      kinds.add(finding.kind);
      executor.acknowledge(finding);
    }
  }
  return kinds;
}

describe.each(programs)('$name', (program) => {
  it.each(['A', 'C'] as const)('has its bug and no other, granularity %s', async (granularity) => {
    const kinds = await kindsSeen(program, granularity, 'buggy');
    const others = [...kinds].filter((kind) => !program.kinds.includes(kind));
    // Both calls of that one lose the first allocation, which is a leak besides.
    expect(others).toEqual(program.name === 'CVE-2017-6346' ? ['leak'] : []);
    if (!RARE[granularity].includes(program.name)) expect(kinds.size).toBeGreaterThan(0);
  });

  it.each(['A', 'C'] as const)('has a twin that is silent, granularity %s', async (granularity) => {
    expect(await kindsSeen(program, granularity, 'fixed')).toEqual(new Set());
  });
});
