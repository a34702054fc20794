/** Atomics, reference counts and lists: every interleaving against programs written by hand. */
import { beforeAll, describe, expect, it } from 'vitest';
import { modelAt } from '../support/models.js';
import { point } from '../support/enumerate.js';
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
