/** Atomics, reference counts, lists, completions, tried locks and cancelled work: every interleaving against programs written by hand. */
import { beforeAll, describe, expect, it } from 'vitest';
import { modelAt } from '../support/models.js';
import { point, type Program, type World } from '../support/enumerate.js';
import { compare, type State } from './brute-force.js';

const MODEL = 'test/models/kit-basics.ts';

type Task = Program<State>;
type Steps = ReturnType<Task>;
const get = (s: State, key: string): number => s[key] ?? 0;

function* set(s: State, key: string, value: number): Steps {
  yield point;
  s[key] = value;
}
function* add(s: State, key: string, n = 1): Steps {
  yield point;
  yield* set(s, key, get(s, key) + n);
}
/** One point, then `change`, indivisible; answers what `change` does. */
function* once<T>(change: () => T): Generator<typeof point, T, number> {
  yield point;
  return change();
}

beforeAll(() => modelAt(MODEL), 120_000);

const FIELDS = { value: 'Cell.value', a: 'Cell.a', b: 'Cell.b', c: 'Cell.c' } as const;
/** Only cells that the scene's tasks touch. */
const fields = (...keys: (keyof typeof FIELDS)[]): Record<string, string> =>
  Object.fromEntries(keys.map((key) => [key, FIELDS[key]]));
const nought = (): State => ({ value: 0, a: 0, b: 0, c: 0 });

async function endsOf(scene: string, programs: readonly Task[], keys: Record<string, string>, initial = nought) {
  return (await compare([MODEL, scene], programs, initial, keys)).ends;
}

describe('atomic', () => {
  const change = (s: State, f: (n: number) => number): number => {
    s['n'] = f(get(s, 'n'));
    return get(s, 'n');
  };
  const adding: Task = function* (s) {
    const after = yield* once(() => change(s, (n) => n + 5));
    yield* set(s, 'a', after);
    yield* once(() => change(s, (n) => n - 1));
  };
  const exchanging: Task = function* (s) {
    const before = yield* once(() => {
      const old = get(s, 'n');
      s['n'] = 7;
      return old;
    });
    yield* set(s, 'b', before);
    yield* once(() => change(s, (n) => n + 1));
  };
  const comparing: Task = function* (s) {
    const before = yield* once(() => {
      const old = get(s, 'n');
      if (old === 7) s['n'] = 9;
      return old;
    });
    yield* set(s, 'c', before);
    const now = yield* once(() => get(s, 'n'));
    yield* set(s, 'value', now);
  };
  const countingDown: Task = function* (s) {
    if ((yield* once(() => change(s, (n) => n - 1))) === 0) yield* add(s, 'value');
  };
  const storing: Task = function* (s) {
    yield* once(() => change(s, (n) => n + 1));
    yield* once(() => change(s, (n) => n - 1));
    const after = yield* once(() => change(s, (n) => n - 2));
    yield* set(s, 'a', after);
    yield* once(() => change(s, () => 4));
    const now = yield* once(() => get(s, 'n'));
    yield* set(s, 'b', now);
  };
  const two = (): State => ({ ...nought(), n: 2 });

  it('adds, exchanges and compares, each in one step', async () => {
    const ends = await endsOf('atomic', [adding, exchanging], fields('a', 'b'), two);
    expect(ends).toEqual(['12,2', '13,2', '7,6', '7,7']);
    const compared = await endsOf('atomic-compare', [exchanging, comparing], fields('value', 'b', 'c'), two);
    expect(compared).toContain('9,2,7');
  });
  it('tells one task that it was the last', async () => {
    expect(await endsOf('atomic-last', [countingDown, countingDown], fields('value'), two)).toEqual(['1']);
  });
  it('is stored and loaded', async () => {
    expect((await endsOf('atomic-store', [storing, adding], fields('a', 'b'), two)).length).toBeGreaterThan(3);
  });
});

describe('reference count', () => {
  const put = function* (s: State): Steps {
    const left = yield* once(() => {
      s['n'] = get(s, 'n') - 1;
      return s['n'];
    });
    if (left === 0) yield* add(s, 'value');
  };
  const getting: Task = function* (s) {
    const alive = yield* once(() => {
      if (get(s, 'n') === 0) return false;
      s['n'] = get(s, 'n') + 1;
      return true;
    });
    if (!alive) return yield* set(s, 'a', 1);
    yield* once(() => {
      s['n'] = get(s, 'n') + 1;
    });
    const now = yield* once(() => get(s, 'n'));
    yield* set(s, 'b', now);
    yield* once(() => {
      s['n'] = get(s, 'n') - 1;
    });
    yield* put(s);
  };
  it('is put once for the last time, and not taken after that', async () => {
    const initial = (): State => ({ ...nought(), n: 1 });
    expect(await endsOf('refcount', [put, getting], fields('value', 'a', 'b'), initial)).toEqual([
      '1,0,2',
      '1,0,3',
      '1,1,0',
    ]);
  });
});

describe('list', () => {
  /** Elements by their numbers, in order; a number's digits from the front, so that `State` holds it. */
  const items = (s: State): number[] => [...`${get(s, 'list') || ''}`].map(Number);
  const put = (s: State, all: readonly number[]): void => {
    s['list'] = Number(all.join('') || 0);
  };
  function* number(s: State, key: string, item: number | undefined): Steps {
    if (item !== undefined) yield point; // load Item.n
    yield* set(s, key, item ?? 9);
  }
  const taking: Task = function* (s) {
    const first = yield* once(() => {
      const [head, ...rest] = items(s);
      put(s, rest);
      return head;
    });
    yield* number(s, 'a', first);
  };
  const adds: Task = function* (s) {
    yield* once(() => put(s, [3, ...items(s)]));
    const empty = yield* once(() => items(s).length === 0);
    yield* set(s, 'b', empty ? 1 : 0);
  };
  const walking: Task = function* (s) {
    let at = yield* once(() => items(s)[0]);
    let sum = 0;
    while (at !== undefined) {
      yield point; // load Item.n
      sum = sum * 10 + at;
      const here = at;
      at = yield* once(() => items(s)[items(s).indexOf(here) + 1]);
    }
    yield* set(s, 'c', sum);
  };
  const moving: Task = function* (s) {
    yield* once(() => {
      s['other'] = get(s, 'list');
      put(s, []);
    });
    const last = yield* once(() => Number(`${get(s, 'other') || ''}`.at(-1) ?? 0) || undefined);
    yield* number(s, 'value', last);
  };
  const deleting: Task = function* (s) {
    yield* once(() =>
      put(
        s,
        items(s).filter((n) => n !== 1),
      ),
    );
    const listed = yield* once(() => items(s).includes(2));
    if (listed)
      yield* once(() =>
        put(
          s,
          items(s).filter((n) => n !== 2),
        ),
      );
  };
  const full = (): State => ({ ...nought(), list: 12 });

  it('gives each element to one task', async () => {
    expect(await endsOf('list', [taking, adds], fields('a', 'b'))).toEqual(['3,0', '3,1', '9,0']);
  });
  it('is walked while elements are added', async () => {
    expect(await endsOf('list-walk', [walking, adds], fields('b', 'c'), full)).toEqual(['0,12', '0,312']);
  });
  it('is moved to another in one step', async () => {
    expect(await endsOf('list-move', [moving, taking], fields('value', 'a'), full)).toEqual(['2,1', '2,9']);
  });
  it('finds an element deleted after it was seen on the list', async () => {
    // An element taken between the question and the deletion is on no list: a finding, so only whole runs are compared here.
    const never = endsOf('list-delete', [deleting, taking], fields('a'), full);
    await expect(never).rejects.toThrow(/invalid-access/);
  });
});

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
