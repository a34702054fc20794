// What a switch costs by call depth: two tasks recurse to a depth and then work there, 64 points each.
import { event, scene } from 'heddle';

class Counter {
  value: i32 = 0;
}
const counter = new Counter();

function work(): i32 {
  for (let i = 0; i < 32; i++) counter.value += 1;
  return 1;
}

function dive(depth: i32): i32 {
  if (depth <= 1) return work();
  return dive(depth - 1) + depth;
}

function task(depth: i32): void {
  dive(depth);
}

export function register(): void {
  event('task', task).arg('depth', 1, 100);
  scene('depth-1').with('task', 1).with('task', 1);
  scene('depth-4').with('task', 4).with('task', 4);
  scene('depth-16').with('task', 16).with('task', 16);
  scene('depth-64').with('task', 64).with('task', 64);
}
