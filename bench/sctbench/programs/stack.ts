// stack: one thread pushes ten times, the other pops ten times, once a flag says that something was pushed; nothing clears the flag.
import { check, designIs, event, Mutex, scene } from 'heddle';
import { create, declareDesigns, Design, joinAll } from './threads';

const SIZE = 10;
const elements = new StaticArray<i32>(SIZE);
let top: i32 = 0;
let pushed: bool = false;
const mutex = new Mutex();

function push(value: i32): void {
  elements[top] = value;
  top++;
}

function pop(): i32 {
  check(top > 0, 'an empty stack is popped');
  top--;
  return elements[top];
}

function pusher(): void {
  for (let i = 0; i < SIZE; i++) {
    mutex.lock();
    push(i);
    pushed = true;
    mutex.unlock();
  }
}

function popper(): void {
  for (let i = 0; i < SIZE; i++) {
    mutex.lock();
    if (pushed) {
      pop();
      if (designIs(Design.fixed)) pushed = top > 0;
    }
    mutex.unlock();
  }
}

function main(): void {
  create(pusher);
  create(popper);
  joinAll(2);
}

export function register(): void {
  declareDesigns();
  event('pusher', pusher);
  event('popper', popper);
  event('main', main);
  scene('A').with('pusher').with('popper');
  scene('C').with('main');
}
