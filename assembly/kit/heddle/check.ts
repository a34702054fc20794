// What a model says about itself while it runs.
import { count as add_to, fail, note, release } from './abi/heddle';

/** A finding with this message unless the condition holds. */
export function check(condition: bool, message: string): void {
  if (!condition) fail(message);
}

/** Frees an object: any later access to it is a finding. A scheduling point. */
export function free<T>(object: T): void {
  release(changetype<usize>(object));
}

/** Adds to a named counter of the run. */
export function count(name: string, n: i32 = 1): void {
  add_to(name, n);
}

/** A line in the trace. */
export function trace(text: string, value: i32 = 0): void {
  note(text, value);
}
