// queue: a producer notes what it enqueues, a consumer compares what it dequeues with the note of its round. They take turns by two flags; the
// first element is enqueued before that, and a round without the turn is lost, so the rounds drift apart.
import { check, designIs, event, Mutex, scene } from 'heddle';
import { create, declareDesigns, Design, joinAll } from './threads';

const SIZE = 20;
const elements = new StaticArray<i32>(SIZE);
const noted = new StaticArray<i32>(SIZE);
let head: i32 = 0;
let tail: i32 = 0;
let amount: i32 = 0;
let mayEnqueue: bool = true;
let mayDequeue: bool = false;
const mutex = new Mutex();

function enqueue(value: i32): void {
  elements[tail] = value;
  amount++;
  tail = tail == SIZE - 1 ? 0 : tail + 1;
}

function dequeue(): i32 {
  const value = elements[head];
  amount--;
  head = head == SIZE - 1 ? 0 : head + 1;
  return value;
}

function producer(): void {
  mutex.lock();
  let value = 0;
  enqueue(value);
  noted[0] = value;
  mutex.unlock();
  for (let i = 0; i < SIZE - 1; i++) {
    mutex.lock();
    if (mayEnqueue) {
      value++;
      enqueue(value);
      noted[designIs(Design.fixed) ? value : i + 1] = value;
      mayEnqueue = false;
      mayDequeue = true;
    }
    mutex.unlock();
  }
}

function consumer(): void {
  let dequeued = 0;
  for (let i = 0; i < SIZE; i++) {
    mutex.lock();
    if (mayDequeue) {
      check(dequeue() == noted[designIs(Design.fixed) ? dequeued : i], 'what is dequeued is not what was noted');
      dequeued++;
      mayDequeue = false;
      mayEnqueue = true;
    }
    mutex.unlock();
  }
}

function main(): void {
  create(producer);
  create(consumer);
  joinAll(2);
}

export function register(): void {
  declareDesigns();
  event('producer', producer);
  event('consumer', consumer);
  event('main', main);
  scene('A').with('producer').with('consumer');
  scene('C').with('main');
}
