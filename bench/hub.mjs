// A hub's client under load: 8 peers in one process, without executors, publish 200 entries a second each; one more hears all of them. Needs
// nats-server (Debian: apt-get install nats-server).
//
//   node bench/hub.mjs [--seconds 60] [--peers 8] [--rate 200] [--markdown]
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HubClient } from '../dist/sync/hub/client.js';
import { flagsOf, positive, wholeNumber } from './lib/flags.mjs';

const text = (value) => ({ type: 'string', default: value });
const values = flagsOf({
  ...{ seconds: text('60'), peers: text('8'), rate: text('200') },
  markdown: { type: 'boolean', default: false },
});
const [seconds, rate] = [positive(values, 'seconds'), positive(values, 'rate')];
const peers = wholeNumber(values, 'peers');
const GROUP = { modelHash: createHash('sha256').update('bench').digest('hex'), design: 'bench', configuration: '' };
/** Between two portions of a peer. */
const TICK_MS = 50;

const port = await new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = server.address();
    server.close(() => resolve(free));
  });
});
const folder = mkdtempSync(join(tmpdir(), 'heddle-bench-hub-'));
const hub = spawn('nats-server', ['-js', '-sd', folder, '-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
hub.on('error', () => {
  console.error('nats-server is missing (Debian: apt-get install nats-server)');
  process.exit(2);
});
const url = `nats://127.0.0.1:${port}`;
const warnings = [];
const client = () => new HubClient({ url }, GROUP, { warning: (message) => warnings.push(message) });
const senders = Array.from({ length: peers }, client);
const listener = client();
await Promise.all([...senders, listener].map((one) => one.ready(10_000)));
warnings.length = 0;

let offered = 0;
let heard = 0;
let lagMax = 0;
let isOver = false;
const memory = [];
/** As large as a schedule of some ten decisions. */
const body = 'switch 0 transfer store Account.balance #1 -> 1\n'.repeat(10);
const listening = (async () => {
  while (!isOver || heard < offered) {
    const page = await listener.hear('corpus', 4096);
    heard += page.length;
    if (isOver && page.length === 0) break;
  }
})();
const begin = performance.now();
const timers = senders.map((sender, peer) => {
  let sent = 0;
  return setInterval(() => {
    const due = Math.floor(((performance.now() - begin) / 1000) * rate);
    for (; sent < due; sent++) {
      const data = Buffer.from(`# ${peer} ${sent}\n${body}`);
      offered += 1;
      sender.tell('corpus', createHash('sha256').update(data).digest('hex').slice(0, 16), () => data);
    }
    lagMax = Math.max(lagMax, sender.counts().waiting);
  }, TICK_MS);
});
const watch = setInterval(() => memory.push(process.memoryUsage().rss), 1_000);
await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
for (const timer of timers) clearInterval(timer);
const drained = performance.now();
while (senders.some((sender) => sender.counts().waiting > 0)) await new Promise((resolve) => setTimeout(resolve, 20));
const drainMs = performance.now() - drained;
isOver = true;
await listening;
clearInterval(watch);
const stored = senders.reduce((sum, sender) => sum + sender.counts().stored, 0);
await Promise.all([...senders, listener].map((one) => one.close(2_000)));
hub.kill('SIGKILL');
rmSync(folder, { recursive: true, force: true });

const third = Math.ceil(memory.length / 3);
const mean = (list) => list.reduce((sum, x) => sum + x, 0) / Math.max(1, list.length) / 2 ** 20;
const result = {
  schema: 'heddle.bench-hub/1',
  ...{ seconds, peers, rate, offered, stored, heard, waitingMax: lagMax, drainMs: Math.round(drainMs), warnings },
  rssMB: { second: Math.round(mean(memory.slice(third, 2 * third))), last: Math.round(mean(memory.slice(2 * third))) },
};
if (values.markdown) {
  console.log('| peers | entries/s | seconds | offered | stored | heard | waiting at most | RSS, 2nd and last third |');
  console.log('|---|---|---|---|---|---|---|---|');
  const cells = [peers, peers * rate, seconds, offered, stored, heard, lagMax];
  console.log(`| ${cells.join(' | ')} | ${result.rssMB.second} and ${result.rssMB.last} MB |`);
} else console.log(JSON.stringify(result, null, 2));
if (stored !== offered || heard !== offered || warnings.length > 0) process.exitCode = 1;
