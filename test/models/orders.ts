// Small programs whose orders can be counted, for statistics over strategies.
// store: 3 points, all on one cell. own: `before` points on a cell of its own, then 2 on the shared cell. pair: the same, then one on each of two
// shared cells. climb: 10 points; look: 2 points.
import { event, scene } from 'heddle';

class Cell {
  value: i32 = 0;
}
const shared = new Cell();
const seen = new Cell();
const own0 = new Cell();
const own1 = new Cell();

function store(task: i32): void {
  shared.value = task;
  shared.value = task + 2;
  shared.value = task + 4;
}

function alone(task: i32, before: i32): void {
  const cell = task ? own1 : own0;
  for (let i = 0; i < before; i++) cell.value = i;
}

function pair(task: i32, before: i32): void {
  alone(task, before);
  shared.value = task;
  seen.value = task;
}

function own(task: i32, before: i32): void {
  alone(task, before);
  shared.value = task;
  shared.value = task + 2;
}

function climb(): void {
  for (let i = 1; i <= 10; i++) shared.value = i;
}
function look(): void {
  seen.value = shared.value;
}

export function register(): void {
  event('store', store).arg('task', 0, 1);
  event('own', own).arg('task', 0, 1).arg('before', 0, 20);
  event('pair', pair).arg('task', 0, 1).arg('before', 0, 20);
  event('climb', climb);
  event('look', look);
  scene('stores').with('store', 0).with('store', 1);
  scene('uneven').with('own', 0, 12).with('own', 1, 0);
  scene('two cells').with('pair', 0, 12).with('pair', 1, 0);
  scene('window').with('climb').with('look');
}
