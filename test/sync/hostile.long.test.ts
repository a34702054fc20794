/** A hub on which somebody writes what he likes: nothing of it moves a terminal's cursor, floods it, or breaks a command. */
import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterEach, describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { idOfText } from '../../src/corpus/read-entry.js';
import { formatSchedule } from '../../src/schedule/text.js';
import { HubClient } from '../../src/sync/hub/client.js';
import { configurationOf } from '../../src/sync/hub/configuration.js';
import { connectHub } from '../../src/sync/hub/connect.js';
import { PRESENCE_BUCKET, VERIFY_BUCKET } from '../../src/sync/hub/subjects.js';
import { heddle, inFolder } from '../cli/run.js';
import { modelAt } from '../support/models.js';
import { HAS_NATS, NatsServer } from './nats-server.js';

const servers: NatsServer[] = [];
const connections: NatsConnection[] = [];
afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
  await Promise.all(servers.splice(0).map((server) => server.remove()));
});

async function hub(): Promise<{ url: string; connection: NatsConnection }> {
  const made = await (await NatsServer.create()).start();
  servers.push(made);
  const connection = await connectHub({ url: made.url });
  connections.push(connection);
  return { url: made.url, connection };
}

/** Control characters but the end of a line, and what reorders text. */
const HIDDEN = /(?!\n)[\p{Cc}\p{Cf}]/u;
const EVIL = '\u001b]0;pwned\u0007\u001b[2J\u009b31m\nfindings: 999 \u202e';

const PRESENCE = {
  ...{ schema: 'heddle.presence/1', host: EVIL, pid: 1, version: EVIL, model: EVIL, design: EVIL, scene: EVIL },
  ...{ elapsedMs: 1, executions: 1, executionsPerSecond: 1, corpus: 1, features: 1, findings: 1, workers: 1 },
};

/** The group of the bank that ships with Heddle. */
async function bank(url: string): Promise<{ client: HubClient; prefix: string }> {
  const artefact = await modelAt('examples/bank.ts');
  const configuration = configurationOf(Executor.describe(artefact), 'racy', {});
  const group = { modelHash: artefact.manifest.hash, design: 'racy', configuration };
  const client = new HubClient({ url }, group, { warning: () => {} });
  await client.ready(5_000);
  return { client, prefix: `heddle.corpus.${group.modelHash.slice(0, 16)}.racy.${configuration}` };
}

describe.skipIf(!HAS_NATS)('a hub on which somebody writes what he likes', () => {
  it('shows no control sequences and no absurd numbers in heddle hub status', async () => {
    const { url, connection } = await hub();
    const { client, prefix } = await bank(url);
    await client.close(500);
    const js = jetstream(connection);
    const kv = await new Kvm(js).create(PRESENCE_BUCKET, { history: 1 });
    await kv.put('a.b.evil', JSON.stringify(PRESENCE));
    await kv.put('a.b.huge', JSON.stringify({ ...PRESENCE, executions: 1e308 }));
    await kv.put('a.b.vast', JSON.stringify({ ...PRESENCE, elapsedMs: 1e300 }));
    await js.publish(`$KV.${PRESENCE_BUCKET}.a.\u001b[31mred`, JSON.stringify(PRESENCE));
    await js.publish(`heddle.corpus.\u001b[31m\u009b.\u0007x.id`, 'x');
    await js.publish(`${prefix}.two-transfers.\u001b[31m`, 'x');
    for (const more of [[], ['--json']]) {
      const { code, stdout, stderr } = await heddle(['hub', 'status', url, ...more]);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).not.toMatch(HIDDEN);
      expect(stdout).toMatch(/evil/);
      expect(stdout).not.toMatch(/huge|vast|e\+\d/);
    }
    const text = (await heddle(['hub', 'status', url])).stdout;
    expect(text).not.toMatch(/^findings: 999/m);
  }, 60_000);

  it('is told in few lines by a campaign, and cleaned', async () => {
    const { url, connection } = await hub();
    const { client, prefix } = await bank(url);
    await client.close(500);
    const js = jetstream(connection);
    await js.publish(`${prefix}.two-transfers.\u001b[31mEVIL\u0007`, 'junk');
    const events = [10, 20].map((n) => ({ event: 'transfer', args: [n] }));
    const head = { model: EVIL, design: 'racy', scene: 'two-transfers', options: {} };
    const lie = formatSchedule({ ...head, events, deviations: [], choices: [] });
    await js.publish(`${prefix}.two-transfers.${idOfText(lie)}`, lie);
    for (let i = 0; i < 100; i++) await js.publish(`${prefix}.two-transfers.${i}`, `junk\u001b[3${i % 8}m`);
    await inFolder(async (cwd) => {
      const flags = ['bank', '--scene', 'two-transfers', '-j', '1', '--max-time', '8s', '--ui', 'line', '--json'];
      const { stderr, stdout } = await heddle(['fuzz', ...flags, '--hub', url], { cwd });
      expect(stderr).not.toMatch(HIDDEN);
      expect(stderr).toMatch(/belongs to the model \\u001b/);
      expect(stderr.match(/is not taken over: /g)).toHaveLength(5);
      expect(stderr.match(/more that came from elsewhere is not taken over/g)).toHaveLength(1);
      const summary = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
      expect(summary).toMatchObject({ type: 'summary', imported: 0 });
      expect(summary.refused).toBeGreaterThan(5);
    });
  }, 60_000);

  it('breaks neither heddle verify nor heddle hub status with keys that no client makes', async () => {
    const { url, connection } = await hub();
    const js = jetstream(connection);
    await new Kvm(js).create(VERIFY_BUCKET, { history: 1 });
    const first = await heddle(['verify', 'bank', '--design', 'locked', '--hub', url]);
    expect([first.code, first.stderr]).toEqual([0, expect.not.stringMatching(/error/)]);
    const { search } = JSON.parse((await heddle(['hub', 'status', url, '--json'])).stdout).searches[0];
    const keys = [
      '\u001b[31m',
      `${search}.\u001b[31m`,
      `${search}.violation.ä`,
      `${search}.violation.`.concat('x'.repeat(900)),
    ];
    for (const key of [...keys, `${search}.${'f'.repeat(64)}.0`, `${search}.${'f'.repeat(64)}.999999`]) {
      await js.publish(`$KV.${VERIFY_BUCKET}.${key}`, EVIL);
    }
    const again = await heddle(['verify', 'bank', '--design', 'locked', '--hub', url]);
    expect([again.code, again.stderr]).toEqual([0, expect.not.stringMatching(/error|is away/)]);
    expect(again.stdout).toMatch(/verified/);
    const status = await heddle(['hub', 'status', url]);
    expect([status.code, status.stderr]).toEqual([0, '']);
    expect(status.stdout).not.toMatch(HIDDEN);
    expect(status.stdout).toMatch(/search of bank locked/);
  }, 120_000);
});
