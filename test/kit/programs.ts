/** Steps of the programs that are written by hand beside the kit's scenes: a point, then what happens at it. */
import { point, type Program } from '../support/enumerate.js';
import type { State } from './brute-force.js';

export type Task = Program<State>;
export type Steps = ReturnType<Task>;
export const get = (s: State, key: string): number => s[key] ?? 0;

export function* set(s: State, key: string, value: number): Steps {
  yield point;
  s[key] = value;
}
export function* add(s: State, key: string, n = 1): Steps {
  yield point;
  yield* set(s, key, get(s, key) + n);
}
/** One point, then `change`, indivisible; answers what `change` does. */
export function* once<T>(change: () => T): Generator<typeof point, T, number> {
  yield point;
  return change();
}
