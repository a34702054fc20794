/** Campaigns with real workers: determinism, budgets, interruption, and workers that hang or die. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { buildModel } from '../../src/build/index.js';
import { runCampaign } from '../../src/campaign/campaign.js';
import { type CampaignOptions, type CampaignStatus, MEMORY_KINDS } from '../../src/campaign/types.js';
import type { FindingRecord } from '../../src/findings/finding.js';
import { contentsOf } from '../support/contents.js';
import { modelAt, modelOf } from '../support/models.js';
import { size } from '../support/size.js';

const folders: string[] = [];
function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'heddle-campaign-'));
  folders.push(dir);
  return dir;
}
afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true });
});

async function options(path: string, more: Partial<CampaignOptions> = {}): Promise<CampaignOptions> {
  return {
    modelArgument: path,
    artefact: await modelAt(path),
    design: '',
    scene: null,
    options: {},
    jobs: 2,
    seed: 42n,
    maxTimeMs: 20_000,
    maxExecutions: null,
    stopOnFirst: false,
    deterministic: false,
    strategy: 'portfolio',
    oracles: null,
    outDir: folder(),
    stepLimit: 20_000,
    fuelLimit: 1 << 20,
    hangMs: 15_000,
    minimize: true,
    ...more,
  };
}

const never = new AbortController().signal;

describe('a campaign', () => {
  it('may be given more time than a timer can wait', async () => {
    const o = await options('examples/bank.ts', {
      jobs: 0,
      maxTimeMs: 2 ** 31,
      maxExecutions: 20_000,
      deterministic: true,
    });
    expect((await runCampaign(o, {}, never)).reason).toBe('max-execs');
  });

  it('finds, minimizes and keeps the races of the broken designs, and stops at the first on demand', async () => {
    for (const [path, design, kind] of [
      ['examples/bank.ts', 'racy', 'invariant'],
      ['examples/abba.ts', 'abba', 'deadlock'],
      ['examples/double-checked.ts', 'broken', 'assertion'],
    ] as const) {
      const o = await options(path, { design, stopOnFirst: true });
      const summary = await runCampaign(o, {}, never);
      expect(summary.reason).toBe('first-finding');
      expect(summary.records.map((r) => r.kind)).toContain(kind);
      expect(summary.records[0]?.minimized).toBe(true);
      expect(readdirSync(join(o.outDir, 'findings')).length).toBeGreaterThan(0);
    }
  });

  it('stays silent on the correct twins', async () => {
    const executions = size().silentExecutions;
    for (const [path, design] of [
      ['examples/bank.ts', 'locked'],
      ['examples/abba.ts', 'ordered'],
      ['examples/double-checked.ts', 'fixed'],
    ] as const) {
      const summary = await runCampaign(
        await options(path, { design, maxExecutions: executions, maxTimeMs: null }),
        {},
        never,
      );
      expect(summary.executions).toBeGreaterThanOrEqual(executions);
      expect(summary.records).toEqual([]);
    }
  }, 600_000);

  it('finds S1 in v6.6 and no memory error in v6.7', async () => {
    const iommu = 'assembly/models/iommu/index.ts';
    const fixed = { scene: 'walk-client', oracles: MEMORY_KINDS };
    const bad = await runCampaign(await options(iommu, { ...fixed, design: 'v6.6', stopOnFirst: true }), {}, never);
    expect(bad.records.map((r) => r.symptom)).toContain('S1');
    const executions = size().silentExecutions;
    const good = await runCampaign(
      await options(iommu, { ...fixed, design: 'v6.7', maxExecutions: executions, maxTimeMs: null }),
      {},
      never,
    );
    expect(good.executions).toBeGreaterThanOrEqual(executions);
    expect(good.records).toEqual([]);
  }, 600_000);

  it('does in the calling thread what it does in a worker, and nothing more once the first is found', async () => {
    const o = { design: 'racy', deterministic: true, stopOnFirst: true, maxTimeMs: null };
    const [worker, own] = [
      await options('examples/bank.ts', { ...o, jobs: 1 }),
      await options('examples/bank.ts', { ...o, jobs: 0 }),
    ];
    const there = await runCampaign(worker, {}, never);
    const here = await runCampaign(own, {}, never);
    expect(contentsOf(own.outDir)).toEqual(contentsOf(worker.outDir));
    expect(here.records[0]?.executions).toBeGreaterThan(0);
    expect([there.executions, here.executions]).toEqual([1, 1].map(() => here.records[0]?.executions));
  });

  it('keeps its time in the calling thread', async () => {
    const o = await options('examples/bank.ts', { design: 'locked', jobs: 0, maxTimeMs: 100 });
    expect((await runCampaign(o, {}, never)).reason).toBe('max-time');
  });

  it('stops when each symptom that it is to stop at has been found, and not before', async () => {
    const fixed = { design: 'v6.6', scene: 'walk-client', deterministic: true, maxTimeMs: null, minimize: false };
    const o = await options('assembly/models/iommu/index.ts', {
      ...fixed,
      maxExecutions: 400_000,
      stopOnSymptoms: ['S1', 'S3'],
    });
    const { reason, records, executions } = await runCampaign(o, {}, never);
    expect(reason).toBe('symptoms-found');
    expect(records.map(({ symptom }) => symptom)).toEqual(expect.arrayContaining(['S1', 'S3']));
    expect(executions).toBeLessThan(400_000);
    const rest = { ...o, outDir: folder(), maxExecutions: executions, stopOnSymptoms: ['S1', 'S13'] };
    expect((await runCampaign(rest, {}, never)).reason).toBe('max-execs');
  }, 60_000);

  it('is byte-identical when deterministic, whatever the number of jobs', async () => {
    const maxExecutions = size().name === 'default' ? 10_000 : 40_000;
    const o = { design: 'v6.6', scene: 'walk-client', deterministic: true, maxExecutions, maxTimeMs: null };
    const a = await options('assembly/models/iommu/index.ts', { ...o, jobs: 1 });
    const b = await options('assembly/models/iommu/index.ts', { ...o, jobs: 2 });
    await runCampaign(a, {}, never);
    await runCampaign(b, {}, never);
    const files = contentsOf(a.outDir);
    expect(Object.keys(files).length).toBeGreaterThan(10);
    expect(contentsOf(b.outDir)).toEqual(files);
  }, 60_000);

  it('keeps to its budget of executions exactly', async () => {
    for (const maxExecutions of [1, 7, 12_345]) {
      const o = await options('examples/bank.ts', {
        design: 'locked',
        maxExecutions,
        maxTimeMs: null,
        deterministic: true,
      });
      const warnings: string[] = [];
      const hooks = { warning: (text: string) => warnings.push(text) };
      const { executions } = await runCampaign(o, hooks, never);
      expect({ executions, warnings }).toEqual({ executions: maxExecutions, warnings: [] });
    }
  });

  it('uses all of its budget where a batch is cut short by its time', async () => {
    // The first batch is granted everything, so the other worker has nothing to do when it looks.
    const o = {
      design: 'v6.7',
      scene: 'walk-client',
      strategy: 'random',
      maxTimeMs: null,
      maxExecutions: 16_000,
    } as const;
    const { executions, reason } = await runCampaign(
      await options('assembly/models/iommu/index.ts', { ...o, jobs: 2 }),
      {},
      never,
    );
    expect([executions, reason]).toEqual([16_000, 'max-execs']);
  }, 60_000);

  it('stops at an abort with a summary, and goes on from its folder', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 700);
    const o = await options('assembly/models/iommu/index.ts', {
      design: 'v6.7',
      scene: 'walk-client',
      maxTimeMs: null,
    });
    const first = await runCampaign(o, {}, controller.signal);
    expect(first.reason).toBe('interrupted');
    expect(first.corpus).toBeGreaterThan(0);
    const second = await runCampaign({ ...o, maxExecutions: 1 }, {}, never);
    expect(second.corpus).toBeGreaterThanOrEqual(first.corpus);
    expect(second.features).toBeGreaterThanOrEqual(first.features);
  });

  it('mutates events where no scene is fixed', async () => {
    const summary = await runCampaign(await options('test/models/locks.ts', { maxExecutions: 20_000 }), {}, never);
    expect(summary.strategies['mutation']?.executions).toBeGreaterThan(0);
    expect(summary.records).toEqual([]);
  });
});

/** A model that never stops: built without fuel, as foreign toolchains may. */
const ENDLESS = `import { event, scene } from 'heddle';
class Cell { x: i32 = 0; }
const cell = new Cell();
function good(): void { for (let i = 0; i < 4; i++) cell.x += 1; }
function endless(): void { if (cell.x == 3) for (let i = 0; ; i = (i + 1) & 7) { if (i == 9) break; } cell.x = 0; }
export function register(): void {
  event('good', good);
  event('endless', endless);
  scene('both').with('good').with('endless');
}
`;

describe('a worker that never answers', () => {
  it('is replaced, its schedule is reported, and the campaign goes on', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'endless.ts'), ENDLESS);
    const { wasm, manifest } = await buildModel(join(dir, 'endless.ts'), { fuel: false });
    const warnings: string[] = [];
    const controller = new AbortController();
    let counted = 0;
    // Going on is another hang after the first, or executions that were counted later.
    const hooks = {
      // Said of the second before a third is begun with.
      warning: (message: string) => {
        if (warnings.push(message) === 2 && message.includes('was replaced')) controller.abort();
      },
      status: ({ workersReplaced, executions }: CampaignStatus) => {
        if (workersReplaced === 0) counted = executions;
        else if (workersReplaced > 1 || executions > counted) controller.abort();
      },
    };
    // Longer than a worker takes to start on a busy machine.
    const o = await options('examples/bank.ts', {
      artefact: { wasm, manifest },
      jobs: 1,
      hangMs: 3_000,
      maxTimeMs: null,
    });
    const summary = await runCampaign(o, hooks, controller.signal);
    expect(summary.workersReplaced).toBeGreaterThan(0);
    expect(warnings[0]).toMatch(/did not answer for 3000 ms and was replaced; the schedule that it ran is in /);
    const hang = JSON.parse(readFileSync(summary.hangs[0] ?? '', 'utf8')) as {
      schedule: { events: unknown[]; deviations: unknown[] };
    };
    expect(hang.schedule.events).toHaveLength(2);
    expect(hang.schedule.deviations.length).toBeGreaterThan(0);
  }, 120_000);

  it('with fuel, the same model has a finding instead', async () => {
    const records: FindingRecord[] = [];
    const artefact = await modelOf(ENDLESS, 'endless');
    const o = await options('examples/bank.ts', { artefact, maxTimeMs: 3_000, stopOnFirst: true });
    await runCampaign(o, { finding: (record) => records.push(record) }, never);
    expect(records.map((r) => r.kind)).toContain('no-progress');
  }, 30_000);
});
