// The kit's primitives and the examples under random schedules.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FindingKind } from '../../src/executor/types.js';
import { executorOf, modelAt, sourceOf } from '../support/models.js';
import { failingSchedules, randomRun } from '../support/schedules.js';

const MODELS = 'test/models';
const RUNS = 300;

// Building takes seconds when the machine is busy.
beforeAll(async () => {
  for (const name of ['waiting', 'locks', 'spawning']) await modelAt(`${MODELS}/${name}.ts`);
  for (const name of ['bank', 'abba', 'double-checked']) await modelAt(`examples/${name}.ts`);
}, 120_000);

/** Kinds of all findings in some random runs of a scene. */
async function kindsIn(model: string, scene: string, design?: string): Promise<FindingKind[]> {
  const executor = await executorOf(model, design === undefined ? { scene } : { scene, design });
  const kinds = new Set<FindingKind>();
  for (let seed = 1; seed <= RUNS; seed++) {
    const { recorded } = randomRun(executor, seed);
    for (const finding of executor.run(recorded).findings) kinds.add(finding.kind);
  }
  return [...kinds];
}

describe('kit', () => {
  it.each(['wait', 'wait-two', 'completion', 'work', 'work-two'])('%s: nobody waits for ever', async (scene) => {
    expect(await kindsIn(`${MODELS}/waiting.ts`, scene)).toEqual([]);
  });

  it.each(['lost', 'starved'])('%s: a task waits for ever', async (scene) => {
    expect(await kindsIn(`${MODELS}/waiting.ts`, scene)).toEqual(['deadlock']);
  });

  it.each(['two', 'three', 'spin', 'readers', 'writers', 'try'])('locks, %s: silent', async (scene) => {
    expect(await kindsIn(`${MODELS}/locks.ts`, scene)).toEqual([]);
  });

  it.each(['one', 'two', 'family'])('spawning, %s: silent', async (scene) => {
    expect(await kindsIn(`${MODELS}/spawning.ts`, scene)).toEqual([]);
  });

  it('a mutex loses no increment: one end state', async () => {
    const executor = await executorOf(`${MODELS}/locks.ts`, { scene: 'three' });
    const ends = new Set<bigint>();
    for (let seed = 1; seed <= RUNS; seed++) ends.add(randomRun(executor, seed).hash);
    expect(ends.size).toBe(1);
  });
});

describe('examples', () => {
  it.each([
    ['bank', 'racy', 'two-transfers', 'invariant'],
    ['abba', 'abba', 'opposite', 'deadlock'],
    ['double-checked', 'broken', 'two-users', 'assertion'],
  ])('%s: the design %s fails', async (name, design, scene, kind) => {
    expect(await kindsIn(`examples/${name}.ts`, scene, design)).toEqual([kind]);
  });

  it.each([
    ['bank', 'locked', 'two-transfers'],
    ['abba', 'ordered', 'opposite'],
    ['double-checked', 'fixed', 'two-users'],
  ])('%s: the design %s is silent', async (name, design, scene) => {
    expect(await kindsIn(`examples/${name}.ts`, scene, design)).toEqual([]);
  });

  it('docs/models.md shows examples/bank.ts as it is, in at most 30 lines', () => {
    const example = sourceOf('examples/bank.ts');
    const page = readFileSync(new URL('../../docs/models.md', import.meta.url), 'utf8');
    expect(page).toContain(`\`\`\`ts\n${example}\`\`\``);
    expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(30);
  });
});

describe('kit deadlocks replay', () => {
  it('a recorded deadlock happens again', async () => {
    const executor = await executorOf('examples/abba.ts', { design: 'abba' });
    const [schedule] = failingSchedules(executor, 'deadlock');
    expect(schedule && executor.run(schedule).findings.map((f) => f.kind)).toEqual(['deadlock']);
  });
});
