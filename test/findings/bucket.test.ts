/** Two symptoms at one place do not hide each other: in a campaign, in a search, and however much the schedule is minimized. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import { Executor } from '../../src/executor/executor.js';
import { minimizeFinding } from '../../src/findings/minimize.js';
import { provisionalSymptom } from '../../src/findings/facts.js';
import { verify } from '../../src/verify/verify.js';
import { modelOf } from '../support/models.js';
import { randomRun } from '../support/schedules.js';

/** One reader, and two who may free what it reads: whoever is first. */
const SOURCE = `
import { Atomic, check, event, free, scene, symptom } from 'heddle';
class Box { x: i32 = 0 }
class Slot { box: Box = new Box() }
const slot = new Slot();
const taken = new Atomic();
function read(): void { check(slot.box.x == 0, 'x'); }
function frees_early(): void { if (taken.xchg(1) == 0) free(slot.box); }
function frees_late(): void { if (taken.xchg(1) == 0) free(slot.box); }
export function register(): void {
  event('read', read);
  event('early', frees_early);
  event('late', frees_late);
  symptom('E', 'freed early').on('freed', 'frees_early');
  symptom('L', 'freed late').on('freed', 'frees_late');
  scene('all').with('early').with('late').with('read');
}
`;

let artefact: Awaited<ReturnType<typeof modelOf>>;
let exact: Awaited<ReturnType<typeof modelOf>>;
beforeAll(async () => {
  artefact = await modelOf(SOURCE, 'two-symptoms');
  exact = await modelOf(SOURCE, 'two-symptoms', 'exact');
}, 120_000);

describe('a place with two symptoms', () => {
  it('is two findings of a campaign', async () => {
    const outDir = mkdtempSync(join(tmpdir(), 'heddle-bucket-'));
    try {
      const { records } = await runCampaign(
        {
          ...{
            modelArgument: 'two-symptoms',
            artefact,
            design: 'default',
            scene: 'all',
            options: {},
            jobs: 1,
            seed: 1n,
          },
          ...{ maxTimeMs: null, maxExecutions: 2_000, stopOnFirst: false, deterministic: true, strategy: 'portfolio' },
          ...{ oracles: null, outDir, stepLimit: 1_000, fuelLimit: 1 << 20, hangMs: 10_000, minimize: true },
        },
        {},
        new AbortController().signal,
      );
      expect(records.map(({ symptom }) => symptom).sort()).toEqual(expect.arrayContaining(['E', 'L']));
      expect(new Set(records.map(({ bucket }) => bucket)).size).toBeLessThan(records.length);
    } finally {
      rmSync(outDir, { recursive: true });
    }
  });

  it('is two violations of a search, and one that is known is passed over', async () => {
    let bucket = '';
    const search = async (known: ReadonlySet<string>): Promise<string[]> => {
      const { records } = await verify(
        {
          ...{
            exact,
            fast: artefact,
            design: 'default',
            scene: 'all',
            options: {},
            stepLimit: 1_000,
            fuelLimit: 1 << 20,
          },
          ...{ oracles: null, reduce: true, all: true, known, memoryBytes: 1 << 24 },
        },
        () => {},
        new AbortController().signal,
      );
      bucket = records[0]?.bucket ?? bucket;
      return [...new Set(records.map(({ symptom }) => symptom))].sort();
    };
    expect(await search(new Set())).toEqual(['E', 'L']);
    expect(await search(new Set([`${bucket} as E`]))).toEqual(['L']);
    expect(await search(new Set([bucket]))).toEqual([]);
  });

  it('keeps its symptom when its schedule is minimized', () => {
    const executor = Executor.create({ artefact, configuration: { scene: 'all' } });
    const seen = new Set<string>();
    for (let seed = 1; seed <= 300; seed++) {
      const { recorded } = randomRun(executor, seed);
      const raw = executor.run(recorded).findings[0];
      if (!raw) continue;
      const symptom = provisionalSymptom(executor, recorded, raw);
      const { hot } = minimizeFinding(executor, recorded, raw);
      const left = executor.run(hot).findings[0];
      expect(left && provisionalSymptom(executor, hot, left)).toBe(symptom);
      seen.add(symptom);
    }
    expect([...seen].sort()).toEqual(['E', 'L']);
  });
});
