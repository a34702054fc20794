/** A campaign's side of the hub, with a campaign that the test plays: what is told when, and that nothing that was heard is dropped. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterEach, describe, expect, it } from 'vitest';
import type { ForeignEntry } from '../../src/campaign/foreign.js';
import type { CampaignHooks } from '../../src/campaign/types.js';
import { idOfText } from '../../src/corpus/read-entry.js';
import { CorpusStore } from '../../src/corpus/store.js';
import { Executor } from '../../src/executor/executor.js';
import { formatSchedule } from '../../src/schedule/text.js';
import type { Schedule } from '../../src/schedule/schedule.js';
import { HubClient } from '../../src/sync/hub/client.js';
import { configurationOf } from '../../src/sync/hub/configuration.js';
import { connectHub } from '../../src/sync/hub/connect.js';
import { HubPeer } from '../../src/sync/hub/peer.js';
import { CORPUS_STREAM, FINDINGS_STREAM, type Group, tailOf } from '../../src/sync/hub/subjects.js';
import { campaignOptions } from '../support/campaign-options.js';
import { modelAt } from '../support/models.js';
import { HAS_NATS, NatsServer } from './nats-server.js';

const SCENE = 'two-transfers';
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function server(): Promise<NatsServer> {
  const made = await (await NatsServer.create()).start();
  closing.push(() => made.remove());
  return made;
}

async function until(holds: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds()) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await holds()).toBe(true);
}

interface Played {
  readonly hooks: CampaignHooks;
  readonly peer: HubPeer;
  readonly group: Group;
  readonly warnings: string[];
  readonly outDir: string;
}

async function play(url: string): Promise<Played> {
  const outDir = mkdtempSync(join(tmpdir(), 'heddle-peer-'));
  const campaign = await campaignOptions('examples/bank.ts', outDir, { design: 'racy', scene: SCENE });
  const declarations = Executor.describe(campaign.artefact);
  const warnings: string[] = [];
  const peer = new HubPeer({ url }, { campaign, declarations, version: '0' }, (message) => warnings.push(message));
  closing.push(async () => {
    await peer.close(500);
    rmSync(outDir, { recursive: true, force: true });
  });
  const group = {
    modelHash: campaign.artefact.manifest.hash,
    design: 'racy',
    configuration: configurationOf(declarations, 'racy', {}),
  };
  return { hooks: peer.around({}), peer, group, warnings, outDir };
}

/** Another member, who tells what he likes. */
function other(url: string, group: Group): HubClient {
  const client = new HubClient({ url }, group, { warning: () => {} });
  closing.push(() => client.close(500));
  return client;
}

async function entry(amount = 10): Promise<{ id: string; text: string; schedule: Schedule }> {
  const events = [10, amount].map((n) => ({ event: 'transfer', args: [n] }));
  const { name: model } = (await modelAt('examples/bank.ts')).manifest;
  const schedule: Schedule = { model, design: 'racy', scene: SCENE, options: {}, events, deviations: [], choices: [] };
  const text = formatSchedule(schedule);
  return { id: idOfText(text), text, schedule };
}

const hex = (i: number): string => `${i}`.padStart(16, '0');

describe.skipIf(!HAS_NATS)('a campaign on a hub', () => {
  it('tells its entries however many messages the stream holds: none, less than a page, a page', async () => {
    for (const count of [0, 3, 256, 512]) {
      const { url } = await server();
      const { hooks, peer, group } = await play(url);
      const before = other(url, group);
      for (let i = 0; i < count; i++) before.tell('corpus', hex(i), () => Buffer.from('junk'), SCENE);
      await until(() => before.counts().stored === count);
      const [resumed, fresh] = [await entry(11), await entry(12)];
      hooks.entry?.(resumed.id, resumed.text, resumed.schedule);
      hooks.begun?.({ room: 10_000, take: (all) => all.length });
      hooks.entry?.(fresh.id, fresh.text, fresh.schedule);
      await until(() => peer.counts().stored === 2);
    }
  }, 120_000);

  it('does not tell again what a resumed one finds on the hub', async () => {
    const { url } = await server();
    const { hooks, peer, group } = await play(url);
    const before = other(url, group);
    const [old, young] = [await entry(20), await entry(21)];
    before.tell('corpus', old.id, () => Buffer.from(old.text), SCENE);
    await until(() => before.counts().stored === 1);
    for (const { id, text, schedule } of [old, young]) hooks.entry?.(id, text, schedule);
    hooks.begun?.({ room: 10_000, take: (all) => all.length });
    await until(() => peer.counts().stored === 1);
    expect(peer.counts()).toMatchObject({ duplicates: 0, waiting: 0 });
  }, 60_000);

  it('drops nothing when the campaign takes little at a time', async () => {
    const { url } = await server();
    const { hooks, group } = await play(url);
    const before = other(url, group);
    const names: string[] = [];
    for (let i = 0; i < 1_200; i++) {
      const kind = i % 2 === 0 ? 'corpus' : 'finding';
      before.tell(kind, hex(i), () => Buffer.from('junk'), SCENE);
      names.push(`the hub’s ${kind} ${tailOf(SCENE, hex(i))}`);
    }
    await until(() => before.counts().stored === 1_200);
    const queue: ForeignEntry[] = [];
    const taken: string[] = [];
    // As the intake of a campaign, but smaller: room for little more than two pages.
    const intake = {
      get room() {
        return 600 - queue.length;
      },
      take(all: readonly ForeignEntry[]) {
        const some = all.slice(0, intake.room);
        queue.push(...some);
        taken.push(...some.map(({ origin }) => origin));
        return some.length;
      },
    };
    const rounds = setInterval(() => queue.splice(0, 20), 50);
    closing.push(async () => clearInterval(rounds));
    hooks.begun?.(intake);
    await until(() => taken.length === 1_200);
    expect(taken.sort()).toEqual(names.sort());
  }, 60_000);

  it('tells everything again if another member makes the streams anew before it notices that they were gone', async () => {
    const { url } = await server();
    const { hooks, peer, group, warnings, outDir } = await play(url);
    hooks.begun?.({ room: 10_000, take: (all) => all.length });
    const all = await Promise.all([30, 31, 32].map((amount) => entry(amount)));
    const store = new CorpusStore(join(outDir, 'corpus'));
    const sidecar = { parent: '', origin: 'random', model: group.modelHash, features: [], state: '0' };
    for (const { id, text, schedule } of all) {
      store.add(schedule, sidecar);
      hooks.entry?.(id, text, schedule);
    }
    // Of other options, and of a build that was: others would refuse them.
    store.add({ ...(await entry(34)).schedule, options: { extra: 1 } }, sidecar);
    store.add((await entry(35)).schedule, { ...sidecar, model: 'another' });
    await until(() => peer.counts().stored === 3);
    const connection = await connectHub({ url });
    closing.push(() => connection.close());
    const jsm = await jetstreamManager(connection);
    const old = await jsm.streams.info(CORPUS_STREAM);
    for (const name of [CORPUS_STREAM, FINDINGS_STREAM]) await jsm.streams.delete(name);
    const { created: _, state: __, ...rest } = old;
    await jsm.streams.add(rest.config);
    const quick = other(url, group);
    for (let i = 0; i < 8; i++) quick.tell('corpus', hex(i), () => Buffer.from('junk'), SCENE);
    await until(() => warnings.some((text) => /had lost what it held/.test(text)));
    const there = async (): Promise<string[]> => {
      const { state } = await jsm.streams.info(CORPUS_STREAM, { subjects_filter: '>' });
      const ids = Object.keys(state.subjects ?? {}).map((subject) => subject.split('.').at(-1) ?? '');
      return ids.filter((id) => !id.startsWith('00000000')).sort();
    };
    // The hub's word, not the peer's count: what is told twice is a duplicate then.
    const ids = all.map(({ id }) => id).sort();
    // A hub that says meanwhile that it is full, or not there, is asked again after half a minute.
    await until(async () => (await there()).length === ids.length, 75_000);
    expect({ there: await there(), counts: peer.counts() }).toMatchObject({ there: ids, counts: { waiting: 0 } });
    expect(warnings.filter((one) => !/had lost what it held/.test(one))).toEqual([]);
  }, 120_000);

  it('is given again what it refused, if that comes again', async () => {
    const { url } = await server();
    const { hooks, group } = await play(url);
    const taken: string[] = [];
    hooks.begun?.({
      room: 10_000,
      take: (all) => {
        for (const { origin } of all) {
          taken.push(origin);
          hooks.foreign?.({ origin, id: null, outcome: 'refused', reason: 'junk' });
        }
        return all.length;
      },
    });
    const liar = other(url, group);
    liar.tell('finding', hex(1), () => Buffer.from('junk'), SCENE);
    await until(() => taken.length === 1);
    const connection = await connectHub({ url });
    closing.push(() => connection.close());
    const jsm = await jetstreamManager(connection);
    await jsm.streams.purge(FINDINGS_STREAM);
    other(url, group).tell('finding', hex(1), () => Buffer.from('the true one'), SCENE);
    await until(() => taken.length === 2);
  }, 60_000);
});
