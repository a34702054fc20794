// Random walk with stickiness: after each decision the task runs on for a random number of points below a bound; the bound differs from
// execution to execution, so that both tight and wide windows are tried. Not uniform over interleavings.
import { control, nthReady, readyCount } from '../executor/state';
import { below, random } from './random-source';
import { NEVER } from './replay';

/** Gap bound of this execution, and switches that are left. */
let bound: i32 = 1;
let left: i32 = 0;

/** `parameter`: 0 = vary; else low 16 bits the gap bound, high 16 bits the number of decisions (0 = any). */
export function prepareRandomWalk(): void {
  if (control.parameter) {
    bound = control.parameter & 0xffff;
    left = control.parameter >>> 16 ? control.parameter >>> 16 : NEVER;
    return;
  }
  bound = 1 << below(7);
  left = random() & 1 ? NEVER : 1 + below(8);
}

export function nextRandomWalk(base: i32): i32 {
  return left > 0 ? base + below(bound) : NEVER;
}

export function decideRandomWalk(): i32 {
  left--;
  return nthReady(below(readyCount()));
}

/** Faults are rare, other choices are even. */
export function chooseRandom(n: i32, isFault: bool): i32 {
  if (isFault) return below(8) == 0 ? 1 : 0;
  return below(n);
}
