// reorder_N: setters store to a, then to b; a checker must see neither or both. It sees one if it runs while a setter is between its stores and
// no setter has done its second one: all others must be held back.
import { check, designIs, event, Mutex, scene } from 'heddle';
import { create, declareDesigns, Design, joinAll } from './threads';

let a: i32 = 0;
let b: i32 = 0;
const mutex = new Mutex();

function setter(): void {
  if (designIs(Design.fixed)) mutex.lock();
  a = 1;
  b = -1;
  if (designIs(Design.fixed)) mutex.unlock();
}

function checker(): void {
  if (designIs(Design.fixed)) mutex.lock();
  check((a == 0 && b == 0) || (a == 1 && b == -1), 'the stores to a and b are seen out of order');
  if (designIs(Design.fixed)) mutex.unlock();
}

function main(setters: i32, checkers: i32): void {
  for (let i = 0; i < setters; i++) create(setter);
  for (let i = 0; i < checkers; i++) create(checker);
  joinAll(setters + checkers);
}

function size(nameA: string, nameC: string, setters: i32, checkers: i32): void {
  const threads = scene(nameA);
  for (let i = 0; i < setters; i++) threads.with('setter');
  for (let i = 0; i < checkers; i++) threads.with('checker');
  scene(nameC).with('main', setters, checkers);
}

export function register(): void {
  declareDesigns();
  event('setter', setter);
  event('checker', checker);
  event('main', main).arg('setters', 1, 99).arg('checkers', 1, 10);
  size('3, A', '3, C', 2, 1);
  size('4, A', '4, C', 3, 1);
  size('5, A', '5, C', 4, 1);
  size('10, A', '10, C', 9, 1);
  size('20, A', '20, C', 10, 10);
  size('50, A', '50, C', 40, 10);
  size('100, A', '100, C', 99, 1);
}
