// Tasks beside the scene's events, and giving way.
import { block_timed, might_sleep, start, yield_now } from './abi/heddle';

export { join, self } from './abi/heddle';

/** Starts a task and answers its handle for join(). */
export function spawn(run: () => void): i32 {
  return start(changetype<usize>(run), 0, 0);
}

/** Starts a task with an argument: an object or a 32-bit number. */
export function spawnWith<T>(run: (argument: T) => void, argument: T): i32 {
  return start(changetype<usize>(run), changetype<usize>(argument), 1);
}

/** A scheduling point at which, by default, the next runnable task goes on. */
export function yieldNow(): void {
  yield_now();
}

/** Sleeps for some time: the schedule says when it is over; by default when nothing else can run. */
export function sleepTimeout(): void {
  might_sleep();
  block_timed(0);
}

/** What a loop that polls calls in each round. */
export function cpuRelax(): void {
  yield_now();
}
