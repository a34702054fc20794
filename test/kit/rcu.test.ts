/** RCU and SRCU: every interleaving against programs written by hand. */
import { describe, expect, it } from 'vitest';
import { point, type Program, type World } from '../support/enumerate.js';
import { compare, kindsIn } from './brute-force.js';

const MODEL = 'test/models/kit-rcu.ts';

interface Shared {
  current: number;
  old: number;
  seen: number;
  done: number;
  /** Depth of each reader. */
  readonly readers: Map<string, number>;
  /** Whom each waiting task waits for. */
  readonly periods: Map<string, Set<string>>;
  callbacks: number;
  owner: string;
}
type Task = Program<Shared>;
type Steps = ReturnType<Task>;

const initial = (): Shared => ({
  current: 0,
  old: 1,
  seen: 0,
  done: 0,
  readers: new Map(),
  periods: new Map(),
  callbacks: 0,
  owner: '',
});

function* enter(s: Shared, me: string): Steps {
  yield point;
  s.readers.set(me, (s.readers.get(me) ?? 0) + 1);
}
function* leave(s: Shared, world: World<Shared>, me: string): Steps {
  yield point;
  const depth = (s.readers.get(me) ?? 0) - 1;
  s.readers.set(me, depth);
  if (depth > 0) return;
  s.readers.delete(me);
  let over = false;
  for (const period of s.periods.values()) if (period.delete(me) && period.size === 0) over = true;
  if (over) world.wake('rcu', -1);
}
/** Waits for the readers that there are now, and for no later one. */
function* wait(s: Shared, me: string): Steps {
  const period = new Set(s.readers.keys());
  s.periods.set(me, period);
  while (period.size > 0) yield { kind: 'sleep', on: 'rcu' };
  s.periods.delete(me);
}
function* synchronize(s: Shared, me: string): Steps {
  yield point;
  yield* wait(s, me);
}
function* set(s: Shared, key: 'current' | 'old' | 'seen' | 'done', value: number): Steps {
  yield point;
  s[key] = value;
}
function* look(s: Shared): Steps {
  yield point;
  if (s.current !== 0) return;
  yield point;
  const old = s.old;
  yield* set(s, 'seen', old);
}

const reading: Task = function* (s, world, me) {
  yield* enter(s, me);
  yield* look(s);
  yield* leave(s, world, me);
};
const readingNested: Task = function* (s, world, me) {
  yield* enter(s, me);
  yield* enter(s, me);
  yield* leave(s, world, me);
  yield* look(s);
  yield* leave(s, world, me);
};
const updating: Task = function* (s, _world, me) {
  yield* set(s, 'current', 1);
  yield* synchronize(s, me);
  yield* set(s, 'old', -1);
};
const waiting: Task = function* (s, _world, me) {
  yield* synchronize(s, me);
  yield* set(s, 'done', 1);
};
const callback: Task = function* (s, world, me) {
  yield* synchronize(s, me);
  yield* set(s, 'old', -1);
  s.callbacks--;
  if (s.callbacks === 0) world.wake('rcu', -1);
};
function* call(s: Shared, world: World<Shared>): Steps {
  yield* set(s, 'current', 1);
  yield point;
  world.spawn(callback);
  s.callbacks++;
}
const calling: Task = function* (s, world) {
  yield* call(s, world);
  yield* set(s, 'done', 1);
};
const callingBarrier: Task = function* (s, world) {
  yield* call(s, world);
  yield point;
  while (s.callbacks > 0) yield { kind: 'sleep', on: 'rcu' };
  yield point;
  const old = s.old;
  yield* set(s, 'done', old);
};
const sreading: Task = function* (s, world, me) {
  yield* enter(s, me);
  yield point;
  if (s.owner) yield { kind: 'until', holds: () => !s.owner };
  s.owner = me;
  yield* look(s);
  yield point;
  s.owner = '';
  yield* leave(s, world, me);
};

const seen = { seen: 'Cell.seen' };

describe('rcu', () => {
  it('spoils nothing that a reader looks at', async () => {
    const { ends } = await compare([MODEL, 'rcu'], [reading, updating], initial, seen);
    expect(ends).toEqual(['0', '1']);
  });

  it('waits for the readers that had begun', async () => {
    await compare([MODEL, 'rcu-two'], [reading, reading, waiting], initial, { seen: 'Cell.seen', done: 'Cell.done' });
  });

  it('lets several wait, each for its own readers', async () => {
    const fields = { seen: 'Cell.seen', done: 'Cell.done' };
    const { ends } = await compare([MODEL, 'rcu-two-waiters'], [reading, updating, waiting], initial, fields);
    expect(ends).toEqual(['0,1', '1,1']);
  });

  it('ends a section with the outermost unlock', async () => {
    const { ends } = await compare([MODEL, 'rcu-nested'], [readingNested, updating], initial, seen);
    expect(ends).toEqual(['0', '1']);
  });

  it('calls back after a grace period', async () => {
    const fields = { seen: 'Cell.seen', old: 'Cell.old' };
    const { ends } = await compare([MODEL, 'rcu-call'], [reading, calling], initial, fields);
    expect(ends).toEqual(['0,-1', '1,-1']);
  });

  it('waits for callbacks at a barrier', async () => {
    const fields = { seen: 'Cell.seen', done: 'Cell.done' };
    const { ends } = await compare([MODEL, 'rcu-barrier'], [reading, callingBarrier], initial, fields);
    expect(ends).toEqual(['0,-1', '1,-1']);
  });

  it('frees what a reader can see only after the reader', async () => {
    expect(await kindsIn(MODEL, 'rcu-free')).toEqual([]);
    expect(await kindsIn(MODEL, 'rcu-free-unlocked')).toEqual(['use-after-free']);
  });

  it('finds a reader that sleeps', async () => {
    expect(await kindsIn(MODEL, 'rcu-sleep')).toEqual(['sleep-in-atomic']);
    expect(await kindsIn(MODEL, 'rcu-self')).toEqual(['self-deadlock', 'sleep-in-atomic']);
  });
});

describe('srcu', () => {
  it('lets readers sleep', async () => {
    const { ends } = await compare([MODEL, 'srcu'], [sreading, updating], initial, seen);
    expect(ends).toEqual(['0', '1']);
  });
});
