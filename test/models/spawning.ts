// A task starts others and waits for them. Where a task blocks and where it ends are decisions too; they are not counted here.
// parent (7 points): load value, store value, start, load value, store value, join, store done. (`start` and `join` are points; a join
// of a task that has not ended blocks there.)
// child (2): load value, store value.
// family (8): start ×2 with an argument, join ×2, (load value, store value) ×2.
// adder (2): load value, store value.
import { event, join, scene, spawn, spawnWith } from 'heddle';

class Cell {
  value: i32 = 0;
  done: i32 = 0;
}
const cell = new Cell();

function child(): void {
  cell.value += 10;
}

function adder(n: i32): void {
  cell.value += n;
}

function parent(): void {
  cell.value += 1;
  const task = spawn(child);
  cell.value += 100;
  join(task);
  cell.done = 1;
}

function family(): void {
  const first = spawnWith<i32>(adder, 1);
  const second = spawnWith<i32>(adder, 2);
  join(first);
  join(second);
  cell.value += 4;
  cell.value += 8;
}

export function register(): void {
  event('parent', parent);
  event('family', family);
  event('child', child);
  scene('one').with('parent');
  scene('two').with('parent').with('child');
  scene('family').with('family');
}
