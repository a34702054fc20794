// bluetooth_driver: a driver is stopped while a request is added. The request tests the stop flag before it counts itself as pending, so the
// driver can be stopped in between. `atomic` stands for interlocked operations.
import { check, designIs, event, Mutex, scene } from 'heddle';
import { create, declareDesigns, Design, joinAll } from './threads';

let pendingIo: i32 = 1;
let stopFlag: i32 = 0;
let stopEvent: i32 = 0;
let stopped: i32 = 0;
const atomic = new Mutex();

function decrementPending(): void {
  atomic.lock();
  pendingIo--;
  const left = pendingIo;
  atomic.unlock();
  if (left == 0) stopEvent = 1;
}

/** Answers whether the request may go on. */
function incrementPending(): bool {
  if (designIs(Design.buggy) && stopFlag) return false;
  atomic.lock();
  if (designIs(Design.fixed) && stopFlag) {
    atomic.unlock();
    return false;
  }
  pendingIo++;
  atomic.unlock();
  return true;
}

function stop(): void {
  stopFlag = 1;
  decrementPending();
  if (stopEvent) stopped = 1;
}

function add(): void {
  if (!incrementPending()) return;
  check(!stopped, 'a request runs in a stopped driver');
  decrementPending();
}

function main(): void {
  create(stop);
  create(add);
  joinAll(2);
}

export function register(): void {
  declareDesigns();
  event('stop', stop);
  event('add', add);
  event('main', main);
  scene('A').with('stop').with('add');
  scene('C').with('main');
}
