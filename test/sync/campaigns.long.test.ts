/** Campaigns with folders of their own, on one hub. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import type { CampaignOptions, CampaignSummary } from '../../src/campaign/types.js';
import { Executor } from '../../src/executor/executor.js';
import { HubClient } from '../../src/sync/hub/client.js';
import { configurationOf } from '../../src/sync/hub/configuration.js';
import { HubPeer } from '../../src/sync/hub/peer.js';
import { hubStatus } from '../../src/sync/hub/status.js';
import { heddle, inFolder } from '../cli/run.js';
import { campaignOptions } from '../support/campaign-options.js';
import { modelAt } from '../support/models.js';
import { HAS_NATS, NatsServer } from './nats-server.js';

let folder = '';
const servers: NatsServer[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-fleet-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.remove()));
});

async function server(): Promise<NatsServer> {
  const made = await (await NatsServer.create()).start();
  servers.push(made);
  return made;
}

interface Ran {
  readonly summary: CampaignSummary;
  readonly peer: HubPeer;
  readonly warnings: readonly string[];
  readonly outDir: string;
}

async function campaign(
  url: string,
  name: string,
  more: Partial<CampaignOptions>,
  model = 'examples/bank.ts',
  scene = 'two-transfers',
): Promise<Ran> {
  const artefact = await modelAt(model);
  const design = model.includes('bank') ? 'racy' : 'buggy';
  const warnings: string[] = [];
  const outDir = join(folder, name);
  const options = await campaignOptions(model, outDir, { design, scene, jobs: 1, seed: 1n, hangMs: 10_000, ...more });
  const of = { campaign: options, declarations: Executor.describe(artefact), version: '0' };
  const warning = (message: string): number => warnings.push(message);
  const peer = new HubPeer({ url }, of, warning);
  try {
    const summary = await runCampaign(options, peer.around({ warning }), new AbortController().signal);
    return { summary, peer, warnings, outDir };
  } finally {
    await peer.close(5_000);
  }
}

function entriesOf(outDir: string): Map<string, string> {
  const dir = join(outDir, 'corpus');
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sched'));
  return new Map(files.map((file) => [file.slice(-22, -6), readFileSync(join(dir, file), 'utf8')]));
}

function minimized(outDir: string): string {
  const dir = join(outDir, 'findings');
  return readFileSync(join(dir, readdirSync(dir)[0] ?? '', 'min.sched'), 'utf8');
}

describe.skipIf(!HAS_NATS)('campaigns on a hub', () => {
  it('reach the union of features; a finding of one appears on the other; an entry costs its size', async () => {
    const hub = await server();
    const first = await campaign(hub.url, 'first', { maxExecutions: 30_000 });
    expect(first.summary.records).toHaveLength(1);
    const told = entriesOf(first.outDir);
    const { stored, bytes, waiting } = first.peer.counts();
    expect(waiting).toBe(0);
    expect(stored).toBe(told.size + 1);
    const texts = [...told.values(), minimized(first.outDir)];
    expect(bytes).toBeLessThanOrEqual(2 * texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0));
    const second = await campaign(hub.url, 'second', { strategy: 'mutation', maxTimeMs: 4_000 });
    expect(second.summary.features).toBeGreaterThanOrEqual(first.summary.features);
    const signatures = second.summary.records.map(({ signature }) => signature);
    expect(signatures).toContain(first.summary.records[0]?.signature ?? 'none');
    expect(second.warnings).toEqual([]);
    expect((await hubStatus({ url: hub.url })).findings?.messages).toBe(1);
  }, 60_000);

  it('take over what they would not find themselves', async () => {
    const hub = await server();
    const model = 'bench/sctbench/programs/reorder.ts';
    const first = await campaign(hub.url, 'finder', { maxExecutions: 2_000 }, model, '50, C');
    expect(first.summary.records).toHaveLength(1);
    const limits = { maxTimeMs: 20_000, stopOnFirst: true };
    const second = await campaign(hub.url, 'heir', { strategy: 'random', ...limits }, model, '50, C');
    expect(second.warnings).toEqual([]);
    expect(second.summary.records.map(({ signature }) => signature)).toEqual(
      first.summary.records.map(({ signature }) => signature),
    );
    expect(second.summary.strategies['foreign']?.findings).toBe(1);
    expect(second.summary.imported).toBeGreaterThan(0);
  }, 60_000);

  it('go on while the hub is away, and tell it afterwards', async () => {
    const hub = await server();
    const running = campaign(hub.url, 'interrupted', { maxTimeMs: 9_000 });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await hub.kill();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await hub.start();
    const { summary, peer, outDir } = await running;
    expect(summary.records).toHaveLength(1);
    expect(peer.counts().waiting).toBe(0);
    const { corpus, findings } = await hubStatus({ url: hub.url });
    expect(corpus?.messages).toBeGreaterThanOrEqual(entriesOf(outDir).size);
    expect(findings?.messages).toBe(1);
  }, 60_000);

  it('believe nothing that comes from it', async () => {
    const hub = await server();
    const { manifest } = await modelAt('examples/bank.ts');
    const declarations = Executor.describe(await modelAt('examples/bank.ts'));
    const configuration = configurationOf(declarations, 'racy', {});
    const group = { modelHash: manifest.hash, design: 'racy', configuration };
    const liar = new HubClient({ url: hub.url }, group, { warning: () => {} });
    const scene = 'two-transfers';
    await liar.ready(5_000);
    const lies = [
      'nonsense',
      '\u0000\u00ff',
      'heddle-schedule 1\nmodel bank\ndesign racy\nscene no\nevent transfer 1\n',
    ];
    for (const [i, lie] of lies.entries()) liar.tell('corpus', `${i}`.padStart(16, '0'), () => Buffer.from(lie), scene);
    liar.tell('corpus', 'f'.repeat(16), () => Buffer.from('x'.repeat(60_000)), scene);
    liar.tell('finding', 'a'.repeat(16), () => Buffer.from('{"kind":"use-after-free"}'), scene);
    await liar.close(2_000);
    const { summary, warnings } = await campaign(hub.url, 'believer', { maxTimeMs: 5_000 });
    expect(summary.refused).toBe(5);
    expect(summary.imported).toBe(0);
    expect(warnings.filter((text) => /is not taken over/.test(text))).toHaveLength(5);
    expect(summary.records).toHaveLength(1);
  }, 60_000);

  it('are what heddle fuzz --hub runs and heddle hub status shows', async () => {
    const hub = await server();
    await inFolder(async (cwd) => {
      const flags = ['--max-execs', '20k', '-j', '1', '--hub', hub.url];
      const { code, stderr } = await heddle(['fuzz', 'bank', ...flags], { cwd });
      expect(stderr).toMatch(/hub: \d+ told \(\d+ bytes\), 0 that it had already/);
      expect(code).toBe(3);
      const again = await heddle(['fuzz', 'bank', ...flags], { cwd });
      expect(again.stderr).toMatch(/hub: \d+ told/);
      const status = await heddle(['hub', 'status', hub.url], { cwd });
      expect(status.stdout).toMatch(/0 peers.*\ncorpus: \d+ message.*\n {2}model [0-9a-f]{16}, design racy: \d+/);
      const json = await heddle(['hub', 'status', hub.url, '--json'], { cwd });
      expect(JSON.parse(json.stdout)).toMatchObject({ schema: 'heddle.hub/1', findings: { messages: 1 } });
      const wrong = await heddle(['fuzz', 'bank', ...flags.slice(0, -1), 'http://x'], { cwd });
      expect(wrong.stderr).toMatch(/http:\/\/x is no address of a hub/);
      expect(wrong.code).toBe(2);
      await hub.kill();
      const dead = await heddle(['hub', 'status', hub.url], { cwd });
      expect(dead.stderr).toMatch(/cannot connect to the hub/);
      expect(dead.code).toBe(1);
    });
  }, 60_000);
});
