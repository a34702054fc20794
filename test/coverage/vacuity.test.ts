// The report of what was never reached names each kind of thing that a scene leaves out, and nothing of what the other scene has.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import { type Vacuity, vacuityLines } from '../../src/coverage/vacuity.js';
import type { ModelArtefact } from '../../src/executor/instance.js';
import { heddle, inFolder } from '../cli/run.js';
import { modelAt } from '../support/models.js';

const MODEL = 'test/models/vacuous.ts';
let artefact: ModelArtefact;
let little: Vacuity;
let all: Vacuity;

beforeAll(async () => {
  artefact = await modelAt(MODEL);
  little = await vacuityOfScene('little');
  all = await vacuityOfScene('all');
}, 120_000);

async function vacuityOfScene(scene: string, options: Readonly<Record<string, number>> = {}): Promise<Vacuity> {
  const outDir = mkdtempSync(join(tmpdir(), 'heddle-vacuity-'));
  try {
    const { vacuity } = await runCampaign(
      {
        modelArgument: MODEL,
        artefact,
        design: 'one',
        scene,
        options,
        jobs: 1,
        seed: 1n,
        maxTimeMs: null,
        maxExecutions: 2_000,
        stopOnFirst: false,
        deterministic: true,
        strategy: 'portfolio',
        oracles: ['trap'],
        outDir,
        stepLimit: 4000,
        fuelLimit: 1 << 20,
        hangMs: 10_000,
        minimize: false,
      },
      {},
      new AbortController().signal,
    );
    return vacuity;
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

const oneSided = (v: Vacuity): string[] => (v.oneSided ?? []).map((c) => `${c.function}:${c.line} ${c.never}`);
const pairs = (v: Vacuity): string[] =>
  (v.lockPairs ?? []).map(({ first, second }) => `${first.lock} ${second.lock} ${second.function}:${second.line}`);

describe('what a campaign never reached', () => {
  it('functions that no task entered', () => {
    expect(little.neverEntered).toEqual(['helper', 'other', 'Direct.stop', 'Detour.unused']);
    expect(all.neverEntered).toEqual(['Detour.unused']);
  });

  it('conditions that went one way only, or were never evaluated', () => {
    expect(oneSided(little)).toEqual([
      'deed:40 true',
      'deed:41 true', // the first half
      'deed:41 true', // the whole
      'deed:47 true',
      'deed:48 true',
      'sleeps:53 true',
    ]);
    expect([little.conditions, all.conditions]).toEqual([6, 6]);
    expect(oneSided(all)).toEqual([]);
  });

  it('events that no schedule had, and events that never ran to their end', () => {
    expect([little.otherEvents, little.neverEnded]).toEqual([['other'], ['sleeps']]);
    expect([all.otherEvents, all.neverEnded]).toEqual([[], []]);
  });

  it('locks seen nested', () => {
    expect(pairs(little)).toEqual([]);
    expect(pairs(all)).toEqual(['Mutex.lock mutex Mutex.lock inner deed:47']);
  });

  it('overrides of the classes in use, and of no other', async () => {
    expect(little.neverCalled).toEqual(['Direct.stop']);
    expect(all.neverCalled).toEqual([]);
    expect((await vacuityOfScene('little', { detour: 1 })).neverCalled).toEqual(['Detour.unused']);
  });

  it('designs that were not run', () => {
    expect(little.otherDesigns).toEqual(['two']);
  });

  it('in lines for people', () => {
    expect(vacuityLines(all)).toEqual([
      `reached ${all.reached} of ${all.total} sites of the functions entered`,
      '6 of 6 conditions went both ways',
      'never entered: Detour.unused',
      'locks seen nested: Mutex.lock mutex (deed) → Mutex.lock inner (deed)',
    ]);
    expect(vacuityLines(little, 1).slice(1)).toEqual([
      '0 of 6 conditions went both ways; not: vacuous.ts:40:3 never true and 5 more',
      'never entered: helper and 3 more',
      'overrides never called: Direct.stop',
      'events not in this scene: other',
      'events that never ran to their end: sleeps',
    ]);
  });
});

describe('the command line', () => {
  it('fuzz and coverage tell it, as text and as JSON', async () => {
    await inFolder(async (cwd) => {
      const path = join(process.cwd(), MODEL);
      const flags = ['--scene', 'little', '--max-execs', '2000', '--deterministic', '--oracles', 'trap', '-o', 'out'];
      const text = await heddle(['fuzz', path, ...flags], { cwd });
      expect(text.stdout).toContain('overrides never called: Direct.stop\n');
      expect(text.stdout).toContain('events that never ran to their end: sleeps\n');
      const json = await heddle(['fuzz', path, ...flags, '--json'], { cwd });
      const last = json.stdout.trim().split('\n').at(-1) ?? '';
      expect(JSON.parse(last)).toMatchObject({ type: 'summary', vacuity: { neverCalled: ['Direct.stop'] } });
      const coverage = await heddle(['coverage', 'out'], { cwd });
      expect(coverage.stdout).toContain('  vacuous.ts:40:3  condition never true\n');
      expect(coverage.stdout).toContain('overrides never called: Direct.stop\n');
    });
  });
});
