// deadlock01: two locks taken in opposite orders.
import { designIs, event, Mutex, scene } from 'heddle';
import { create, declareDesigns, Design, joinAll } from './threads';

let counter: i32 = 1;
const a = new Mutex();
const b = new Mutex();

function up(): void {
  a.lock();
  b.lock();
  counter++;
  b.unlock();
  a.unlock();
}

function down(): void {
  const first = designIs(Design.fixed) ? a : b;
  const second = designIs(Design.fixed) ? b : a;
  first.lock();
  second.lock();
  counter--;
  second.unlock();
  first.unlock();
}

function main(): void {
  create(up);
  create(down);
  joinAll(2);
}

export function register(): void {
  declareDesigns();
  event('up', up);
  event('down', down);
  event('main', main);
  scene('A').with('up').with('down');
  scene('C').with('main');
}
