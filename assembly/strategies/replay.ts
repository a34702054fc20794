// Replay: the deviations and choices in INPUT, sorted by (task, own step number). What cannot be followed is ignored: the default decides.
import { CHOICES, CURSORS, DEVIATIONS, INPUT } from '../executor/layout';
import { control, isReady, nthReady, readyCount } from '../executor/state';
import { below } from './random-source';

/** As a target: any task that can run. Only mutation writes it. */
export const ANY_TASK: i32 = 0xffff;
/** The decision is that from here on turns go round: a deviation to the task that goes on by default. */
export const FAIR: i32 = -3;
export const NEVER: i32 = 0x7fffffff;

function stepAt(i: i32): i32 {
  return load<i32>(INPUT + DEVIATIONS + (<usize>i << 3));
}
function taskAt(i: i32): i32 {
  return load<u16>(INPUT + DEVIATIONS + (<usize>i << 3) + 6);
}

/** Notes where each task's deviations start. */
export function prepareReplay(): void {
  let last = -1;
  const tag = control.epoch << 16;
  for (let i = 0, n = control.deviations; i < n; i++) {
    const t = taskAt(i);
    if (t == last) continue;
    last = t;
    store<i32>(CURSORS + (<usize>t << 2), tag | i);
  }
}

/** Index of the first deviation of t at or after `step`, -1 if none. */
function seek(t: i32, step: i32): i32 {
  const at = CURSORS + (<usize>t << 2);
  const cursor = load<i32>(at);
  if (cursor >> 16 != control.epoch) return -1;
  let i = cursor & 0xffff;
  const n = control.deviations;
  while (i < n && taskAt(i) == t && stepAt(i) < step) i++;
  store<i32>(at, (cursor & ~0xffff) | i);
  return i < n && taskAt(i) == t ? i : -1;
}

export function nextReplay(t: i32, base: i32): i32 {
  const i = seek(t, base);
  return i < 0 ? NEVER : stepAt(i);
}

export function decideReplay(me: i32, step: i32, byDefault: i32): i32 {
  if (me < 0) return byDefault;
  const i = seek(me, step);
  if (i < 0 || stepAt(i) != step) return byDefault;
  const target = <i32>load<u16>(INPUT + DEVIATIONS + (<usize>i << 3) + 4);
  if (target == ANY_TASK) return nthReady(below(readyCount()));
  if (target == me && byDefault == me) return FAIR;
  return target < 128 && isReady(target) ? target : byDefault;
}

export function chooseReplay(t: i32, nth: i32, n: i32): i32 {
  for (let i = 0, count = control.choices; i < count; i++) {
    const at = INPUT + CHOICES + (<usize>i << 3);
    if (load<i32>(at) == nth && load<u16>(at + 6) == t) {
      const value = <i32>load<u16>(at + 4);
      return value == ANY_TASK ? below(n) : value < n ? value : 0;
    }
  }
  return 0;
}
