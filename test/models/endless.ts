// Tasks that never end: one at a cell that no other task touches; two that undo what the other does; one that starves another.
import { event, Mutex, scene } from 'heddle';

class Cell {
  value: i32 = 0;
}
const own = new Cell();
const shared = new Cell();
const mutex = new Mutex();

function forEver(): void {
  while (true) own.value = 1;
}

/** Ends once it sees its own value twice in a row, which the other prevents as long as they take turns. */
function contend(me: i32): void {
  shared.value = me;
  while (shared.value != me) shared.value = me;
}

/** Takes and gives back the lock until somebody else has had it, who waits for a value that nobody sets. */
function hog(): void {
  while (shared.value != 3) {
    mutex.lock();
    mutex.unlock();
  }
}
function waitForHog(): void {
  while (shared.value != 4) {
    mutex.lock();
    mutex.unlock();
  }
}

export function register(): void {
  event('forEver', forEver);
  event('contend', contend).arg('me', 1, 2);
  event('hog', hog);
  event('waitForHog', waitForHog);
  scene('alone').with('forEver');
  scene('contend').with('contend', 1).with('contend', 2);
  scene('hogs').with('hog').with('waitForHog');
}
