/** A klist: every interleaving against programs written by hand, which keep a plain array. */
import { describe, expect, it } from 'vitest';
import { point, type Program, type World } from '../support/enumerate.js';
import { compare, kindsIn } from './brute-force.js';

const MODEL = 'test/models/kit-klist.ts';

interface Item {
  readonly value: number;
  pins: number;
  dead: boolean;
}
interface Shared {
  items: Item[];
  sum: number;
  first: number;
  released: number;
  removed: number;
  pinned: number;
}
type Task = Program<Shared>;
type Steps = ReturnType<Task>;

const item = (value: number): Item => ({ value, pins: 1, dead: false });
const initial = (): Shared => ({ items: [item(1), item(2)], sum: 0, first: 0, released: 0, removed: 0, pinned: 0 });

function* set(s: Shared, key: 'sum' | 'first' | 'released' | 'removed' | 'pinned', value: number): Steps {
  yield point;
  s[key] = value;
}

function pinFrom(s: Shared, index: number): Item | undefined {
  const found = s.items.slice(index).find((i) => !i.dead);
  if (found) found.pins++;
  return found;
}
/** True: it was the last pin. */
function unpin(s: Shared, world: World<Shared>, it: Item): boolean {
  if (--it.pins > 0) return false;
  s.items = s.items.filter((i) => i !== it);
  world.wake(`gone ${it.value}`, -1);
  return true;
}
/** The last one off says so: two points, load value and store released. */
function* put(s: Shared, it: Item): Steps {
  yield point;
  yield* set(s, 'released', it.value);
}
/** `T | undefined` cannot be answered by a generator of steps: the place where a walk stands. */
interface Cursor {
  at: Item | undefined;
}
function* first(s: Shared, cursor: Cursor): Steps {
  yield point;
  cursor.at = pinFrom(s, 0);
}
function* next(s: Shared, world: World<Shared>, cursor: Cursor): Steps {
  yield point;
  const from = cursor.at;
  if (!from) return;
  cursor.at = pinFrom(s, s.items.indexOf(from) + 1);
  if (unpin(s, world, from)) yield* put(s, from);
}
function* leave(s: Shared, world: World<Shared>, it: Item): Steps {
  yield point;
  if (unpin(s, world, it)) yield* put(s, it);
}

const walking: Task = function* (s, world) {
  const cursor: Cursor = { at: undefined };
  let sum = 0;
  for (yield* first(s, cursor); cursor.at; yield* next(s, world, cursor)) {
    yield point;
    sum += cursor.at.value;
  }
  yield* set(s, 'sum', sum);
};
const peeking: Task = function* (s, world) {
  const cursor: Cursor = { at: undefined };
  yield* first(s, cursor);
  if (!cursor.at) return;
  yield point;
  yield* set(s, 'first', cursor.at.value);
  yield* leave(s, world, cursor.at);
};
const deleting = (waits: boolean): Task =>
  function* (s, world) {
    yield point;
    const [a] = s.items;
    if (!a) return;
    a.dead = true;
    if (unpin(s, world, a)) yield* put(s, a);
    else if (waits) yield { kind: 'sleep', on: 'gone 1' };
    if (waits) yield* set(s, 'removed', 1);
  };
const adding: Task = function* (s) {
  yield point;
  s.items.push(item(4));
};
const walkingOn: Task = function* (s, world) {
  yield point;
  const a = s.items.find((i) => i.value === 1);
  if (!a) return yield* set(s, 'pinned', 3);
  a.pins++;
  const cursor: Cursor = { at: a };
  yield* next(s, world, cursor);
  yield* set(s, 'pinned', cursor.at ? 2 : 1);
  if (cursor.at) yield* leave(s, world, cursor.at);
};

describe('klist', () => {
  it('keeps a deleted element until the walk has left it', async () => {
    const fields = { sum: 'Cell.sum', released: 'Cell.released' };
    const { ends } = await compare([MODEL, 'klist'], [walking, deleting(false)], initial, fields);
    expect(ends).toEqual(['2,1', '3,1']);
  });

  it('waits for the walk where the element is removed', async () => {
    const fields = { sum: 'Cell.sum', released: 'Cell.released', removed: 'Cell.removed' };
    const { ends } = await compare([MODEL, 'klist-remove'], [walking, deleting(true)], initial, fields);
    expect(ends).toEqual(['2,1,1', '3,1,1']);
  });

  it('shows what is added during a walk, or does not', async () => {
    const { ends } = await compare([MODEL, 'klist-add'], [walking, adding], initial, { sum: 'Cell.sum' });
    expect(ends).toEqual(['3', '7']);
  });

  it('is left before its end', async () => {
    const fields = { first: 'Cell.first', released: 'Cell.released', removed: 'Cell.removed' };
    const { ends } = await compare([MODEL, 'klist-peek'], [peeking, deleting(true)], initial, fields);
    expect(ends).toEqual(['1,1,1', '2,1,1']);
  });

  it('is walked from an element that was pinned', async () => {
    const { ends } = await compare([MODEL, 'klist-pin'], [walkingOn, deleting(false)], initial, {
      pinned: 'Cell.pinned',
    });
    expect(ends).toEqual(['2', '3']);
  });

  it('finds what is deleted twice', async () => {
    expect(await kindsIn(MODEL, 'klist-twice')).toEqual(['invalid-access']);
  });
});
