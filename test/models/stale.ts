// Reads after free: what they see depends on who wrote last before the object was freed.
import { check, event, free, Mutex, scene } from 'heddle';

class Pair {
  x: i32 = 0;
  y: i32 = 0;
}
class Words {
  left: i32 = 2;
  freed: i32 = 0;
  seen: i32 = 0;
}
const pair = new Pair();
const words = new Words();
const mutex = new Mutex();

/** The last one to leave frees. */
function writes(value: i32): void {
  pair.x = value;
  mutex.lock();
  const last = --words.left == 0;
  mutex.unlock();
  if (!last) return;
  free(pair);
  words.freed = 1;
}
/** Whatever it sees. */
function reads(): void {
  words.seen = pair.x;
}
/** It may look at freed memory, if that does not hold `n`. */
function checks(n: i32): void {
  if (words.freed) check(pair.x != n, 'what was freed held it');
}

export function register(): void {
  event('writes', writes).arg('value', 1, 2);
  event('reads', reads);
  event('checks', checks).arg('n', 1, 3);
  scene('reads').with('writes', 1).with('writes', 2).with('reads');
  for (let n = 1; n <= 3; n++) {
    scene(n == 1 ? 'checks-1' : n == 2 ? 'checks-2' : 'checks-3')
      .with('writes', 1)
      .with('writes', 2)
      .with('checks', n);
  }
}
