// carter01: two classes of operations exclude each other by a lock that the first of a class takes and the last gives back, while both
// classes count under one mutex.
import { designIs, event, Mutex, scene } from 'heddle';
import { create, declareDesigns, Design, joinAll } from './threads';

let a: i32 = 0;
let b: i32 = 0;
const mutex = new Mutex();
const mutexOfB = new Mutex();
const lock = new Mutex();

function operationA(): void {
  mutex.lock();
  a++;
  if (a == 1) lock.lock();
  mutex.unlock();
  mutex.lock();
  a--;
  if (a == 0) lock.unlock();
  mutex.unlock();
}

function operationB(): void {
  const counting = designIs(Design.fixed) ? mutexOfB : mutex;
  counting.lock();
  b++;
  if (b == 1) lock.lock();
  counting.unlock();
  counting.lock();
  b--;
  if (b == 0) lock.unlock();
  counting.unlock();
}

function nothing(): void {}

function main(): void {
  create(operationA);
  create(operationB);
  create(nothing);
  create(nothing);
  joinAll(4);
}

export function register(): void {
  declareDesigns();
  event('operationA', operationA);
  event('operationB', operationB);
  event('nothing', nothing);
  event('main', main);
  scene('A').with('operationA').with('operationB').with('nothing').with('nothing');
  scene('C').with('main');
}
