// Livelock and starvation under a fair scheduler, told from a run that is merely long: the last 2 K decisions before the step limit go round
// robin, one point each, whatever the schedule says; if none of the last K left a state (memory, and where each task stands; not its local
// variables) that the K before had not seen, the run repeats for ever. It is a livelock if every task that is not done has taken a step in
// those 2 K decisions, and a starvation if one has waited all the time. K = 1024 or a quarter of the limit. A longer cycle is a step limit as
// before, and a run that ends in that window is none.
import { control, DONE, head, NONE, task } from '../executor/state';
import { STATES, STATES_SIZE, words } from './memory';

function windowSize(): i32 {
  return min(1024, control.stepLimit >> 2);
}

function slotOf(key: u64): usize {
  let i = <i32>(key >> 40) & (STATES_SIZE - 1);
  while (true) {
    const at = STATES + (<usize>i << 3);
    const found = load<u64>(at);
    if (!found || found == key) return at;
    i = (i + 1) & (STATES_SIZE - 1);
  }
}

/** The step limit is near. */
export function isWatched(): bool {
  return control.stepLimit - head.total < windowSize() << 1 && !head.pausing;
}
/** Points that may pass before that. */
export function pointsUnwatched(): i32 {
  return max(0, control.stepLimit - head.total - (windowSize() << 1));
}

/** A decision of task `me` at `site`, after `head.total` decisions of all. */
export function watchProgress(me: i32, site: i32): void {
  const size = windowSize();
  const left = control.stepLimit - head.total;
  if (left >= size << 1 || me < 0 || me >= 128) return;
  if (!words.watching) {
    words.watching = 1;
    memory.fill(STATES, 0, <usize>STATES_SIZE << 3);
    words.ranLow = words.ranHigh = 0;
    words.fresh = 0;
    words.place = 0;
  }
  if (me < 64) words.ranLow |= <u64>1 << me;
  else words.ranHigh |= <u64>1 << (me - 64);
  const key = (head.hash ^ ((<u64>(me + 1) << 32) | site) * 0x9e3779b97f4a7c15) | 1;
  const at = slotOf(key);
  if (left < size && site && (!words.place || site < words.place)) words.place = site;
  if (load<u64>(at)) return;
  if (left < size) words.fresh++;
  else store<u64>(at, key);
}

/** At the step limit: whether the fair run repeats for ever. */
export function repeatsForEver(): bool {
  return words.watching != 0 && !words.fresh;
}

/** The lowest task that is not done and took no step while the run was fair; NONE if all did. */
export function starvedTask(): i32 {
  let low = head.existLow & ~words.ranLow;
  for (; low; low &= low - 1) if (!(task(<i32>ctz(low)).flags & DONE)) return <i32>ctz(low);
  let high = head.existHigh & ~words.ranHigh;
  for (; high; high &= high - 1) if (!(task(64 + <i32>ctz(high)).flags & DONE)) return 64 + <i32>ctz(high);
  return NONE;
}
