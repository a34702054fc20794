/** Some of the programs of bench/sctbench/programs/, once more for the simulator. */
import type { Body, SimEvent, SimProgram, World } from './simulator.js';

type Steps<T> = Generator<SimEvent, T, void>;

function* read(world: World, at: string): Steps<number> {
  yield { kind: 'read', at };
  return world.memory[at] ?? 0;
}
function* write(world: World, at: string, value: number): Steps<void> {
  yield { kind: 'write', at };
  world.memory[at] = value;
}
function* add(world: World, at: string, n: number): Steps<void> {
  yield* write(world, at, (yield* read(world, at)) + n);
}
const lock = function* (at: string): Steps<void> {
  yield { kind: 'lock', at };
};
const unlock = function* (at: string): Steps<void> {
  yield { kind: 'unlock', at };
};
const times = (n: number, body: Body): Body[] => Array.from({ length: n }, () => body);

function* setter(w: World): Steps<void> {
  yield* write(w, 'a', 1);
  yield* write(w, 'b', -1);
}
function* checker(w: World): Steps<void> {
  if ((yield* read(w, 'a')) === 0 && (yield* read(w, 'b')) === 0) return;
  w.failed = !((yield* read(w, 'a')) === 1 && (yield* read(w, 'b')) === -1);
}
const reorder = (setters: number, checkers: number): SimProgram => ({
  threads: [...times(setters, setter), ...times(checkers, checker)],
});

const twostage: SimProgram = {
  threads: [
    function* writer(w) {
      yield* lock('1');
      yield* write(w, 'd1', 1);
      yield* unlock('1');
      yield* lock('2');
      yield* write(w, 'd2', (yield* read(w, 'd1')) + 1);
      yield* unlock('2');
    },
    function* reader(w) {
      yield* lock('1');
      if ((yield* read(w, 'd1')) === 0) return yield* unlock('1');
      const first = yield* read(w, 'd1');
      yield* unlock('1');
      yield* lock('2');
      const second = yield* read(w, 'd2');
      yield* unlock('2');
      w.failed = second !== first + 1;
    },
  ],
};

function* decrementPending(w: World): Steps<void> {
  yield* lock('g');
  yield* add(w, 'pending', -1);
  const left = yield* read(w, 'pending');
  yield* unlock('g');
  if (left === -1) yield* write(w, 'event', 1); // it begins at 0 here
}
const bluetooth: SimProgram = {
  threads: [
    function* stop(w) {
      yield* write(w, 'flag', 1);
      yield* decrementPending(w);
      if ((yield* read(w, 'event')) === 1) yield* write(w, 'stopped', 1);
    },
    function* request(w) {
      if ((yield* read(w, 'flag')) === 1) return;
      yield* lock('g');
      yield* add(w, 'pending', 1);
      yield* unlock('g');
      w.failed = (yield* read(w, 'stopped')) === 1;
      if (!w.failed) yield* decrementPending(w);
    },
  ],
};

const addUnder = (n: number): Body =>
  function* (w) {
    yield* lock('m');
    yield* add(w, 'data', n);
    yield* unlock('m');
  };
const lazy: SimProgram = {
  threads: [
    function* (w) {
      yield* lock('m');
      w.failed = (yield* read(w, 'data')) >= 3;
      if (!w.failed) yield* unlock('m');
    },
    addUnder(2),
    addUnder(1),
  ],
};

const nested = (first: string, second: string, n: number): Body =>
  function* (w) {
    yield* lock(first);
    yield* lock(second);
    yield* add(w, 'counter', n);
    yield* unlock(second);
    yield* unlock(first);
  };
const deadlock: SimProgram = { threads: [nested('a', 'b', 1), nested('b', 'a', -1)], deadlocks: true };

/** By the names of bench/sctbench/programs.mjs. */
export const SIM_PROGRAMS: Readonly<Record<string, SimProgram>> = {
  reorder_3: reorder(2, 1),
  reorder_5: reorder(4, 1),
  reorder_20: reorder(10, 10),
  twostage,
  bluetooth_driver: bluetooth,
  lazy01: lazy,
  deadlock01: deadlock,
};
