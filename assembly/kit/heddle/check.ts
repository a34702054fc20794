// What a model says about itself while it runs.
import { count as add_to, examine, fail, note, release } from './abi/heddle';

/** A finding with this message unless the condition holds. */
export function check(condition: bool, message: string): void {
  if (!condition) fail(message);
}

/**
 * An invariant that is tested now: a finding of this name unless `holds` answers true for the argument; the run goes on. All that it reads
 * is read at once, and none of it is a scheduling point, so it does not disturb the modelled code as a `check` with reads would. It may
 * write Ghosts only. In a scene's set-up it runs and reports nothing.
 */
export function invariantNow<T>(name: string, holds: (argument: T) => bool, argument: T): void {
  examine(name, changetype<usize>(holds), changetype<usize>(argument));
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
