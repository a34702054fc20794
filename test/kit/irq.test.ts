/** Interrupts: every interleaving against programs written by hand, in which a task that is interrupted stands still. */
import { describe, expect, it } from 'vitest';
import { point, type Program, type Stop } from '../support/enumerate.js';
import { compare, kindsIn, type State } from './brute-force.js';

const MODEL = 'test/models/kit-irq.ts';

type Task = Program<State>;
type Steps = ReturnType<Task>;
const get = (s: State, key: string): number => s[key] ?? 0;

/** A point of the task that may be interrupted. Its first one is a plain point: before it there is nothing to interrupt. */
const notFrozen = (s: State): Stop => ({ kind: 'until', holds: () => !get(s, 'frozen') });

/** `off`: from the lock's point to the unlock no handler interrupts it; `own`: the same, with points of its own around it. */
const locking = (how: 'plain' | 'safe' | 'saving'): Task =>
  function* (s) {
    yield point;
    s['can'] = 1;
    if (how !== 'plain') s['can'] = 0;
    if (how === 'saving') yield notFrozen(s);
    if (get(s, 'owner')) {
      const could = get(s, 'can');
      s['can'] = 0; // it waits, and is left alone
      yield { kind: 'until', holds: () => !get(s, 'owner') };
      s['can'] = could;
    }
    s['owner'] = 1;
    yield notFrozen(s);
    const value = get(s, 'value');
    yield notFrozen(s);
    s['value'] = value + 1;
    yield notFrozen(s);
    s['owner'] = s['can'] = 0; // nothing of it is left to interrupt
  };

function* interrupt(s: State): Steps {
  yield point;
  const chosen = get(s, 'can') ? yield { kind: 'choose', n: 2 } : 0;
  s['frozen'] = chosen;
}

const interrupting: Task = function* (s) {
  yield* interrupt(s);
  yield point;
  if (get(s, 'owner')) yield { kind: 'until', holds: () => !get(s, 'owner') };
  s['owner'] = 2;
  yield point;
  const value = get(s, 'value');
  yield point;
  s['value'] = value + 10;
  yield point;
  s['owner'] = s['frozen'] = 0;
};

const writing: Task = function* (s) {
  yield point;
  s['a'] = 1;
  s['can'] = 1;
  yield notFrozen(s);
  s['a'] = 2;
  s['can'] = 0;
};

const looking: Task = function* (s) {
  yield* interrupt(s);
  yield point;
  const first = get(s, 'a');
  yield point;
  s['b'] = 10 + first * 3;
  yield point;
  const b = get(s, 'b');
  yield point;
  const second = get(s, 'a');
  yield point;
  s['b'] = b + second;
  s['frozen'] = 0;
};

const initial = (): State => ({ value: 0, a: 0, b: 0 });
const value = { value: 'Cell.value' };
const ends = { sequences: false };

describe('interrupts', () => {
  it('on the processor of a task that holds the lock wait for ever', async () => {
    const { ends: reached } = await compare([MODEL, 'plain'], [locking('plain'), interrupting], initial, value, ends);
    expect(reached.filter((end) => !end.endsWith('stuck'))).toEqual(['11']);
    expect(reached.some((end) => end.endsWith('stuck'))).toBe(true);
  });

  it.each(['safe', 'saving'] as const)('%s: they do not come while they are off', async (scene) => {
    const { ends: reached } = await compare([MODEL, scene], [locking(scene), interrupting], initial, value, ends);
    expect(reached).toEqual(['11']);
  });

  it('come on any processor: between two accesses of a task, or beside it', async () => {
    await compare([MODEL, 'elsewhere'], [writing, looking], initial, { b: 'Cell.b' }, ends);
  });

  it('are handled asleep by nobody', async () => {
    expect(await kindsIn(MODEL, 'sleeping')).toEqual(['sleep-in-atomic']);
    expect(await kindsIn(MODEL, 'sleeping-off')).toEqual(['sleep-in-atomic']);
  });

  it('let a reader pass a waiting writer', async () => {
    expect(await kindsIn(MODEL, 'readers')).toEqual([]);
  });
});

describe('interrupt line', () => {
  /** With tasks that are never interrupted between their points but by choice: `frozen` counts for the raising task only. */
  const handler: Task = function* (s, world) {
    for (;;) {
      yield* interrupt(s);
      s['pending'] = 0;
      s['runs'] = 1;
      yield point;
      const b = get(s, 'b');
      yield point;
      s['b'] = b + 1;
      yield point;
      s['runs'] = s['frozen'] = 0;
      world.wake('line', -1);
      if (!get(s, 'pending')) break;
    }
    s['hasTask'] = 0;
  };
  const raising: Task = function* (s, world) {
    yield point;
    s['can'] = 1;
    s['pending'] = 1;
    s['hasTask'] = 1;
    yield notFrozen(s);
    world.spawn(handler);
    yield notFrozen(s);
    s['pending'] = 1;
    if (get(s, 'hasTask')) {
      s['can'] = 0;
      return;
    }
    s['hasTask'] = 1;
    yield notFrozen(s);
    world.spawn(handler);
    s['can'] = 0;
  };

  it('runs its handler once for each time that it was raised, or once for both', async () => {
    const { ends: reached } = await compare([MODEL, 'line'], [raising], initial, { b: 'Cell.b' }, ends);
    expect(reached).toEqual(['1', '2']);
  });

  it('does not run its handler while it is disabled', async () => {
    expect(await kindsIn(MODEL, 'line-disable')).toEqual([]);
  });
});
