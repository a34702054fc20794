/** The watch over a request counts the time that a worker takes for it, not the time that the request waits for a worker. */
import { afterEach, expect, it, vi } from 'vitest';
import { WorkerLost, WorkerPool } from '../../src/campaign/pool.js';
import { Turns } from '../../src/campaign/turns.js';
import type { BatchRequest } from '../../src/worker/protocol.js';
import { linkedModule } from '../support/linked.js';
import { executorOf, modelAt } from '../support/models.js';
import { workerSetup } from '../support/worker-setup.js';

const MODEL = 'examples/bank.ts';
const HANG_MS = 60_000;
const TIMERS: 'setInterval'[] = ['setInterval'];

afterEach(() => {
  vi.useRealTimers();
});

async function onePool(): Promise<{ pool: WorkerPool; request: (id: number) => BatchRequest }> {
  const executor = await executorOf(MODEL);
  const setup = workerSetup(await modelAt(MODEL), executor.design);
  const schedule = executor.sceneSchedule();
  const scene = executor.scene;
  const stage = { strategy: 'random' as const, scene, parameter: 0, schedule, steps: [], choices: 0, executions: 10 };
  return {
    pool: new WorkerPool(1, setup, executor.declarations, HANG_MS),
    request: (id) => ({
      type: 'batch',
      id,
      seed: 1n,
      stages: [stage],
      budgetMs: null,
      stopOnFirst: false,
      known: [],
      linked: null,
    }),
  };
}

it('a request that has waited long for its turn is not taken for a worker that hangs', async () => {
  const { pool, request } = await onePool();
  vi.useFakeTimers({ toFake: TIMERS });
  try {
    const answers = [1, 2, 3].map((id) => pool.run(request(id)));
    for (const [i, answer] of answers.entries()) {
      vi.advanceTimersByTime(HANG_MS - 1);
      expect(await answer).toMatchObject({ type: 'batch', id: i + 1 });
    }
  } finally {
    await pool.close();
  }
});

it('a worker that takes too long is lost, and the next request has its turn', async () => {
  const { pool, request } = await onePool();
  vi.useFakeTimers({ toFake: TIMERS });
  try {
    const answers = [1, 2].map((id) => pool.run(request(id)));
    const first = expect(answers[0]).rejects.toThrow(WorkerLost);
    await Promise.resolve();
    vi.advanceTimersByTime(HANG_MS);
    await first;
    expect(await answers[1]).toMatchObject({ type: 'batch', id: 2 });
  } finally {
    await pool.close();
  }
});

it('a worker that ends executions does not hang, however long its request takes', async () => {
  const { pool, request } = await onePool();
  await pool.run(request(1));
  vi.useFakeTimers({ toFake: TIMERS });
  const endless = request(2);
  const [stage] = endless.stages;
  let lost: unknown = null;
  const answer = pool
    .run({ ...endless, stages: stage ? [{ ...stage, executions: 1e9 }] : [] })
    .catch((error: unknown) => {
      lost = error;
    });
  try {
    for (let look = 0; look < 6; look++) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      vi.advanceTimersByTime(HANG_MS / 4);
    }
    expect(lost).toBe(null);
  } finally {
    await pool.close();
    await answer;
  }
});

it('what waits when the pool is closed is lost', async () => {
  const { pool, request } = await onePool();
  const lost = [1, 2, 3].map((id) => expect(pool.run(request(id))).rejects.toThrow(WorkerLost));
  await pool.close();
  await Promise.all(lost);
});

it('turns are taken in order, so many at once', async () => {
  const turns = new Turns(2);
  const order: number[] = [];
  const begun = [1, 2, 3, 4].map((n) => turns.begin().then(() => order.push(n)));
  await Promise.all(begun.slice(0, 2));
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual([1, 2]);
  turns.done();
  await begun[2];
  turns.done();
  await begun[3];
  expect(order).toEqual([1, 2, 3, 4]);
});

it('hands a linked module over to the thread', async () => {
  const { pool, request } = await onePool();
  const other = await linkedModule((await modelAt('test/models/choosing.ts')).wasm);
  try {
    await pool.run(request(1));
    await expect(pool.run({ ...request(2), linked: other })).rejects.toThrow(
      'the linked model starts in another state',
    );
  } finally {
    await pool.close();
  }
});
