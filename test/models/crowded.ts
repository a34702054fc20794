// More than the tables of the costly oracles hold: an event for each table, of one task, and what must be found behind it.
import { event, guardedBy, Mutex, scene, WaitQueue } from 'heddle';

class Cell {
  x: i32 = 0;
}

const locks = new StaticArray<Mutex>(47);
const queues = new StaticArray<WaitQueue>(130);
const cells = new StaticArray<Cell>(260);
const wide = new StaticArray<i32>(8000);
const lock = new Mutex();
const other = new Mutex();

function pair(a: Mutex, b: Mutex): void {
  a.lock();
  b.lock();
  b.unlock();
  a.unlock();
}

/** 1,081 ordered pairs of locks. */
function manyOrders(): void {
  for (let i = 0; i < locks.length; i++) for (let j = i + 1; j < locks.length; j++) pair(locks[i], locks[j]);
}
function manyWakeUps(): void {
  for (let i = 0; i < queues.length; i++) queues[i].wakeAll();
}
function manyGuards(): void {
  for (let i = 0; i < cells.length; i++) guardedBy(cells[i], lock);
}
function manyCells(): void {
  for (let i = 0; i < wide.length; i++) wide[i] = 1;
}
function fewOfEach(): void {
  pair(lock, other);
  queues[0].wakeAll();
  guardedBy(cells[0], lock);
  wide[0] = 1;
}

export function register(): void {
  for (let i = 0; i < locks.length; i++) locks[i] = new Mutex();
  for (let i = 0; i < queues.length; i++) queues[i] = new WaitQueue();
  for (let i = 0; i < cells.length; i++) cells[i] = new Cell();
  event('manyOrders', manyOrders);
  event('manyWakeUps', manyWakeUps);
  event('manyGuards', manyGuards);
  event('manyCells', manyCells);
  event('fewOfEach', fewOfEach);
  scene('many-orders').with('manyOrders');
  scene('many-wake-ups').with('manyWakeUps');
  scene('many-guards').with('manyGuards');
  scene('many-cells').with('manyCells');
  scene('few-of-each').with('fewOfEach');
}
