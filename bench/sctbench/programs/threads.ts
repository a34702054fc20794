// What the programs share. Each has two granularities, a scene each:
// A, what a user of Heddle writes: the threads are events, all ready at the start; only shared accesses and synchronisation are points.
// C, what the published tools saw: a main thread starts the others and joins them, and accesses to a thread's own memory are points too, for
// binary instrumentation cannot tell them apart. How many there are is a guess: 10 of main before it starts a thread, 3 before and after each.
import { design, fixed, join, self, spawnWith } from 'heddle';

export enum Design {
  buggy,
  fixed,
} // in the order of declareDesigns()

export function declareDesigns(): void {
  design('buggy', 'the published program');
  design('fixed', 'its corrected twin');
}

const THREADS_MAX = 128;
const OWN_EVENTS_OF_MAIN = 10;
const OWN_EVENTS_OF_THREAD = 3;

/** A thread's own memory: an object for each thread, so that it is told apart from what is shared. */
class Frame {
  local: i32 = 0;
}
const frames = new StaticArray<Frame>(THREADS_MAX);
for (let i = 0; i < THREADS_MAX; i++) frames[i] = new Frame();

/** n accesses to the current thread's own memory, stores and loads in turn. */
function ownEvents(n: i32): void {
  const frame = fixed<Frame>(changetype<usize>(frames), (<usize>self()) << 2);
  for (let i = 0; i < n; i++) {
    if (i & 1) frame.local;
    else frame.local = 1;
  }
}

function thread(body: () => void): void {
  ownEvents(OWN_EVENTS_OF_THREAD);
  body();
  ownEvents(OWN_EVENTS_OF_THREAD);
}

/** Granularity C: the main thread starts one that runs `body`. */
export function create(body: () => void): void {
  ownEvents(OWN_EVENTS_OF_MAIN);
  spawnWith<() => void>(thread, body);
}

/** Granularity C: the main thread, the only event of its scene, waits for the n threads that it has started; their slots follow its own. */
export function joinAll(n: i32): void {
  for (let i = 1; i <= n; i++) join(self() + i);
}
