/** Workers that trap, hang and run out of memory: the campaign goes on, quarantine has the schedule, and what was found stays. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { buildModel } from '../../src/build/index.js';
import { runCampaign } from '../../src/campaign/campaign.js';
import { reported } from '../../src/campaign/folder.js';
import { standingOf } from '../../src/campaign/standing.js';
import type { CampaignOptions } from '../../src/campaign/types.js';
import { CorpusStore } from '../../src/corpus/store.js';
import { loadFindings } from '../../src/findings/store.js';
import { campaignOptions } from '../support/campaign-options.js';

const root = mkdtempSync(join(tmpdir(), 'heddle-lost-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const never = new AbortController().signal;

/** Between the two stores of `opens`, `divides` traps; with it there as well, `spins` never comes back and passes no scheduling point. */
const LETHAL = `
import { event, scene } from 'heddle';
class Words { open: i32 = 0; closed: i32 = 0; seen: i32 = 0; }
const words = new Words();
function opens(): void { words.open = 1; words.closed = 1; }
function divides(): void { if (words.open == 1) words.seen = 1 / words.closed; }
function spins(): void {
  if (words.open == 0) return;
  if (words.closed == 1) return;
  let odd = 1;
  while (odd != 0) odd += 2;
  words.seen = odd;
}
export function register(): void {
  event('opens', opens);
  event('divides', divides);
  event('spins', spins);
  scene('all').with('opens').with('divides').with('spins');
}`;

/** In some orders it takes so many steps that its trace does not fit into a small heap. */
const LONG = `
import { event, scene } from 'heddle';
class Words { open: i32 = 0; closed: i32 = 0; seen: i32 = 0; }
const words = new Words();
function opens(): void { words.open = 1; if (words.closed == 1) words.seen = 1; }
function counts(): void { words.closed = 1; if (words.open == 0) for (let i = 0; i < 24000; i++) words.seen = i; }
export function register(): void {
  event('opens', opens);
  event('counts', counts);
  scene('all').with('opens').with('counts');
}`;

function source(name: string, text: string): string {
  const path = join(root, `${name}.ts`);
  writeFileSync(path, text);
  return path;
}

async function options(more: Partial<CampaignOptions>): Promise<CampaignOptions> {
  const path = source('lethal', LETHAL);
  // Without fuel a loop is not noticed by the executor: only the watchdog ends it.
  const { wasm, manifest } = await buildModel(path, { fuel: false });
  return campaignOptions(path, join(root, 'out'), {
    ...{ artefact: { wasm, manifest }, jobs: 1, seed: 3n, maxTimeMs: 5_000, hangMs: 1_000 },
    ...more,
  });
}

/** Every file is whole, and what the journal names is there. */
function intact(outDir: string): void {
  const refused: string[] = [];
  new CorpusStore(join(outDir, 'corpus')).load((file) => refused.push(file));
  const findings = loadFindings(outDir, (file) => refused.push(file)).map((f) => `${f.kind}-${f.signature}`);
  expect(refused).toEqual([]);
  expect(findings).toEqual(expect.arrayContaining(reported(outDir).findings));
}

interface Quarantined {
  readonly kind: string;
  readonly reason: string;
  readonly scene: string;
  readonly schedule: { readonly events: readonly unknown[]; readonly deviations: readonly unknown[] };
}
const quarantined = (file = ''): Quarantined => JSON.parse(readFileSync(file, 'utf8')) as Quarantined;

it('a trap is a finding, a hang costs the worker and not the campaign', async () => {
  const o = await options({});
  const warnings: string[] = [];
  const summary = await runCampaign(o, { warning: (text) => warnings.push(text) }, never);
  expect(summary.workersReplaced).toBeGreaterThan(0);
  expect(summary.workersReplaced).toBeLessThan(10);
  expect(warnings.join('\n')).toMatch(/did not answer for 1000 ms and was replaced; the schedule that it ran is in /);
  const { kind, reason, scene, schedule } = quarantined(summary.hangs[0]);
  expect({ kind, scene }).toEqual({ kind: 'hang', scene: 'all' });
  expect(reason).toMatch(/did not answer/);
  expect(schedule.events).toHaveLength(3);
  expect(schedule.deviations.length).toBeGreaterThan(0);
  expect(standingOf(o.outDir)?.state).toBe('ended');
  intact(o.outDir);
  // With fuel the executor ends the loop itself, and all of it is found.
  const { wasm, manifest } = await buildModel(source('lethal', LETHAL));
  const patient = { hangMs: 15_000, maxTimeMs: null, maxExecutions: 4_000 };
  const fuelled = await options({ artefact: { wasm, manifest }, outDir: join(root, 'fuelled'), ...patient });
  const found = await runCampaign(fuelled, {}, never);
  expect(found.workersReplaced).toBe(0);
  expect([...new Set(found.records.map((record) => record.kind))].sort()).toEqual(['no-progress', 'trap']);
  intact(fuelled.outDir);
}, 60_000);

it('what a lost worker was granted of --max-execs is run by the next one', async () => {
  const few = { maxTimeMs: null, maxExecutions: 300, hangMs: 300, outDir: join(root, 'granted') };
  const warnings: string[] = [];
  const hooks = { warning: (text: string) => warnings.push(text) };
  const over = await runCampaign(await options(few), hooks, never).catch((error: Error) => error.message);
  expect(warnings.join('\n')).toMatch(/was replaced/);
  if (typeof over === 'string') expect(over).toMatch(/^10 workers in a row were lost/);
  else expect(over.executions).toBe(300);
}, 60_000);

it('a worker that runs out of memory is replaced, and the folder is as good as new with more', async () => {
  const { wasm, manifest } = await buildModel(source('long', LONG));
  const patient = { hangMs: 15_000, maxTimeMs: 2_000 };
  const o = await options({ artefact: { wasm, manifest }, outDir: join(root, 'memory'), workerHeapMb: 8, ...patient });
  const warnings: string[] = [];
  const hooks = { warning: (text: string) => warnings.push(text) };
  // It ends by itself after ten in a row, or when its time is up.
  const over = await runCampaign(o, hooks, never).catch((error: Error) => error.message);
  if (typeof over === 'string') expect(over).toMatch(/^10 workers in a row were lost; .*memory limit/);
  expect(warnings.join('\n')).toMatch(
    /a worker died: .*memory limit.* and was replaced; the schedule that it ran is in /,
  );
  const [name = ''] = readdirSync(join(o.outDir, 'quarantine'));
  expect(quarantined(join(o.outDir, 'quarantine', name))).toMatchObject({ kind: 'hang', scene: 'all' });
  intact(o.outDir);
  const { workerHeapMb: _, ...enough } = o;
  const after = await runCampaign({ ...enough, maxTimeMs: null, maxExecutions: 50 }, {}, never);
  expect(after.workersReplaced).toBe(0);
  expect(after.executions).toBe(50);
  expect(after.features).toBeGreaterThan(0);
  intact(o.outDir);
}, 60_000);
