// Circles of states: a search by one thread meets each of them at a state that is on its path. The states on the path are counted by some bits
// of their keys.
import { Frame, KEY } from './frame';
import { countGrowth, watchesLoops } from './growth';
import { PATH_KEYS, PATH_KEYS_MASK } from './layout';
import { sleeps, stopSleep } from './sleep-sets';

let watching: bool = false;
/** A state was met again on its own path, or nobody can tell: a run may go on for ever. */
let repeats: bool = false;
/** Longer paths are not looked through for that alone. */
const DEPTH_MAX: i32 = 4096;

/** Before a pass, when it is known what it depends on. `joined`: other threads or processes search as well. */
export function startCycles(joined: bool): void {
  repeats = joined;
  watching = !joined || watchesLoops() || sleeps();
  if (watching) memory.fill(PATH_KEYS, 0, (PATH_KEYS_MASK + 1) << 1);
}
/** What lies on the path is not known from its beginning, or others have paths of their own. */
export function loseCycles(): void {
  repeats = true;
  stopSleep();
}
/** For the host: may a run go on for ever? What such a run shows is no end, so it was not judged. */
export function searchRepeats(): i32 {
  return repeats ? 1 : 0;
}

function countAt(key: u64): usize {
  return PATH_KEYS + ((<usize>key & PATH_KEYS_MASK) << 1);
}
export function enterPath(key: u64): void {
  if (watching) store<u16>(countAt(key), load<u16>(countAt(key)) + 1);
}
export function leavePath(key: u64): void {
  if (watching) store<u16>(countAt(key), load<u16>(countAt(key)) - 1);
}
/** A visited state was come to again: is it on the path, the frames from `top` on? */
export function meetAgain(key: u64, top: usize): void {
  if (!watching || !load<u16>(countAt(key))) return;
  const matters = sleeps() || watchesLoops();
  if (repeats && !matters) return;
  let walked = 0;
  for (let f = top; f; f = changetype<Frame>(f).below) {
    walked++;
    if (load<u64>(f + KEY) != key && (matters || walked < DEPTH_MAX)) continue;
    repeats = true;
    if (!matters) return;
    stopSleep();
    if (watchesLoops()) countGrowth();
    return;
  }
}
