/** What a fleet knows when members are killed and hubs come and go: real processes of `heddle fuzz --hub` on a real nats-server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterEach, describe, expect, it } from 'vitest';
import { connectHub } from '../../src/sync/hub/connect.js';
import { type HubStatus, hubStatus } from '../../src/sync/hub/status.js';
import { CORPUS_STREAM, FINDINGS_STREAM } from '../../src/sync/hub/subjects.js';
import { heddle, MAIN } from '../cli/run.js';
import { HAS_NATS, NatsServer } from './nats-server.js';

/** The bug shows whatever the option is, with one signature; so do both scenes. */
const OPTIONAL = `import { event, invariant, option, optionValue, scene } from 'heddle';
class Account { balance: i32 = 100; }
const alice = new Account();
const bob = new Account();
function transfer(amount: i32): void {
  if (optionValue(0) > 0) bob.balance += 0;
  alice.balance -= amount;
  bob.balance += amount;
}
export function register(): void {
  option('extra', 0, 0, 3);
  event('transfer', transfer).arg('amount', 1, 50);
  scene('two').with('transfer', 10).with('transfer', 20);
  scene('three').with('transfer', 10).with('transfer', 20).with('transfer', 30);
  invariant('no money is lost', () => alice.balance + bob.balance == 200);
}
`;

const servers: NatsServer[] = [];
const members: ChildProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const member of members.splice(0)) member.kill('SIGKILL');
  await Promise.all(servers.splice(0).map((server) => server.remove()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function server(): Promise<NatsServer> {
  const made = await NatsServer.create();
  servers.push(made);
  return made;
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'heddle-fleet-'));
  folders.push(made);
  return made;
}

/** A campaign in a process of its own, and what it has written to stderr so far. */
function member(cwd: string, ...args: string[]): { child: ChildProcess; log: () => string; ended: Promise<unknown> } {
  const env = { ...process.env, HEDDLE_HUB: '', CI: '' };
  const child = spawn(process.execPath, [MAIN, 'fuzz', ...args], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  members.push(child);
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  return { child, log: () => log, ended };
}

async function hubUntil(url: string, holds: (status: HubStatus) => boolean, ms = 40_000): Promise<HubStatus> {
  const end = Date.now() + ms;
  for (;;) {
    const status = await hubStatus({ url });
    if (holds(status) || Date.now() > end) {
      expect(holds(status), JSON.stringify(status)).toBe(true);
      return status;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const hasBoth = ({ corpus, findings }: HubStatus): boolean =>
  (corpus?.messages ?? 0) > 0 && (findings?.messages ?? 0) > 0;

async function dropStreams(url: string): Promise<void> {
  const connection = await connectHub({ url });
  const jsm = await jetstreamManager(connection);
  for (const name of [CORPUS_STREAM, FINDINGS_STREAM]) await jsm.streams.delete(name);
  await connection.close();
}

describe.skipIf(!HAS_NATS)('a fleet', () => {
  it('has the entries of a member that was killed, on a hub that held none before', async () => {
    const { url } = await (await server()).start();
    const { child, ended } = member(folder(), 'bank', '-j', '1', '--max-time', '2min', '--hub', url);
    await hubUntil(url, hasBoth);
    child.kill('SIGKILL');
    await ended;
    const { corpus, findings } = await hubStatus({ url });
    expect([corpus?.messages === 0, findings?.messages]).toEqual([false, 1]);
  }, 120_000);

  it('is told the findings that were made while the hub was away, at the next run', async () => {
    const hub = await server();
    const cwd = folder();
    const flags = ['bank', '-j', '1', '--hub', hub.url];
    const away = await heddle(['fuzz', ...flags, '--max-execs', '20k'], { cwd });
    expect(away.code).toBe(3);
    expect(away.stderr).toMatch(/not told yet: they are in the folder, and are told the next time/);
    // Nothing that is run shows it again.
    rmSync(join(cwd, 'heddle-out/bank-racy/corpus'), { recursive: true });
    await hub.start();
    const { stderr } = await heddle(['fuzz', ...flags, '--max-execs', '1'], { cwd });
    expect(stderr).toMatch(/hub: \d+ told/);
    expect((await hubStatus({ url: hub.url })).findings?.messages).toBe(1);
  }, 120_000);

  it('is told nothing of a folder that belongs to another build of the model', async () => {
    const hub = await server();
    const cwd = folder();
    const flags = ['fuzz', './m.ts', '-j', '1', '--max-execs', '20k', '-o', 'a', '--hub', hub.url];
    writeFileSync(join(cwd, 'm.ts'), OPTIONAL);
    expect((await heddle(flags, { cwd })).code).toBe(3);
    writeFileSync(join(cwd, 'm.ts'), OPTIONAL.replace('balance += 0', 'balance -= 0'));
    await hub.start();
    const { code, stderr } = await heddle(flags, { cwd });
    expect([code, stderr]).toEqual([5, expect.stringMatching(/made by another version/)]);
    const { corpus, findings } = await hubStatus({ url: hub.url });
    expect([corpus?.messages ?? 0, findings?.messages ?? 0]).toEqual([0, 0]);
  }, 120_000);

  it('gets everything again from a running member if the streams are deleted', async () => {
    const { url } = await (await server()).start();
    const { child, log, ended } = member(folder(), 'bank', '-j', '1', '--max-time', '3min', '--hub', url);
    const before = await hubUntil(url, hasBoth);
    await dropStreams(url);
    const had = before.corpus?.messages ?? 0;
    await hubUntil(url, (now) => hasBoth(now) && (now.corpus?.messages ?? 0) >= had);
    child.kill('SIGINT');
    await ended;
    expect(log()).toMatch(/had lost what it held/);
    expect(log()).not.toMatch(/jetstream is not enabled/);
  }, 120_000);

  it('gets everything again from a running member if the hub comes back with an empty disk', async () => {
    const hub = await (await server()).start();
    const { child, log, ended } = member(folder(), 'bank', '-j', '1', '--max-time', '3min', '--hub', hub.url);
    const before = await hubUntil(hub.url, hasBoth);
    await hub.kill();
    hub.forget();
    await hub.start();
    const had = before.corpus?.messages ?? 0;
    const peers = await hubUntil(
      hub.url,
      (now) => hasBoth(now) && (now.corpus?.messages ?? 0) >= had && now.peers.length === 1,
    );
    expect(peers.peers).toHaveLength(1);
    child.kill('SIGINT');
    await ended;
    expect(log()).not.toMatch(/jetstream is not enabled/);
    if (/is away/.test(log())) expect(log()).toMatch(/is back/);
  }, 120_000);

  it('knows a finding of each option set and each scene, though they have one signature', async () => {
    const { url } = await (await server()).start();
    const cwd = folder();
    writeFileSync(join(cwd, 'm.ts'), OPTIONAL);
    const flags = ['fuzz', './m.ts', '-j', '1', '--max-execs', '20k', '--hub', url];
    const runs = [
      ['--scene', 'two', '-o', 'a'],
      ['--scene', 'two', '-o', 'b', '--option', 'extra=1'],
      ['--scene', 'three', '-o', 'c'],
    ];
    for (const run of runs) {
      const { code, stderr } = await heddle([...flags, ...run], { cwd });
      expect(code, stderr).toBe(3);
      // What belongs to others is not even offered.
      expect(stderr).not.toMatch(/is not taken over/);
    }
    expect((await hubStatus({ url })).findings?.messages).toBe(3);
  }, 180_000);
});
