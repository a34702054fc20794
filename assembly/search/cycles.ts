// Circles of states: a search by one thread meets each of them at a state that is on its path. The states on the path are counted by some bits
// of their keys.
import { Frame, KEY } from './frame';
import { countGrowth, watchesLoops } from './growth';
import { PATH_KEYS, PATH_KEYS_MASK } from './layout';
import { sleeps, stopSleep } from './sleep-sets';

let watching: bool = false;

/** Before a pass, when it is known what it depends on. */
export function startCycles(): void {
  watching = watchesLoops() || sleeps();
  if (watching) memory.fill(PATH_KEYS, 0, (PATH_KEYS_MASK + 1) << 1);
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
  if (!watching || !load<u16>(countAt(key)) || !(sleeps() || watchesLoops())) return;
  for (let f = top; f; f = changetype<Frame>(f).below) {
    if (load<u64>(f + KEY) != key) continue;
    stopSleep();
    if (watchesLoops()) countGrowth();
    return;
  }
}
