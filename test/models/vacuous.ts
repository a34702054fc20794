// What a run can pass by, one thing of each kind: in scene `little` nearly everything is left out, in scene `all` nothing is.
import { design, event, Mutex, option, optionValue, scene, WaitQueue } from 'heddle';

class Cell {
  x: i32 = 0;
  y: i32 = 0;
}
class Way {
  go(): void {}
  stop(): void {}
  unused(): void {}
}
@final
class Direct extends Way {
  override go(): void {
    cell.y += 1;
  }
  override stop(): void {
    cell.y -= 1;
  }
}
/** Of this class there is no object. */
@final
class Detour extends Way {
  override unused(): void {
    cell.y += 2;
  }
}

const cell = new Cell();
const mutex = new Mutex();
const inner = new Mutex();
const sleepers = new WaitQueue();
const way: Way = optionValue(0) ? new Detour() : new Direct();

function helper(): void {
  cell.x += 1;
}
function deed(n: i32): void {
  if (n > 1) return;
  if (n > 0 && cell.x >= 0) {
    helper();
    way.stop();
  }
  way.go();
  mutex.lock();
  if (n > 0) inner.lock();
  if (n > 0) inner.unlock();
  mutex.unlock();
}
/** Nobody wakes it, but the time runs out if it may. */
function sleeps(timed: i32): void {
  if (timed) sleepers.sleepTimeout();
  else sleepers.sleep();
}
function other(): void {
  way.unused();
}

export function register(): void {
  design('one');
  design('two');
  option('detour', 0, 0, 1);
  event('deed', deed).arg('n', 0, 2);
  event('sleeps', sleeps).arg('timed', 0, 1);
  event('other', other);
  scene('little').with('deed', 0).with('sleeps', 0);
  scene('all').with('deed', 0).with('deed', 1).with('deed', 2).with('sleeps', 0).with('sleeps', 1).with('other');
}
