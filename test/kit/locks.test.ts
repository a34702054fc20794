/** Semaphore, rwlock, seqcount, once, module reference: every interleaving against programs written by hand. */
import { describe, expect, it } from 'vitest';
import { point, type Program } from '../support/enumerate.js';
import { compare, defaultRun, kindsIn, type State } from './brute-force.js';

const MODEL = 'test/models/kit-locks.ts';

type Task = Program<State>;
const get = (s: State, key: string): number => s[key] ?? 0;

function* set(s: State, key: string, value: number): Generator<{ kind: 'point' }, void, number> {
  yield point;
  s[key] = value;
}
function* increment(s: State, key: string): Generator<{ kind: 'point' }, void, number> {
  yield point;
  const value = get(s, key);
  yield* set(s, key, value + 1);
}
function* copyTo(s: State, from: string, to: string): Generator<{ kind: 'point' }, void, number> {
  yield point;
  const value = get(s, from);
  yield* set(s, to, value);
}

describe('semaphore', () => {
  /** A permit goes to the one who waits longest. */
  const up: Task = function* (s, world) {
    yield point;
    if (get(s, 'waiters') > 0) {
      s['waiters'] = get(s, 'waiters') - 1;
      world.wake('semaphore', 1);
    } else s['permits'] = get(s, 'permits') + 1;
  };
  const permitted: Task = function* (s, world, me) {
    yield point;
    if (get(s, 'permits') > 0) s['permits'] = get(s, 'permits') - 1;
    else {
      s['waiters'] = get(s, 'waiters') + 1;
      yield { kind: 'sleep', on: 'semaphore' };
    }
    yield* increment(s, 'value');
    yield* up(s, world, me);
  };
  const trying: Task = function* (s, world, me) {
    yield point;
    if (get(s, 'permits') === 0) return yield* set(s, 'missed', 1);
    s['permits'] = get(s, 'permits') - 1;
    yield* increment(s, 'value');
    yield* up(s, world, me);
  };
  /** Being chosen to run before the permit came is the timeout. */
  const patient: Task = function* (s) {
    yield point;
    if (get(s, 'permits') > 0) s['permits'] = get(s, 'permits') - 1;
    else {
      s['waits'] = 1;
      yield { kind: 'until', holds: () => true };
      if (!get(s, 'granted')) {
        s['waits'] = 0;
        return yield* set(s, 'missed', 1);
      }
    }
    yield* set(s, 'seen', 1);
  };
  const signalling: Task = function* (s) {
    yield* set(s, 'value', 5);
    yield point;
    if (get(s, 'waits')) s['granted'] = 1;
    else s['permits'] = get(s, 'permits') + 1;
  };
  const one = (): State => ({ permits: 1, value: 0, missed: 0 });

  it('with one permit loses no increment', async () => {
    const { ends } = await compare([MODEL, 'semaphore'], [permitted, permitted, permitted], one, {
      value: 'Cell.value',
    });
    expect(ends).toEqual(['3']);
  });

  it('is missed by a task that does not wait', async () => {
    const fields = { value: 'Cell.value', missed: 'Cell.missed' };
    const { ends } = await compare([MODEL, 'semaphore-try'], [permitted, trying], one, fields);
    expect(ends).toEqual(['1,1', '2,0']);
  });

  it('is waited for with a timeout', async () => {
    const fields = { seen: 'Cell.seen', missed: 'Cell.missed' };
    const initial = (): State => ({ permits: 0, seen: 0, missed: 0 });
    const { ends } = await compare([MODEL, 'semaphore-timeout'], [patient, signalling], initial, fields);
    expect(ends).toEqual(['0,1', '1,0']);
    expect((await defaultRun(MODEL, 'semaphore-timeout', 'Cell.seen')).value).toBe(1);
    expect(await defaultRun(MODEL, 'semaphore-alone', 'Cell.missed')).toEqual({ value: 1, kinds: [] });
  });
});

describe('rwlock', () => {
  const reading: Task = function* (s, world) {
    yield point;
    while (get(s, 'writer') || get(s, 'waiting')) yield { kind: 'sleep', on: 'rwlock' };
    s['readers'] = get(s, 'readers') + 1;
    yield* copyTo(s, 'value', 'seen');
    yield point;
    s['readers'] = get(s, 'readers') - 1;
    if (s['readers'] === 0) world.wake('rwlock', -1);
  };
  const writing: Task = function* (s, world) {
    yield point;
    if (get(s, 'writer') || get(s, 'readers')) {
      s['waiting'] = get(s, 'waiting') + 1;
      while (get(s, 'writer') || get(s, 'readers')) yield { kind: 'sleep', on: 'rwlock' };
      s['waiting'] = get(s, 'waiting') - 1;
    }
    s['writer'] = 1;
    yield* increment(s, 'value');
    yield point;
    s['writer'] = 0;
    world.wake('rwlock', -1);
  };
  const fields = { value: 'Cell.value', seen: 'Cell.seen' };

  it('lets readers in together and a writer alone', async () => {
    const initial = (): State => ({ value: 0, seen: 0 });
    const { ends } = await compare([MODEL, 'rwlock'], [reading, reading, writing], initial, fields);
    expect(ends).toEqual(['1,0', '1,1']);
  });

  it('is tried', async () => {
    expect(await kindsIn(MODEL, 'rwlock-try')).toEqual([]);
    expect(await kindsIn(MODEL, 'rwlock-try-write')).toEqual([]);
  });

  it('may not be held asleep', async () => {
    expect(await kindsIn(MODEL, 'sleeping')).toEqual(['sleep-in-atomic']);
  });
});

describe('seqcount', () => {
  const copying: Task = function* (s) {
    for (;;) {
      yield point;
      while (get(s, 'sequence') & 1) yield { kind: 'sleep', on: 'seqcount' };
      const version = get(s, 'sequence');
      yield point;
      const a = get(s, 'a');
      yield point;
      const b = get(s, 'b');
      yield point;
      if (get(s, 'sequence') === version) return yield* set(s, 'seen', 2 * a + b);
    }
  };
  const publishing: Task = function* (s, world) {
    yield point;
    s['sequence'] = get(s, 'sequence') + 1;
    yield* set(s, 'a', 1);
    yield* set(s, 'b', 1);
    yield point;
    s['sequence'] = get(s, 'sequence') + 1;
    world.wake('seqcount', -1);
  };

  it('never lets a reader keep half of what was written', async () => {
    const initial = (): State => ({ sequence: 0, a: 0, b: 0, seen: 0 });
    const { ends } = await compare([MODEL, 'seqcount'], [copying, publishing], initial, { seen: 'Cell.seen' });
    expect(ends).toEqual(['0', '3']);
  });

  it('is not written asleep', async () => {
    expect(await kindsIn(MODEL, 'writing-asleep')).toEqual(['sleep-in-atomic']);
  });
});

describe('once', () => {
  const initialising: Task = function* (s, world) {
    yield point;
    if (!get(s, 'done')) {
      if (get(s, 'runs')) {
        while (get(s, 'runs')) yield { kind: 'sleep', on: 'once' };
      } else {
        s['runs'] = 1;
        yield* increment(s, 'value');
        yield point;
        s['runs'] = 0;
        s['done'] = 1;
        world.wake('once', -1);
      }
    }
    yield* copyTo(s, 'value', 'seen');
  };

  it('is done by one task, and the other waits until it is', async () => {
    const fields = { value: 'Cell.value', seen: 'Cell.seen' };
    const { ends } = await compare(
      [MODEL, 'once'],
      [initialising, initialising],
      () => ({ value: 0, seen: 0 }),
      fields,
    );
    expect(ends).toEqual(['1,1']);
  });
});

describe('module reference', () => {
  const using: Task = function* (s) {
    yield point;
    if (get(s, 'going')) return yield* set(s, 'missed', 1);
    s['references'] = get(s, 'references') + 1;
    yield* copyTo(s, 'value', 'seen');
    yield point;
    s['references'] = get(s, 'references') - 1;
  };
  const unloading: Task = function* (s) {
    yield point;
    if (get(s, 'references')) return;
    s['going'] = 1;
    yield* set(s, 'value', 7);
  };

  it('keeps the module while it is used', async () => {
    const fields = { seen: 'Cell.seen', missed: 'Cell.missed' };
    const { ends } = await compare(
      [MODEL, 'module'],
      [using, unloading],
      () => ({ value: 0, seen: 0, missed: 0 }),
      fields,
    );
    expect(ends).toEqual(['0,0', '0,1']);
  });

  it('is not put twice', async () => {
    expect(await kindsIn(MODEL, 'putting-twice')).toEqual(['refcount-misuse']);
  });
});
