/** The fleet's hub, as the server shows it: there, silent or gone. No hub is needed for that. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { metricsOf } from '../../src/server/metrics.js';
import { FolderSource } from '../../src/server/source.js';
import type { HubStatus } from '../../src/sync/hub/status.js';

const STREAM = { name: 'HEDDLE_CORPUS', messages: 7, bytes: 900, bytesMax: -1, groups: [] };
const PEER: HubStatus['peers'][number] = {
  ...{
    peer: 'p1',
    schema: 'heddle.presence/1',
    host: 'h',
    pid: 1,
    version: '0',
    model: 'bank',
    design: 'racy',
    scene: null,
  },
  ...{ elapsedMs: 1, executions: 10, executionsPerSecond: 5, corpus: 1, features: 2, findings: 3, workers: 4 },
};
const STATUS: HubStatus = {
  url: 'nats://hub',
  server: 's',
  corpus: STREAM,
  findings: null,
  peers: [PEER, { ...PEER, peer: 'p2' }],
  searches: [],
};

function source(askHub: (() => Promise<HubStatus>) | null): FolderSource {
  const inspections = { ask: () => Promise.reject(new Error('none')) };
  return new FolderSource({ folders: [], inspections, commandOf: (path) => path, askHub });
}

it('is not asked where none was named', async () => {
  expect(source(null).hub()).toBeNull();
  expect((await metricsOf(source(null))).text).not.toContain('heddle_hub');
});

it('is asked in the background, not by each who looks', async () => {
  let asked = 0;
  const one = source(async () => {
    asked++;
    await sleep(20);
    return STATUS;
  });
  expect(one.hub()).toEqual({ problem: 'the hub has not answered yet', status: null });
  for (let i = 0; i < 10; i++) one.hub();
  await sleep(60);
  expect(one.hub()).toEqual({ problem: null, status: STATUS });
  expect(asked).toBe(1);
  const { text } = await metricsOf(one);
  expect(text).toMatch(/^heddle_hub_up 1$/m);
  expect(text).toMatch(/^heddle_hub_peers 2$/m);
  expect(text).toMatch(/^heddle_hub_executions_per_second 10$/m);
  expect(text).toMatch(/^heddle_hub_messages\{stream="HEDDLE_CORPUS"\} 7$/m);
});

it('that does not answer is a problem that is told, not an error', async () => {
  const one = source(() => Promise.reject(new Error('connection refused')));
  one.hub();
  await sleep(10);
  expect(one.hub()).toEqual({ problem: 'connection refused', status: null });
  expect((await metricsOf(one)).text).toMatch(/^heddle_hub_up 0$/m);
});
