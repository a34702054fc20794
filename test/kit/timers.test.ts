/** Timers, delayed work and timeouts: every interleaving against programs written by hand. */
import { describe, expect, it } from 'vitest';
import { point, type Program, type World } from '../support/enumerate.js';
import { compare, defaultRun, kindsIn, type State } from './brute-force.js';

const MODEL = 'test/models/kit-timers.ts';

type Task = Program<State>;
type Steps = ReturnType<Task>;
const get = (s: State, key: string): number => s[key] ?? 0;

function* set(s: State, key: string, value: number): Steps {
  yield point;
  s[key] = value;
}
function* increment(s: State, key: string): Steps {
  yield point;
  const value = get(s, key);
  yield* set(s, key, value + 1);
}
function* copyTo(s: State, from: string, to: string): Steps {
  yield point;
  const value = get(s, from);
  yield* set(s, to, value);
}

describe('timer', () => {
  /** The task that lets it happen; `again`: the handler arms the timer once more, the first time. */
  const elapse = (again: boolean): Task =>
    function* (s, world) {
      for (;;) {
        yield point;
        if (!get(s, 'armed')) {
          s['hasTask'] = 0;
          return;
        }
        s['armed'] = 0;
        s['runs'] = 1;
        yield* increment(s, 'fired');
        if (again) {
          yield point;
          if (get(s, 'fired') < 2) {
            yield point;
            s['armed'] = 1;
          }
        }
        yield point;
        s['runs'] = 0;
        world.wake('timer', -1);
        if (!get(s, 'armed')) {
          s['hasTask'] = 0;
          return;
        }
      }
    };
  function* arm(s: State, world: World<State>, again = false): Steps {
    yield point;
    s['armed'] = 1;
    if (get(s, 'hasTask')) return;
    s['hasTask'] = 1;
    yield point;
    world.spawn(elapse(again));
  }
  function* cancelSync(s: State): Steps {
    yield point;
    while (get(s, 'runs')) yield { kind: 'sleep', on: 'timer' };
    s['cancelled'] = get(s, 'armed');
    s['armed'] = 0;
  }
  const arming: Task = function* (s, world) {
    yield* arm(s, world);
    yield* set(s, 'seen', 1);
  };
  const cancelling: Task = function* (s) {
    yield point;
    const was = get(s, 'armed');
    s['armed'] = 0;
    yield* set(s, 'was', was ? 1 : 2);
  };
  const armingCancelling: Task = function* (s, world) {
    yield* arm(s, world);
    yield* cancelSync(s);
    yield* set(s, 'was', get(s, 'cancelled') ? 1 : 2);
    yield* copyTo(s, 'fired', 'seen');
  };
  const armingPeriodic: Task = function* (s, world) {
    yield* arm(s, world, true);
    yield* cancelSync(s);
    yield* copyTo(s, 'fired', 'seen');
  };
  const initial = (): State => ({ fired: 0, seen: 0, was: 0 });

  it('happens at any time after it was armed', async () => {
    const { ends } = await compare([MODEL, 'timer'], [arming], initial, { fired: 'Cell.fired' });
    expect(ends).toEqual(['1']);
  });

  it('is cancelled in time or not', async () => {
    const fields = { fired: 'Cell.fired', was: 'Cell.was' };
    const { ends } = await compare([MODEL, 'timer-cancel'], [arming, cancelling], initial, fields);
    expect(ends).toEqual(['0,1', '1,2']);
  });

  it('does not run once it was cancelled by one who waits', async () => {
    const fields = { fired: 'Cell.fired', was: 'Cell.was', seen: 'Cell.seen' };
    const { ends } = await compare([MODEL, 'timer-sync'], [armingCancelling], initial, fields);
    expect(ends).toEqual(['0,1,0', '1,2,1']);
  });

  it('that is armed twice happens once or twice', async () => {
    const { ends } = await compare([MODEL, 'timer-two'], [arming, arming], initial, { fired: 'Cell.fired' });
    expect(ends).toEqual(['1', '2']);
  });

  it('that arms itself is cancelled', async () => {
    const fields = { fired: 'Cell.fired', seen: 'Cell.seen' };
    const { ends } = await compare([MODEL, 'timer-periodic'], [armingPeriodic], initial, fields);
    expect(ends).toEqual(['0,0', '1,1', '2,2']);
  });

  it('may not sleep', async () => {
    expect(await kindsIn(MODEL, 'timer-sleeps')).toEqual(['sleep-in-atomic']);
  });
});

describe('delayed work', () => {
  const worker: Task = function* (s, world) {
    for (;;) {
      yield point;
      if (!get(s, 'queued')) {
        s['hasWorker'] = 0;
        world.wake('queue', -1);
        return;
      }
      s['queued'] = 0;
      s['runs'] = 1;
      yield* increment(s, 'value');
      yield point;
      s['runs'] = 0;
      world.wake('queue', -1);
    }
  };
  function* enqueue(s: State, world: World<State>): Steps {
    s['queued'] = 1;
    if (get(s, 'hasWorker')) return;
    s['hasWorker'] = 1;
    yield point;
    world.spawn(worker);
  }
  const delay: Task = function* (s, world) {
    yield point;
    s['hasTask'] = 0;
    if (!get(s, 'waits')) return;
    s['waits'] = 0;
    yield* enqueue(s, world);
  };
  function* wait(s: State, world: World<State>): Steps {
    s['waits'] = 1;
    if (get(s, 'hasTask')) return;
    s['hasTask'] = 1;
    yield point;
    world.spawn(delay);
  }
  function takeBack(s: State, world: World<State>): number {
    const was = get(s, 'waits') || get(s, 'queued') ? 1 : 2;
    if (get(s, 'queued')) world.wake('queue', -1);
    s['waits'] = s['queued'] = 0;
    return was;
  }
  const scheduling: Task = function* (s, world) {
    yield point;
    yield* wait(s, world);
    yield point;
    const was = takeBack(s, world);
    while (get(s, 'runs')) yield { kind: 'sleep', on: 'queue' };
    yield* set(s, 'was', was);
    yield* copyTo(s, 'value', 'seen');
  };
  const flushing: Task = function* (s, world) {
    yield point;
    yield* wait(s, world);
    yield point;
    if (get(s, 'waits')) {
      s['waits'] = 0;
      yield* enqueue(s, world);
    }
    while (get(s, 'queued') || get(s, 'runs')) yield { kind: 'sleep', on: 'queue' };
    yield* copyTo(s, 'value', 'seen');
  };
  const modifying: Task = function* (s, world) {
    yield point;
    yield* wait(s, world);
    yield point;
    const was = takeBack(s, world);
    yield* wait(s, world);
    yield* set(s, 'was', was);
  };
  const initial = (): State => ({ value: 0, seen: 0, was: 0 });

  it('is cancelled while it waits, while it is queued, or too late', async () => {
    const fields = { value: 'Cell.value', was: 'Cell.was', seen: 'Cell.seen' };
    const { ends } = await compare([MODEL, 'delayed-cancel'], [scheduling], initial, fields);
    expect(ends).toEqual(['0,1,0', '1,2,1']);
  });

  it('is done at once where somebody flushes it', async () => {
    const fields = { value: 'Cell.value', seen: 'Cell.seen' };
    const { ends } = await compare([MODEL, 'delayed-flush'], [flushing], initial, fields);
    expect(ends).toEqual(['1,1']);
  });

  it('is done once more if it was done before it was put off', async () => {
    const fields = { value: 'Cell.value', was: 'Cell.was' };
    const { ends } = await compare([MODEL, 'delayed-modify'], [modifying], initial, fields);
    expect(ends).toEqual(['1,1', '2,2']);
  });
});

describe('timeouts', () => {
  /** A wait that may end at any time. */
  const anyTime = { kind: 'until', holds: () => true } as const;

  const waiting: Task = function* (s) {
    yield point;
    if (!get(s, 'done')) yield anyTime;
    const got = get(s, 'done') ? 1 : 2;
    if (got === 1) s['done'] = 0;
    yield* set(s, 'seen', got);
  };
  const completing: Task = function* (s) {
    yield* set(s, 'ready', 1);
    yield point;
    s['done'] = 1;
  };
  const waitingCondition: Task = function* (s) {
    yield point;
    for (;;) {
      s['announced'] = 1;
      yield point;
      if (get(s, 'ready')) break;
      if (!get(s, 'announced')) continue;
      s['announced'] = 0;
      s['asleep'] = 1;
      yield anyTime;
      if (get(s, 'asleep')) {
        s['asleep'] = 0;
        yield point;
        return yield* set(s, 'seen', get(s, 'ready') ? 1 : 2);
      }
    }
    yield* set(s, 'seen', 1);
  };
  const waking: Task = function* (s) {
    yield* set(s, 'ready', 1);
    yield point;
    s['asleep'] = s['announced'] = 0;
  };
  const sleepingQueue: Task = function* (s) {
    yield point;
    s['asleep'] = 1;
    yield anyTime;
    const woken = !get(s, 'asleep');
    s['asleep'] = 0;
    yield* set(s, 'seen', woken ? 1 : 2);
  };
  const sleeping: Task = function* (s) {
    yield* set(s, 'was', 3);
    yield anyTime;
    yield* copyTo(s, 'ready', 'seen');
  };
  const initial = (): State => ({ ready: 0, seen: 0 });
  const seen = { seen: 'Cell.seen' };

  it.each([
    ['timeout', waiting, completing, ['1', '2']],
    ['timeout-queue', sleepingQueue, waking, ['1', '2']],
    ['timeout-sleep', sleeping, completing, ['0', '1']],
  ] as const)('%s: woken or not', async (scene, first, second, expected) => {
    const { ends } = await compare([MODEL, scene], [first, second], initial, seen);
    expect(ends).toEqual(expected);
  });

  it('a condition is tested once more when the time is over', async () => {
    const { ends } = await compare([MODEL, 'timeout-condition'], [waitingCondition, waking], initial, seen);
    expect(ends).toEqual(['1', '2']);
  });

  it('by default they do not expire while anything else can run', async () => {
    for (const scene of ['timeout', 'timeout-condition', 'timeout-queue', 'timeout-sleep']) {
      expect((await defaultRun(MODEL, scene, 'Cell.seen')).value).toBe(1);
    }
  });

  it('they expire rather than deadlock', async () => {
    expect(await defaultRun(MODEL, 'timeout-alone', 'Cell.seen')).toEqual({ value: 2, kinds: [] });
  });
});
