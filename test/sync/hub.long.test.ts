/** A peer's side of the hub, against a real nats-server. */
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HubClient } from '../../src/sync/hub/client.js';
import { connectHub } from '../../src/sync/hub/connect.js';
import { hubStatus } from '../../src/sync/hub/status.js';
import { CORPUS_STREAM, subjectOf, subjectsOf } from '../../src/sync/hub/subjects.js';
import { HAS_NATS, NatsServer } from './nats-server.js';

const GROUP = { modelHash: 'ab'.repeat(32), design: 'v6.6', configuration: 'c0ffee00' };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

const servers: NatsServer[] = [];
const clients: HubClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close(200)));
  await Promise.all(servers.splice(0).map((server) => server.remove()));
});

async function server(...flags: string[]): Promise<NatsServer> {
  const made = await NatsServer.create(...flags);
  servers.push(made);
  return made;
}

function client(url: string, warnings: string[] = [], group = GROUP): HubClient {
  const made = new HubClient({ url }, group, { warning: (message) => warnings.push(message) });
  clients.push(made);
  return made;
}

async function until(holds: () => boolean, ms = 20_000): Promise<void> {
  const end = Date.now() + ms;
  while (!holds() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(holds()).toBe(true);
}

/** All that a client hears until so many messages have come. */
async function heard(from: HubClient, count: number): Promise<string[]> {
  await from.ready(5_000);
  const all: string[] = [];
  for (let i = 0; i < 15 && all.length < count; i++) {
    for (const { data } of await from.hear('corpus', 100)) all.push(text(data));
  }
  return all.sort();
}

describe('subjects', () => {
  const group = { modelHash: 'ab'.repeat(32), design: 'v6.6 *>', configuration: 'c0ffee00' };

  it('have no dots, blanks or wildcards from names', () => {
    expect(subjectOf('corpus', group, 'hot-plug', 'x.y')).toBe(
      'heddle.corpus.abababababababab.v6_6___.c0ffee00.hot-plug.x_y',
    );
    expect(subjectOf('corpus', group, null, 'x')).toBe('heddle.corpus.abababababababab.v6_6___.c0ffee00.~.x');
    expect(subjectsOf('finding', { modelHash: '', design: '', configuration: '' }, null)).toBe(
      'heddle.finding._._._.*.*',
    );
  });

  it('tell scenes apart whose names differ in such characters only', () => {
    const names = ['a b', 'a.b', 'a_b', 'a*b', '~', '_', ''];
    const subjects = names.map((name) => subjectOf('finding', group, name, 'x'));
    expect(new Set(subjects).size).toBe(names.length);
    for (const subject of subjects) expect(subject).toMatch(/^heddle\.finding(\.[\w-]+){5}$/);
  });
});

describe.skipIf(!HAS_NATS)('a hub', () => {
  it('gives each peer what the other has told, once, and late joiners everything', async () => {
    const { url } = await (await server()).start();
    const [a, b] = [client(url), client(url)];
    for (const id of ['1', '2', '3']) a.tell('corpus', id, () => bytes(`entry ${id}`));
    for (const id of ['3', '4']) b.tell('corpus', id, () => bytes(`entry ${id}`));
    const all = ['entry 1', 'entry 2', 'entry 3', 'entry 4'];
    expect(await heard(a, 4)).toEqual(all);
    expect(await heard(b, 4)).toEqual(all);
    expect(await a.hear('corpus', 10)).toEqual([]);
    expect(a.counts().stored + b.counts().stored).toBe(4);
    expect(a.counts().duplicates + b.counts().duplicates).toBe(1);
    expect(await heard(client(url), 4)).toEqual(all);
    // Another design or model has streams of its own.
    const other = client(url, [], { ...GROUP, design: 'v6.7' });
    await other.ready(5_000);
    expect(await other.hear('corpus', 10)).toEqual([]);
  });

  it('loses nothing when it is killed in between, and tells each message once', async () => {
    const hub = await (await server()).start();
    const warnings: string[] = [];
    const [a, b] = [client(hub.url, warnings), client(hub.url)];
    a.tell('corpus', '1', () => bytes('1'));
    expect(await heard(b, 1)).toEqual(['1']);
    await hub.kill();
    for (let i = 2; i <= 50; i++) a.tell('corpus', `${i}`, () => bytes(`${i}`));
    expect(await b.hear('corpus', 10)).toEqual([]);
    await until(() => warnings.some((warning) => /is away/.test(warning)));
    expect(a.counts().waiting).toBeGreaterThan(0);
    await hub.start();
    await until(() => a.counts().waiting === 0);
    const after = await heard(b, 49);
    expect(after).toHaveLength(49);
    expect(new Set(after).size).toBe(49);
    expect(warnings.filter((warning) => /is away/.test(warning)).length).toBeLessThan(3);
    await until(() => warnings.some((warning) => /is back/.test(warning)));
  }, 60_000);

  it('that keeps the line open and answers nothing holds nobody up', async () => {
    const hub = await (await server()).start();
    const warnings: string[] = [];
    const peer = client(hub.url, warnings);
    peer.tell('corpus', '1', () => bytes('1'));
    expect(await heard(peer, 1)).toEqual(['1']);
    const hearing = peer.hear('corpus', 10);
    hub.freeze();
    expect(await hearing).toEqual([]);
    expect(await peer.hear('corpus', 10)).toEqual([]);
    await until(() => warnings.some((warning) => /is away/.test(warning)));
    hub.goOn();
    peer.tell('corpus', '2', () => bytes('2'));
    await until(() => peer.counts().waiting === 0);
    const other = client(hub.url);
    expect(await heard(other, 2)).toEqual(['1', '2']);
  }, 60_000);

  it('may come later than the campaign', async () => {
    const hub = await server();
    const warnings: string[] = [];
    const early = client(hub.url, warnings);
    early.tell('corpus', '1', () => bytes('1'));
    await until(() => warnings.length === 1);
    expect(warnings[0]).toMatch(/is away.*the campaign goes on, and tells it later/);
    await hub.start();
    await until(() => early.counts().stored === 1);
    expect(early.counts().connected).toBe(true);
  }, 60_000);

  it('that speaks nonsense is a warning, and closing does not wait for it', async () => {
    const babbler = createServer((socket) =>
      socket.on('error', () => {}).write('HTTP/1.1 200 OK\r\n\r\n<html>'),
    ).listen(0);
    const address = babbler.address();
    const warnings: string[] = [];
    const peer = client(`nats://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, warnings);
    peer.tell('corpus', '1', () => bytes('1'));
    await until(() => warnings.length > 0);
    await peer.close(100);
    babbler.close();
    expect(peer.counts().waiting).toBe(1);
  });

  it('that is full takes no more, says so once, and takes the rest when it has room', async () => {
    const hub = await (await server()).start();
    const setUp = client(hub.url);
    await setUp.ready(5_000);
    const { jetstreamManager } = await import('@nats-io/jetstream');
    const connection = await connectHub({ url: hub.url });
    const jsm = await jetstreamManager(connection);
    await jsm.streams.update(CORPUS_STREAM, { max_bytes: 10_000 });
    const warnings: string[] = [];
    const peer = client(hub.url, warnings);
    for (let i = 0; i < 30; i++) peer.tell('corpus', `${i}`, () => bytes('x'.repeat(1_000)));
    await until(() => warnings.some((warning) => /is full.*max_bytes/.test(warning)));
    const { stored, waiting } = peer.counts();
    expect(stored).toBeGreaterThan(3);
    expect(waiting).toBe(30 - stored);
    await connection.close();
  }, 30_000);

  it('that is full says so once, however often it is tried again, and holds up no finding', async () => {
    const hub = await (await server()).start();
    await client(hub.url).ready(5_000);
    const { jetstreamManager } = await import('@nats-io/jetstream');
    const connection = await connectHub({ url: hub.url });
    const jsm = await jetstreamManager(connection);
    await jsm.streams.update(CORPUS_STREAM, { max_bytes: 10_000 });
    const warnings: string[] = [];
    const hooks = { warning: (message: string) => warnings.push(message) };
    const peer = new HubClient({ url: hub.url }, GROUP, hooks, { fullMs: 20 });
    clients.push(peer);
    let tries = 0;
    const load = (): Uint8Array => {
      tries += 1;
      return bytes('x'.repeat(1_000));
    };
    for (let i = 0; i < 100; i++) peer.tell('corpus', `${i}`, load);
    await until(() => warnings.length > 0);
    peer.tell('finding', '1', () => bytes('finding'));
    const before = tries;
    // Each answer of the hub is one more reason to believe that all is well.
    for (let i = 0; i < 3; i++) await peer.hear('finding', 10);
    await until(() => tries > before + 300);
    expect(warnings).toEqual([expect.stringMatching(/is full: its stream of corpus/)]);
    expect((await hubStatus({ url: hub.url })).findings?.messages).toBe(1);
    await jsm.streams.update(CORPUS_STREAM, { max_bytes: 1_000_000 });
    await until(() => peer.counts().waiting === 0);
    expect(warnings).toHaveLength(1);
    await connection.close();
  }, 60_000);

  it('that holds messages of an older version is told once', async () => {
    const { url } = await (await server()).start();
    await client(url).ready(5_000);
    const { jetstream } = await import('@nats-io/jetstream');
    const connection = await connectHub({ url });
    await jetstream(connection).publish(`heddle.corpus.${'ab'.repeat(8)}.v6_6.${'0'.repeat(16)}`, 'old');
    await connection.close();
    const warnings: string[] = [];
    const young = client(url, warnings);
    await until(() => warnings.length > 0);
    expect(warnings).toEqual([expect.stringMatching(/holds 1 messages of this model in the form of an older version/)]);
    expect(await young.hear('corpus', 10)).toEqual([]);
  });

  it('is told who is there, and a message that is too large is kept back', async () => {
    const { url } = await (await server()).start();
    const peer = client(url);
    await peer.ready(5_000);
    const presence = {
      schema: 'heddle.presence/1',
      host: 'here',
      pid: 1,
      version: '0',
      model: 'box',
      design: 'v6.6',
    } as const;
    const counts = {
      elapsedMs: 1,
      executions: 2,
      executionsPerSecond: 3,
      corpus: 4,
      features: 5,
      findings: 6,
      workers: 7,
    };
    await peer.present({ ...presence, scene: null, ...counts });
    peer.tell('corpus', 'large', () => new Uint8Array(100_000));
    peer.tell('corpus', 'gone', () => null);
    peer.tell('corpus', 'small', () => bytes('small'));
    await until(() => peer.counts().waiting === 0);
    expect(peer.counts()).toMatchObject({ stored: 1, refused: 2, bytes: 5 });
    const status = await hubStatus({ url });
    expect(status.peers).toMatchObject([{ peer: peer.peer, host: 'here', ...counts }]);
    expect(status.corpus).toMatchObject({
      messages: 1,
      groups: [{ model: 'ab'.repeat(8), design: 'v6_6', messages: 1 }],
    });
    await peer.close(1_000);
    expect((await hubStatus({ url })).peers).toEqual([]);
  });

  it('asks for a password if it is set up so', async () => {
    const hub = await (await server('--user', 'me', '--pass', 'p:w d')).start();
    await expect(hubStatus({ url: hub.url })).rejects.toThrow(/Authorization/i);
    const url = hub.url.replace('//', '//me:p%3Aw%20d@');
    expect((await hubStatus({ url })).url).toBe(hub.url);
  });
});
