/** The executor reaches exactly the interleavings and final states that an independent enumerator reaches. */
import { describe, expect, it } from 'vitest';
import type { Executor } from '../../src/executor/executor.js';
import { enumerateExecutor, enumeratePrograms, type Program, point, sequenceOf } from '../support/enumerate.js';
import { executorOf } from '../support/models.js';

type State = Record<string, number>;

/** Addresses of fields, learnt from traces of a few runs. */
function fieldAddresses(executor: Executor, fields: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  enumerateSome(executor, (site, address) => {
    if (fields.includes(site) && !found.has(site)) found.set(site, address);
  });
  return found;
}

function enumerateSome(executor: Executor, see: (field: string, address: number) => void): void {
  for (let seed = 1n; seed < 60n; seed++) {
    executor.strategy('random', 2);
    executor.setEvents(executor.sceneSchedule());
    executor.seed(seed * 77n);
    executor.batch(1);
    for (const step of executor.trace(executor.result().recorded).trace) {
      const site = executor.manifest.sites[step.site];
      if (step.kind === 'access' && site) see(site.field, step.address);
    }
  }
}

async function compare(
  model: string,
  scene: string,
  programs: readonly Program<State>[],
  initial: State,
  fields: Readonly<Record<string, string>>,
): Promise<{ leaves: number; states: number }> {
  const expected = new Map<string, number>();
  const leaves = enumeratePrograms(
    programs,
    () => ({ ...initial }),
    (sequence, state, stuck) => {
      const values = Object.keys(fields).map((key) => state[key]);
      add(expected, `${sequence} | ${values.join(',')}${stuck ? ' stuck' : ''}`);
    },
  );
  const executor = await executorOf(model, { scene });
  const addresses = fieldAddresses(executor, Object.values(fields));
  const actual = new Map<string, number>();
  const reached = enumerateExecutor(executor, (result) => {
    const values = Object.values(fields).map((field) => executor.view.i32(addresses.get(field) ?? 0));
    const stuck = result.findings.some((f) => f.kind === 'deadlock');
    expect(result.findings.filter((f) => f.kind !== 'deadlock')).toEqual([]);
    const paths = new Map(result.tasks.map((task) => [task.slot, task.path]));
    const { trace } = executor.trace(result.recorded);
    add(actual, `${sequenceOf(trace, paths)} | ${values.join(',')}${stuck ? ' stuck' : ''}`);
  });
  expect([...actual].sort()).toEqual([...expected].sort());
  expect(reached).toBe(leaves);
  return { leaves, states: new Set([...actual.keys()].map((k) => k.split('|')[1])).size };
}

function add(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

// ---- the same programs, by hand ----
const step = (n: number): Program<State> =>
  function* (s) {
    yield point;
    const x = s['x'] ?? 0;
    yield point;
    s['x'] = x + n;
    yield point;
    s['y'] = n;
  };

function* increment(s: State, field: string, by: number): Generator<{ kind: 'point' }, void, number> {
  yield point;
  const value = s[field] ?? 0;
  yield point;
  s[field] = value + by;
}

/** Mutex or spinlock: a task that finds it taken waits until it is free. */
const locked: Program<State> = function* (s) {
  yield point;
  if (s['owner']) yield { kind: 'until', holds: () => !s['owner'] };
  s['owner'] = 1;
  yield* increment(s, 'value', 1);
  yield point;
  s['owner'] = 0;
};

const trying: Program<State> = function* (s) {
  yield point;
  if (s['owner']) {
    yield point;
    s['missed'] = 1;
    return;
  }
  s['owner'] = 1;
  yield* increment(s, 'value', 1);
  yield point;
  s['owner'] = 0;
};

const adder =
  (n: number): Program<State> =>
  (s) =>
    increment(s, 'value', n);

const parent: Program<State> = function* (s, world) {
  yield* increment(s, 'value', 1);
  yield point;
  const child = world.spawn(adder(10));
  yield* increment(s, 'value', 100);
  yield point;
  if (!world.isDone(child)) yield { kind: 'sleep', on: `exit ${child}` };
  yield point;
  s['done'] = 1;
};

const lossy: Program<State> = function* (s) {
  yield point;
  if (!s['ready']) {
    yield point;
    yield { kind: 'sleep', on: 'queue' };
  }
  yield point;
  s['seen'] = 1;
};

const setter: Program<State> = function* (s, world) {
  yield point;
  s['ready'] = 1;
  yield point;
  world.wake('queue', -1);
};

const waiter: Program<State> = function* (s) {
  yield point;
  for (;;) {
    yield point;
    if (s['ready']) break;
    yield { kind: 'sleep', on: 'queue' };
  }
  yield point;
  s['seen'] = 1;
};

const consumer: Program<State> = function* (s) {
  yield point;
  while (!s['done']) yield { kind: 'sleep', on: 'completion' };
  s['done'] = (s['done'] ?? 0) - 1;
  yield point;
  s['seen'] = 1;
};

const producer: Program<State> = function* (s, world) {
  yield point;
  s['ready'] = 1;
  yield point;
  s['done'] = (s['done'] ?? 0) + 1;
  world.wake('completion', 1);
};

const pick: Program<State> = function* (s) {
  const n = yield { kind: 'choose', n: 3 };
  yield* increment(s, 'value', n);
  yield point;
  s['picked'] = n;
};

const risky: Program<State> = function* (s) {
  const failed = yield { kind: 'choose', n: 2 };
  if (failed) {
    yield point;
    s['failed'] = 1;
  } else yield* increment(s, 'value', 1);
};

const sets: Program<State> = function* (s) {
  yield point;
  s['second'] = 1;
};

/** Loads, stores, copies to what is its own, and stores what it has copied. */
const peeks: Program<State> = function* (s) {
  yield point;
  const before = s['second'] ?? 0;
  yield point;
  s['before'] = before;
  yield point;
  const copied = s['second'] ?? 0;
  yield point;
  s['copied'] = copied;
};

const MODELS = 'test/models';

describe('all interleavings, against an independent enumerator', () => {
  it('two tasks of three steps have exactly 20', async () => {
    const fields = { x: 'Cell.x', y: 'Cell.y' };
    const { leaves } = await compare(
      `${MODELS}/two-by-three.ts`,
      'two-by-three',
      [step(1), step(2)],
      { x: 0, y: 0 },
      fields,
    );
    expect(leaves).toBe(20);
  });

  it('two tasks with a mutex', async () => {
    await compare(`${MODELS}/locks.ts`, 'two', [locked, locked], { value: 0 }, { value: 'Counter.value' });
  });

  it('three tasks with a mutex', async () => {
    const { states } = await compare(
      `${MODELS}/locks.ts`,
      'three',
      [locked, locked, locked],
      { value: 0 },
      { value: 'Counter.value' },
    );
    expect(states).toBe(1);
  });

  it('two tasks with a spinlock', async () => {
    await compare(`${MODELS}/locks.ts`, 'spin', [locked, locked], { value: 0 }, { value: 'Counter.value' });
  });

  it('a trylock beside a lock', async () => {
    const fields = { value: 'Counter.value', missed: 'Counter.missed' };
    await compare(`${MODELS}/locks.ts`, 'try', [locked, trying], { value: 0, missed: 0 }, fields);
  });

  it('a task that spawns and joins', async () => {
    await compare(
      `${MODELS}/spawning.ts`,
      'one',
      [parent],
      { value: 0, done: 0 },
      { value: 'Cell.value', done: 'Cell.done' },
    );
  });

  it('a task that spawns and joins beside another', async () => {
    const fields = { value: 'Cell.value', done: 'Cell.done' };
    await compare(`${MODELS}/spawning.ts`, 'two', [parent, adder(10)], { value: 0, done: 0 }, fields);
  });

  it('a wait queue', async () => {
    await compare(
      `${MODELS}/waiting.ts`,
      'wait',
      [waiter, setter],
      { ready: 0, seen: 0 },
      { ready: 'State.ready', seen: 'State.seen' },
    );
  });

  it('a wake-up that can be lost', async () => {
    const fields = { ready: 'State.ready', seen: 'State.seen' };
    const { states } = await compare(`${MODELS}/waiting.ts`, 'lost', [lossy, setter], { ready: 0, seen: 0 }, fields);
    expect(states).toBe(2);
  });

  it('a completion', async () => {
    const fields = { ready: 'State.ready', seen: 'State.seen' };
    await compare(`${MODELS}/waiting.ts`, 'completion', [consumer, producer], { ready: 0, seen: 0, done: 0 }, fields);
  });

  it('a completion for two waiters', async () => {
    const fields = { ready: 'State.ready', seen: 'State.seen' };
    await compare(
      `${MODELS}/waiting.ts`,
      'starved',
      [consumer, consumer, producer],
      { ready: 0, seen: 0, done: 0 },
      fields,
    );
  });

  it('a copy of what is shared to an object of one’s own', async () => {
    const fields = { second: 'Pair.second', before: 'Seen.before', copied: 'Seen.copied' };
    const initial = { second: 0, before: 0, copied: 0 };
    const { states } = await compare(`${MODELS}/copies.ts`, 'peek', [sets, peeks], initial, fields);
    expect(states).toBe(3);
  });

  it('choose and fault', async () => {
    const fields = { value: 'Cell.value', picked: 'Cell.picked', failed: 'Cell.failed' };
    await compare(`${MODELS}/choosing.ts`, 'both', [pick, risky], { value: 0, picked: 0, failed: 0 }, fields);
  });
});
