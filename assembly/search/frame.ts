// The frames of the path: a state and what is left to be tried from it.
import { LOG, LOG_MAX } from '../executor/layout';
import { head } from '../executor/state';
import { hasTriedTwin, wasTried } from './sleep-sets';

/** A state on the path; the log of the transition that is being tried from it follows. */
@unmanaged
export class Frame {
  below: usize;
  /** The task that is being tried, -1 none yet. */
  chosen: i32;
  /** Tasks still to be tried. */
  low: u64;
  high: u64;
  /** Length of the script of choices for the task; the bytes are behind the fields. */
  choices: i32;
  /** 1: another script for the same task is to be tried. */
  again: i32;
  /** Length of the script that was used last; its bytes are behind the other's. */
  usedChoices: i32;
  /** Steps that may be taken alone in it, and in the one that was used last. */
  alone: i32;
  usedAlone: i32;
  /** 1: no transition of the task that is being tried has ended the execution. */
  whole: i32;
  /** Of the first 64 tasks those that need not be tried here, or were tried (sleep-sets.ts). */
  asleep: u64;
}
export const ANY_ALONE: i32 = i32.MAX_VALUE;
export const SCRIPT: usize = 56;
export const USED: usize = 88;
/** The state's key, 8 bytes. */
export const KEY: usize = 120;
export const FRAME: usize = 128;
export const SCRIPT_MAX: i32 = 32;
/** A script has a byte for each choice. */
const VALUE_MAX: i32 = 255;

/** The next task of the frame, or -1. The one that stands at the decision comes first when it can go on: fewest switches first. */
export function nextTask(frame: Frame): i32 {
  wasTried(frame);
  frame.whole = 1;
  while (frame.low) {
    const t = <i32>ctz(frame.low);
    frame.low &= frame.low - 1;
    if (!hasTriedTwin(frame, t)) return t;
  }
  if (frame.high) {
    const t = 64 + <i32>ctz(frame.high);
    frame.high &= frame.high - 1;
    return t;
  }
  return -1;
}

/** After a transition: is there another combination of choices for it? Counts up the last one that can be. False: more than a script holds. */
export function nextScript(frame: Frame): bool {
  frame.again = 0;
  const fits = head.logged <= SCRIPT_MAX && head.logged <= LOG_MAX;
  const n = fits ? head.logged : SCRIPT_MAX;
  const script = changetype<usize>(frame) + SCRIPT;
  for (let i = n - 1; i >= 0; i--) {
    const at = LOG + <usize>i * 32;
    const value = load<i32>(at + 8) + 1;
    if (<u64>value >= load<u64>(at + 16)) continue;
    if (value > VALUE_MAX) return false;
    for (let k = 0; k < i; k++) store<u8>(script + k, <u8>load<i32>(LOG + <usize>k * 32 + 8));
    store<u8>(script + i, <u8>value);
    frame.choices = i + 1;
    frame.again = 1;
    return fits;
  }
  return fits;
}

/** The same task with the same choices comes next. */
export function again(frame: Frame, alone: i32): void {
  memory.copy(changetype<usize>(frame) + SCRIPT, changetype<usize>(frame) + USED, SCRIPT_MAX);
  frame.choices = frame.usedChoices;
  frame.alone = alone;
  frame.again = 1;
}
