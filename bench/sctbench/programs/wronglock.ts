// wronglock: one thread increments under a lock and checks; the others increment under another lock.
import { check, designIs, event, Mutex, scene } from 'heddle';
import { create, declareDesigns, Design, joinAll } from './threads';

let value: i32 = 0;
const dataLock = new Mutex();
const wrongLock = new Mutex();

function checked(): void {
  dataLock.lock();
  const before = value;
  value++;
  check(value == before + 1, 'the value has changed under the lock');
  dataLock.unlock();
}

function unchecked(): void {
  const lock = designIs(Design.fixed) ? dataLock : wrongLock;
  lock.lock();
  value++;
  lock.unlock();
}

function main(others: i32): void {
  create(checked);
  for (let i = 0; i < others; i++) create(unchecked);
  joinAll(others + 1);
}

function size(nameA: string, nameC: string, others: i32): void {
  const threads = scene(nameA).with('checked');
  for (let i = 0; i < others; i++) threads.with('unchecked');
  scene(nameC).with('main', others);
}

export function register(): void {
  declareDesigns();
  event('checked', checked);
  event('unchecked', unchecked);
  event('main', main).arg('others', 1, 7);
  size('3, A', '3, C', 3);
  size('7, A', '7, C', 7);
}
