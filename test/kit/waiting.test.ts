/** Completions, wait queues, tried locks, cancelled work and giving way: every interleaving against programs written by hand. */
import { beforeAll, describe, expect, it } from 'vitest';
import { modelAt } from '../support/models.js';
import { point, type World } from '../support/enumerate.js';
import { compare, type State } from './brute-force.js';
import { add, get, once, type Steps, set, type Task } from './programs.js';

const MODEL = 'test/models/kit-basics.ts';

beforeAll(() => modelAt(MODEL), 120_000);

const FIELDS = { value: 'Cell.value', a: 'Cell.a', b: 'Cell.b', c: 'Cell.c' } as const;
/** Only cells that the scene's tasks touch. */
const fields = (...keys: (keyof typeof FIELDS)[]): Record<string, string> =>
  Object.fromEntries(keys.map((key) => [key, FIELDS[key]]));
const nought = (): State => ({ value: 0, a: 0, b: 0, c: 0 });

async function endsOf(scene: string, programs: readonly Task[], keys: Record<string, string>, initial = nought) {
  return (await compare([MODEL, scene], programs, initial, keys)).ends;
}

describe('completion', () => {
  const ALL = 1_000;
  const waiting: Task = function* (s) {
    yield point;
    while (get(s, 'done') === 0) yield { kind: 'sleep', on: 'done' };
    if (get(s, 'done') !== ALL) s['done'] = get(s, 'done') - 1;
    yield* add(s, 'value');
  };
  const completingAll: Task = function* (s, world) {
    const isDone = yield* once(() => (get(s, 'done') ? 1 : 0));
    yield* set(s, 'a', isDone);
    yield* once(() => {
      s['done'] = ALL;
      world.wake('done', -1);
    });
  };
  const complete = (s: State, world: World<State>): void => {
    s['done'] = get(s, 'done') + 1;
    world.wake('done', 1);
  };
  const completing: Task = function* (s, world) {
    yield* once(() => complete(s, world));
  };
  const restarting: Task = function* (s, world) {
    yield* once(() => complete(s, world));
    yield* once(() => {
      s['done'] = 0;
    });
  };
  const tryingTwice: Task = function* (s) {
    const attempt = (): boolean => {
      if (!get(s, 'done')) return false;
      s['done'] = get(s, 'done') - 1;
      return true;
    };
    const first = yield* once(attempt);
    const second = yield* once(attempt);
    yield* set(s, 'b', second ? 2 : first ? 1 : 0);
  };
  it('lets all through, now and later', async () => {
    const programs = [waiting, waiting, completingAll];
    expect(await endsOf('complete-all', programs, fields('value', 'a'))).toEqual(['1,0', '2,0']);
  });
  it('is used up by one who tries', async () => {
    expect(await endsOf('complete-try', [tryingTwice, completing], fields('b'))).toEqual(['0', '1', '2']);
  });
  it('can be taken back before a waiter has it', async () => {
    expect(await endsOf('complete-reinit', [waiting, restarting], fields('value'))).toEqual(['0 stuck', '1']);
  });
});

describe('wait queue', () => {
  const sleeping: Task = function* (s) {
    yield point;
    yield { kind: 'sleep', on: 'queue' };
    yield* add(s, 'value');
  };
  const wakingOne: Task = function* (_, world) {
    yield* once(() => world.wake('queue', 1));
  };
  it('wakes one of two', async () => {
    const ends = await endsOf('wake-one', [sleeping, sleeping, wakingOne], fields('value'));
    expect(ends).toEqual(['0 stuck', '1 stuck']);
  });
});

describe('locks that are tried', () => {
  const free = (s: State): boolean => !get(s, 'writer') && !get(s, 'readers');
  function* leaveRead(s: State, world: World<State>): Steps {
    yield point;
    s['readers'] = get(s, 'readers') - 1;
    if (!get(s, 'readers')) world.wake('rwsem', -1);
  }
  function* leaveWrite(s: State, world: World<State>): Steps {
    yield point;
    s['writer'] = 0;
    world.wake('rwsem', -1);
  }
  const reading: Task = function* (s, world) {
    yield point;
    while (get(s, 'writer') || get(s, 'waits')) yield { kind: 'sleep', on: 'rwsem' };
    s['readers'] = get(s, 'readers') + 1;
    const value = yield* once(() => get(s, 'value'));
    yield* set(s, 'b', value);
    yield* leaveRead(s, world);
  };
  const writing: Task = function* (s, world) {
    yield point;
    if (!free(s)) {
      s['waits'] = get(s, 'waits') + 1;
      while (!free(s)) yield { kind: 'sleep', on: 'rwsem' };
      s['waits'] = get(s, 'waits') - 1;
    }
    s['writer'] = 1;
    yield* add(s, 'value');
    yield* leaveWrite(s, world);
  };
  const tryingToRead: Task = function* (s, world) {
    yield point;
    if (get(s, 'writer') || get(s, 'waits')) return;
    s['readers'] = get(s, 'readers') + 1;
    const value = yield* once(() => get(s, 'value'));
    yield* set(s, 'a', 1 + value);
    yield* leaveRead(s, world);
  };
  const tryingToWrite: Task = function* (s, world) {
    yield point;
    if (!free(s)) return;
    s['writer'] = 1;
    yield* add(s, 'value', 10);
    yield* leaveWrite(s, world);
  };
  /** A spinlock: one who waits can run exactly while it is free. */
  const spinning: Task = function* (s) {
    yield point;
    if (get(s, 'owner')) yield { kind: 'until', holds: () => !get(s, 'owner') };
    s['owner'] = 1;
    yield* add(s, 'value');
    yield* set(s, 'owner', 0);
  };
  const tryingToSpin: Task = function* (s) {
    yield point;
    if (get(s, 'owner')) return;
    s['owner'] = 1;
    yield* add(s, 'value', 10);
    yield* set(s, 'owner', 0);
  };
  it.each([
    ['rwsem', [reading, writing], ['value', 'b'], ['1,0', '1,1']],
    ['rwsem-try-read', [tryingToRead, writing], ['value', 'a'], ['1,0', '1,1', '1,2']],
    ['rwsem-try-write', [tryingToWrite, writing], ['value'], ['1', '11']],
    ['rwsem-try-both', [tryingToWrite, tryingToRead], ['value', 'a'], ['0,1', '10,0', '10,1', '10,11']],
    ['spin-try', [spinning, tryingToSpin], ['value'], ['1', '11']],
  ] as const)('%s', async (scene, programs, keys, ends) => {
    expect(await endsOf(scene, programs, fields(...keys))).toEqual(ends);
  });
});

describe('work', () => {
  const worker: Task = function* (s, world) {
    for (;;) {
      yield point;
      if (!get(s, 'queued')) {
        s['worker'] = 0;
        world.wake('works', -1);
        return;
      }
      s['queued'] = 0;
      s['runs'] = 1;
      yield* add(s, 'value');
      yield point;
      s['runs'] = 0;
      world.wake('works', -1);
    }
  };
  function* queueWork(s: State, world: World<State>): Steps {
    yield point;
    s['queued'] = s['worker'] = 1;
    yield point;
    world.spawn(worker);
  }
  const cancel = (s: State, world: World<State>): number => {
    const was = get(s, 'queued');
    s['queued'] = 0;
    world.wake('works', -1);
    return was ? 1 : 2;
  };
  const cancelling: Task = function* (s, world) {
    yield* queueWork(s, world);
    const was = yield* once(() => cancel(s, world));
    yield* set(s, 'a', was);
  };
  function* seeing(s: State): Steps {
    const value = yield* once(() => get(s, 'value'));
    yield* set(s, 'b', value);
  }
  const cancellingSync: Task = function* (s, world) {
    yield* queueWork(s, world);
    const was = yield* once(() => cancel(s, world));
    while (get(s, 'runs')) yield { kind: 'sleep', on: 'works' };
    yield* set(s, 'a', was);
    yield* seeing(s);
  };
  const draining: Task = function* (s, world) {
    yield* queueWork(s, world);
    yield point;
    while (get(s, 'worker')) yield { kind: 'sleep', on: 'works' };
    yield* seeing(s);
  };
  it('is cancelled before it runs, or too late', async () => {
    expect(await endsOf('work-cancel', [cancelling], fields('value', 'a'))).toEqual(['0,1', '1,2']);
  });
  it('does not run any more once it was cancelled by one who waits', async () => {
    const ends = await endsOf('work-cancel-sync', [cancellingSync], fields('value', 'a', 'b'));
    expect(ends).toEqual(['0,1,0', '1,2,1']);
  });
  it('is done when the queue was drained', async () => {
    expect(await endsOf('work-drain', [draining], fields('value', 'b'))).toEqual(['1,1']);
  });
});

describe('giving way', () => {
  const givingWay: Task = function* (s) {
    yield* add(s, 'a');
    yield point;
    yield point;
    yield* add(s, 'a');
  };
  it('is a point like any other: every task may go on', async () => {
    expect(await endsOf('yield', [givingWay, givingWay], fields('a'))).toEqual(['2', '3', '4']);
  });
});
