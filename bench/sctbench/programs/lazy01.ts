// lazy01: two threads add to a number, a third says that it must stay below what they add up to.
import { check, designIs, event, Mutex, scene } from 'heddle';
import { create, declareDesigns, Design, joinAll } from './threads';

let data: i32 = 0;
const mutex = new Mutex();

function checker(): void {
  mutex.lock();
  check(data < (designIs(Design.fixed) ? 4 : 3), 'data has reached the limit');
  mutex.unlock();
}

function addTwo(): void {
  mutex.lock();
  data += 2;
  mutex.unlock();
}

function addOne(): void {
  mutex.lock();
  data++;
  mutex.unlock();
}

function main(): void {
  create(checker);
  create(addTwo);
  create(addOne);
  joinAll(3);
}

export function register(): void {
  declareDesigns();
  event('checker', checker);
  event('addTwo', addTwo);
  event('addOne', addOne);
  event('main', main);
  scene('A').with('checker').with('addTwo').with('addOne');
  scene('C').with('main');
}
