/** Processes that share a search over a real nats-server: the verdict of one alone, whatever dies, and never a “verified” that nobody has earned. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterEach, describe, expect, it } from 'vitest';
import { Search, UNBOUNDED } from '../../src/executor/search.js';
import { Visited } from '../../src/executor/visited.js';
import { formatSchedule } from '../../src/schedule/text.js';
import { HubBoard } from '../../src/sync/hub/board.js';
import { connectHub } from '../../src/sync/hub/connect.js';
import { keysOf } from '../../src/sync/hub/keys.js';
import { hubStatus } from '../../src/sync/hub/status.js';
import { VERIFY_BUCKET } from '../../src/sync/hub/subjects.js';
import { divide, encodePlan, planOf, searchName } from '../../src/verify/partitions.js';
import { type VerifyOptions, type VerifyResult, verify } from '../../src/verify/verify.js';
import { heddle } from '../cli/run.js';
import { modelAt } from '../support/models.js';
import { freePort, HAS_NATS, NatsServer } from './nats-server.js';

const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const LEASE_MS = 1_500;
/** 43,877 states: long enough to be killed in the middle. */
const SAFE = { model: 'test/models/toy.ts', scene: 'three', reduce: false };
/** Violated; and its twin. */
const BANK = { model: 'examples/bank.ts', design: 'racy', reduce: false, partitions: 8 };

interface Told {
  readonly verdict: string;
  readonly cut: string;
  readonly shared: NonNullable<VerifyResult['shared']>;
  readonly signatures: readonly string[];
}

const servers: NatsServer[] = [];
const children: ChildProcess[] = [];
const connections: NatsConnection[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
  await Promise.all(servers.splice(0).map((server) => server.remove()));
});

async function server(): Promise<NatsServer> {
  const made = await (await NatsServer.create()).start();
  servers.push(made);
  return made;
}

class Peer {
  readonly child: ChildProcess;
  log = '';
  readonly told: Promise<Told>;

  /** It begins at once, unless it is to wait for `go`. */
  constructor(url: string, search: object, isHeld = false) {
    const options = JSON.stringify({ url, leaseMs: LEASE_MS, ...search });
    this.child = spawn(process.execPath, [join(ROOT, 'test/support/verify-on-hub.mjs'), options], { cwd: ROOT });
    children.push(this.child);
    if (!isHeld) this.go();
    let out = '';
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.log += text;
    });
    this.told = new Promise((done, fail) => {
      this.child.once('close', (code) =>
        code === 0 ? done(JSON.parse(out)) : fail(new Error(`${code}: ${this.log}`)),
      );
    });
    this.told.catch(() => {}); // the one that is killed has nothing to tell
  }

  get isOpen(): boolean {
    return this.log.includes('open\n');
  }
  go(): void {
    this.child.stdin?.end();
  }
}

/** The options of verify-on-hub.mjs. */
async function optionsOf({ model, ...more }: { model: string }): Promise<VerifyOptions> {
  const artefacts = { exact: await modelAt(model, 'exact'), fast: await modelAt(model) };
  const rest = { design: '', scene: '', options: {}, oracles: null, reduce: true, all: true };
  return { ...artefacts, ...rest, memoryBytes: 64 << 20, stepLimit: 2_000, fuelLimit: 1 << 16, ...more };
}

async function alone(search: { model: string }): Promise<VerifyResult> {
  return verify(await optionsOf(search), () => {}, new AbortController().signal);
}

/** One process on the hub, in this one. */
async function here(url: string, search: { model: string }, prepare = (_: HubBoard) => {}): Promise<VerifyResult> {
  const options = await optionsOf(search);
  const about = { model: search.model, design: options.design, scene: options.scene };
  const board = await HubBoard.open({ url }, searchName(options, 'test'), about, { warning: () => {} }, LEASE_MS);
  prepare(board);
  try {
    return await verify({ ...options, board }, () => {}, new AbortController().signal);
  } finally {
    await board.close();
  }
}

/** The bucket, and the keys of it that a search has. */
async function bucket(
  url: string,
  search: { model: string },
): Promise<{ kv: KV; key: (name: string) => string; keys: (filter: string) => Promise<string[]> }> {
  const connection = await connectHub({ url });
  connections.push(connection);
  const kv = await new Kvm(jetstream(connection)).create(VERIFY_BUCKET, { history: 1 });
  const name = searchName(await optionsOf(search), 'test');
  const jsm = await jetstreamManager(connection);
  const key = (last: string): string => `${name}.${last}`;
  return { kv, key, keys: (filter) => keysOf(jsm, VERIFY_BUCKET, key(filter)) };
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await holds()) && Date.now() < end) await new Promise((done) => setTimeout(done, 20));
  expect(await holds()).toBe(true);
}

describe('a hub that is not there', () => {
  it('is an error at the start, with the remedy', async () => {
    const error = here(`nats://127.0.0.1:${await freePort()}`, BANK);
    await expect(error).rejects.toMatchObject({
      code: 'HDL_IO',
      message: expect.stringMatching(/cannot connect to the hub/),
    });
  });
});

describe.skipIf(!HAS_NATS)('two processes on a hub', () => {
  it('prove together what one proves alone, each with a part', async () => {
    const { url } = await server();
    const whole = await alone(SAFE);
    const peers = [new Peer(url, { ...SAFE, slowMs: 20 }, true), new Peer(url, { ...SAFE, slowMs: 20 }, true)];
    await until(() => peers.every((peer) => peer.isOpen));
    for (const peer of peers) peer.go();
    const [a, b] = await Promise.all(peers.map((peer) => peer.told));
    for (const one of [a, b]) expect([one?.verdict, one?.cut]).toEqual([whole.verdict, '']);
    expect(whole.verdict).toBe('verified');
    const partitions = a?.shared.partitions ?? 0;
    expect(partitions).toBeGreaterThanOrEqual(64);
    expect(a?.shared.own).toBeGreaterThan(0);
    expect(b?.shared.own).toBeGreaterThan(0);
    expect((a?.shared.own ?? 0) + (b?.shared.own ?? 0)).toBe(partitions);
    expect(a?.shared).toMatchObject({ done: partitions, processes: 2, states: b?.shared.states });
    // Nobody has skipped a state that nobody has visited.
    expect(a?.shared.states).toBeGreaterThanOrEqual(whole.states);
  }, 60_000);

  it('both report what one of them has found, each by a run of its own', async () => {
    const { url } = await server();
    for (const all of [true, false]) {
      const whole = await alone({ ...BANK, all } as typeof BANK);
      const peers = [new Peer(url, { ...BANK, all }), new Peer(url, { ...BANK, all })];
      for (const told of await Promise.all(peers.map((peer) => peer.told))) {
        expect(told.verdict).toBe('violated');
        if (all) expect(told.signatures).toEqual(whole.records.map((r) => r.signature).sort());
      }
    }
    expect((await here(url, { ...BANK, design: 'locked' } as typeof BANK)).verdict).toBe('verified');
  }, 60_000);

  it('wait for what was found in a partition before they conclude from its end', async () => {
    const { url } = await server();
    const first = await here(url, BANK);
    const second = await here(url, BANK, (board) => {
      // As if the ends of all partitions had come before all that was found in them.
      const take = board.takeViolations.bind(board);
      const settle = board.settle.bind(board);
      board.takeViolations = () => [];
      board.settle = async () => {
        board.takeViolations = take;
        await settle();
      };
    });
    expect([second.verdict, second.shared?.own]).toEqual(['violated', 0]);
    expect(second.records.map((r) => r.signature)).toEqual(first.records.map((r) => r.signature));
    const [status] = (await hubStatus({ url })).searches;
    expect(status).toMatchObject({
      about: { model: BANK.model, design: 'racy' },
      done: first.shared?.partitions,
      taken: 0,
      processes: 1,
      violations: first.records.length,
    });
    // All but those above the partitions.
    expect(status?.states).toBeGreaterThan(0);
    expect(status?.states).toBeLessThan(first.shared?.states ?? 0);
    const text = (await heddle(['hub', 'status', url])).stdout;
    expect(text).toMatch(
      /search of examples\/bank\.ts racy.*: 8 partitions done \(\d+ states\), 0 at work, 1 process, 1 violation/,
    );
  }, 60_000);

  it('lose nothing when one is killed: its partition is searched by the other', async () => {
    const { url } = await server();
    const { kv, keys } = await bucket(url, SAFE);
    const first = new Peer(url, { ...SAFE, slowMs: 60 });
    const taken = async (): Promise<string[]> => (await keys('>')).filter((name) => /\.\d+$/.test(name));
    await until(async () => (await taken()).length > 2);
    first.child.kill('SIGKILL');
    const states = await Promise.all(
      (await taken()).map(async (name) => (await kv.get(name))?.json<{ state: string }>()),
    );
    const done = states.filter((one) => one?.state === 'done').length;
    const told = await new Peer(url, SAFE).told;
    expect([told.verdict, told.cut]).toEqual(['verified', '']);
    expect(told.shared).toMatchObject({ done: told.shared.partitions, own: told.shared.partitions - done });
    expect(done).toBeGreaterThan(0);
  }, 60_000);
});

describe.skipIf(!HAS_NATS)('a hub that dies in the middle', () => {
  it('is a warning: the process searches all that is left itself', async () => {
    const hub = await server();
    const peer = new Peer(hub.url, { ...SAFE, slowMs: 60 });
    const { keys } = await bucket(hub.url, SAFE);
    await until(async () => (await keys('>')).length > 3);
    await hub.kill();
    const told = await peer.told;
    expect(peer.log).toMatch(/the hub nats:.* is away: .*the search goes on alone/);
    expect([told.verdict, told.shared.own]).toEqual(['verified', told.shared.partitions]);
  }, 90_000);
});

describe.skipIf(!HAS_NATS)('a hub that loses its bucket in the middle', () => {
  it('is given it again, and told what is done from then on', async () => {
    const { url } = await server();
    const peer = new Peer(url, { ...SAFE, slowMs: 60 });
    const { keys } = await bucket(url, SAFE);
    await until(async () => (await keys('>')).length > 3);
    const connection = await connectHub({ url });
    connections.push(connection);
    await (await jetstreamManager(connection)).streams.delete(`KV_${VERIFY_BUCKET}`);
    const told = await peer.told;
    expect([told.verdict, told.shared.own]).toEqual(['verified', told.shared.partitions]);
    expect((await keys('>')).filter((name) => /\.\d+$/.test(name)).length).toBeGreaterThan(0);
  }, 90_000);
});

describe.skipIf(!HAS_NATS)('a hub that speaks nonsense', () => {
  it('never makes a search “verified”: not by plans, not by reports, not by violations', async () => {
    const { url } = await server();
    const { kv, key, keys } = await bucket(url, SAFE);
    await kv.put(key('plan'), 'nonsense');
    expect(await here(url, SAFE)).toMatchObject({
      verdict: 'incomplete',
      cut: expect.stringMatching(/plan on the hub/),
    });
    await kv.purge(key('plan'));
    const hash = 'ab'.repeat(32);
    const done = { schema: 'heddle.partition/1', state: 'done', peer: 'x', states: 1, transitions: 1, depthMax: 1 };
    const rest = { bounded: false, violations: 0, reached: [0, 65_535] };
    // Of another plan; no number; too large; of another form.
    await kv.put(key(`${hash}.0`), JSON.stringify({ ...done, ...rest }));
    await kv.put(key(`${hash}.zero`), JSON.stringify({ ...done, ...rest }));
    await kv.put(key('violation.one'), 'no schedule');
    await kv.put(key('violation.two'), new Uint8Array(900_000));
    const result = await here(url, SAFE);
    expect([result.verdict, result.shared?.own]).toEqual(['verified', result.shared?.partitions]);
    const [name = ''] = (await keys('>')).filter((one) => /\.1$/.test(one) && !one.includes(hash));
    for (const value of [
      '',
      '[]',
      '{',
      JSON.stringify({ ...done, ...rest, states: -1 }),
      JSON.stringify({ ...done, state: 'proved' }),
    ]) {
      await kv.put(name, value);
      // The others are done already: this one is done again.
      const again = await here(url, SAFE);
      expect([again.verdict, again.shared?.own, again.shared?.processes], value).toEqual(['verified', 1, 2]);
    }
    await kv.put(name, JSON.stringify({ ...done, ...rest, violations: 1 }));
    expect(await here(url, SAFE)).toMatchObject({
      verdict: 'incomplete',
      cut: expect.stringMatching(/no schedule shows it/),
    });
    await kv.put(name, JSON.stringify({ ...done, ...rest, bounded: true }));
    expect((await here(url, SAFE)).verdict).toBe('bounded');
  }, 90_000);

  it('and a plan that knows less than is so, is replaced by one that knows it', async () => {
    const { url } = await server();
    const search = { model: 'examples/bank.ts', design: 'racy', partitions: 1 };
    const { kv, key } = await bucket(url, search);
    const whole = await alone(search);
    const options = await optionsOf(search);
    const visited = Visited.create(14, false);
    const setup = { configuration: { design: 'racy', scene: '', options: {} }, reduce: true, costly: false };
    const ignorant = new Search({ artefact: options.exact, ...setup, bounds: UNBOUNDED, pathBytes: 1 << 20, visited });
    const learned = ignorant.learned();
    ignorant.start();
    const paths = (await divide(ignorant, 1, () => Promise.resolve(true))) ?? [];
    expect(paths).toHaveLength(1);
    const first = await kv.put(key('plan'), encodePlan(planOf(learned, paths)));
    const result = await here(url, search);
    expect(result.verdict).toBe('violated');
    expect(result.records.map((r) => r.signature)).toEqual(whole.records.map((r) => r.signature));
    expect((await kv.get(key('plan')))?.revision).toBeGreaterThan(first);
  }, 60_000);

  it('can tell a violation only by a schedule that fails here', async () => {
    const { url } = await server();
    const safe = { ...BANK, design: 'locked' };
    const { kv, key } = await bucket(url, safe);
    const [record] = (await alone(BANK)).records;
    const text = record ? formatSchedule(record.schedule) : '';
    await kv.put(key('violation.other-design'), text);
    await kv.put(key('violation.claimed'), text.replace('racy', 'locked'));
    expect((await here(url, safe)).verdict).toBe('verified');
  }, 60_000);
});
