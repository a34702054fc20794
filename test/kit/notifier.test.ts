/** A notifier chain: every interleaving against programs written by hand. */
import { describe, expect, it } from 'vitest';
import { point, type Program, type World } from '../support/enumerate.js';
import { compare, defaultRun, kindsIn, type State } from './brute-force.js';

const MODEL = 'test/models/kit-notifier.ts';

type Task = Program<State>;
type Steps = ReturnType<Task>;
const get = (s: State, key: string): number => s[key] ?? 0;

function* set(s: State, key: string, value: number): Steps {
  yield point;
  s[key] = value;
}
function* digit(s: State, value: number): Steps {
  yield point;
  const log = get(s, 'log');
  yield* set(s, 'log', log * 10 + value);
}
/** Excludes callers; one point, and nothing of it is held afterwards. */
function* alone(s: State, world: World<State>): Steps {
  yield point;
  if (get(s, 'callers')) {
    s['waiting'] = get(s, 'waiting') + 1;
    while (get(s, 'callers')) yield { kind: 'sleep', on: 'chain' };
    s['waiting'] = get(s, 'waiting') - 1;
  }
  world.wake('chain', -1);
}
const calling: Task = function* (s, world) {
  yield point;
  while (get(s, 'waiting')) yield { kind: 'sleep', on: 'chain' };
  s['callers'] = get(s, 'callers') + 1;
  yield* digit(s, 3);
  if (get(s, 'low')) yield* digit(s, 2);
  if (get(s, 'extra')) yield* set(s, 'late', 3);
  yield point;
  s['callers'] = get(s, 'callers') - 1;
  if (!get(s, 'callers')) world.wake('chain', -1);
  yield* set(s, 'answer', 1);
};
const registering: Task = function* (s, world) {
  yield* alone(s, world);
  s['extra'] = 1;
};
const unregistering: Task = function* (s, world) {
  yield* alone(s, world);
  s['low'] = 0;
};
const initial = (): State => ({ low: 1, extra: 0, log: 0, late: 0, answer: 0 });

describe('notifier chain', () => {
  it('calls by priority, until one stops it', async () => {
    expect(await defaultRun(MODEL, 'order', 'Cell.log')).toEqual({ value: 32, kinds: [] });
    expect(await defaultRun(MODEL, 'stop', 'Cell.log')).toEqual({ value: 9, kinds: [] });
    expect((await defaultRun(MODEL, 'stop', 'Cell.answer')).value).toBe(0x8001);
  });

  it('is not changed while it is called', async () => {
    const late = { log: 'Cell.log', late: 'Cell.late' };
    const added = await compare([MODEL, 'register'], [calling, registering], initial, late);
    expect(added.ends).toEqual(['32,0', '32,3']);
    const log = { log: 'Cell.log', answer: 'Cell.answer' };
    const removed = await compare([MODEL, 'unregister'], [calling, unregistering], initial, log);
    expect(removed.ends).toEqual(['3,1', '32,1']);
  });

  it('finds a notifier that unregisters itself', async () => {
    expect(await kindsIn(MODEL, 'nesting')).toEqual(['self-deadlock']);
  });
});
