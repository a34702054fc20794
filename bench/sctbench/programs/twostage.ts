// twostage_N: writers store in two stages, each under a lock of its own; readers do the same, and must not see the first stage without the
// second.
import { check, designIs, event, Mutex, scene } from 'heddle';
import { create, declareDesigns, Design, joinAll } from './threads';

let data1: i32 = 0;
let data2: i32 = 0;
const lock1 = new Mutex();
const lock2 = new Mutex();

function writer(): void {
  lock1.lock();
  data1 = 1;
  if (!designIs(Design.fixed)) lock1.unlock();
  lock2.lock();
  data2 = data1 + 1;
  lock2.unlock();
  if (designIs(Design.fixed)) lock1.unlock();
}

function reader(): void {
  lock1.lock();
  if (data1 == 0) {
    lock1.unlock();
    return;
  }
  const first = data1;
  if (!designIs(Design.fixed)) lock1.unlock();
  lock2.lock();
  const second = data2;
  lock2.unlock();
  if (designIs(Design.fixed)) lock1.unlock();
  check(second == first + 1, 'the first stage is seen without the second');
}

function main(writers: i32, readers: i32): void {
  for (let i = 0; i < writers; i++) create(writer);
  for (let i = 0; i < readers; i++) create(reader);
  joinAll(writers + readers);
}

function size(nameA: string, nameC: string, writers: i32, readers: i32): void {
  const threads = scene(nameA);
  for (let i = 0; i < writers; i++) threads.with('writer');
  for (let i = 0; i < readers; i++) threads.with('reader');
  scene(nameC).with('main', writers, readers);
}

export function register(): void {
  declareDesigns();
  event('writer', writer);
  event('reader', reader);
  event('main', main).arg('writers', 1, 99).arg('readers', 1, 1);
  size('1, A', '1, C', 1, 1);
  size('100, A', '100, C', 99, 1);
}
