// Timers, delayed work and timeouts.
// timer's task: expire (a point), then, if it is armed: load fired, store fired, finish (a point).
// delay's task: one point, and start if the queue has no worker. worker: take, load value, store value, finish, take.
import { Completion, DelayedWork, event, Mutex, scene, sleepTimeout, Timer, WaitQueue, WorkQueue } from 'heddle';

class Cell {
  fired: i32 = 0;
  seen: i32 = 0;
  value: i32 = 0;
  ready: i32 = 0;
  was: i32 = 0;
}
const cell = new Cell();
const mutex = new Mutex();
const timer = new Timer(() => {
  cell.fired += 1;
});
const sleepy = new Timer(() => {
  mutex.lock();
  mutex.unlock();
});
const queue = new WorkQueue();
const work = new DelayedWork(queue, () => {
  cell.value += 1;
});
const done = new Completion();
const waiters = new WaitQueue();

class Periodic extends Timer {
  override run(): void {
    cell.fired += 1;
    if (cell.fired < 2) this.arm();
  }
}
const periodic = new Periodic();

function arming(): void {
  timer.arm();
  cell.seen = 1;
}
function cancelling(): void {
  cell.was = timer.cancel() ? 1 : 2;
}
function armingCancelling(): void {
  timer.arm();
  cell.was = timer.cancelSync() ? 1 : 2;
  cell.seen = cell.fired;
}
function armingPeriodic(): void {
  periodic.arm();
  periodic.cancelSync();
  cell.seen = cell.fired;
}
function armingSleepy(): void {
  sleepy.arm();
}

function scheduling(): void {
  work.schedule();
  cell.was = work.cancelSync() ? 1 : 2;
  cell.seen = cell.value;
}
function flushing(): void {
  work.schedule();
  work.flush();
  cell.seen = cell.value;
}
function modifying(): void {
  work.schedule();
  cell.was = work.modify() ? 1 : 2;
}

function waiting(): void {
  cell.seen = done.waitTimeout() ? 1 : 2;
}
function completing(): void {
  cell.ready = 1;
  done.complete();
}
function waitingCondition(): void {
  cell.seen = waiters.waitTimeout(() => cell.ready != 0) ? 1 : 2;
}
function waking(): void {
  cell.ready = 1;
  waiters.wakeAll();
}
function sleepingQueue(): void {
  cell.seen = waiters.sleepTimeout() ? 1 : 2;
}
function sleeping(): void {
  cell.was = 3;
  sleepTimeout();
  cell.seen = cell.ready;
}
function polling(): void {
  while (!done.waitTimeout()) cell.was = 1;
  cell.seen = 1;
}

export function register(): void {
  event('arming', arming);
  event('cancelling', cancelling);
  event('arming-cancelling', armingCancelling);
  event('arming-periodic', armingPeriodic);
  event('arming-sleepy', armingSleepy);
  event('scheduling', scheduling);
  event('flushing', flushing);
  event('modifying', modifying);
  event('waiting', waiting);
  event('completing', completing);
  event('waiting-condition', waitingCondition);
  event('waking', waking);
  event('sleeping-queue', sleepingQueue);
  event('sleeping', sleeping);
  event('polling', polling);
  scene('timer').with('arming');
  scene('timer-cancel').with('arming').with('cancelling');
  scene('timer-sync').with('arming-cancelling');
  scene('timer-two').with('arming').with('arming');
  scene('timer-periodic').with('arming-periodic');
  scene('timer-sleeps').with('arming-sleepy');
  scene('delayed-cancel').with('scheduling');
  scene('delayed-flush').with('flushing');
  scene('delayed-modify').with('modifying');
  scene('timeout').with('waiting').with('completing');
  scene('timeout-alone').with('waiting');
  scene('timeout-condition').with('waiting-condition').with('waking');
  scene('timeout-queue').with('sleeping-queue').with('waking');
  scene('polling').with('polling').with('completing');
  scene('timeout-sleep').with('sleeping').with('completing');
}
