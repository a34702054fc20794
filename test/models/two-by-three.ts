// For counting interleavings: two tasks of exactly three scheduling points each = C(6, 3) = 20.
// step: 1 load x, 2 store x, 3 store y.
import { event, scene } from 'heddle';

class Cell {
  x: i32 = 0;
  y: i32 = 0;
}
const cell = new Cell();

function step(n: i32): void {
  cell.x += n;
  cell.y = n;
}

export function register(): void {
  event('step', step).arg('n', 1, 2);
  scene('two-by-three').with('step', 1).with('step', 2);
}
