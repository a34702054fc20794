// Invariants that are tested at a moment of the model's choice: their reads are no points.
// odd (2 points): store y, store y. look, look-twin (1): store x, then the test. faulty, faulty-twin (0): the test.
import { event, free, invariantNow, scene } from 'heddle';

class Cell {
  x: i32 = 0;
  y: i32 = 0;
  next: Cell | null = null;
}
const cell = new Cell();

/** y is odd until the second store. */
function odd(): void {
  cell.y = 11;
  cell.y = 0;
}

function look(): void {
  cell.x = 1;
  invariantNow('y is even', (c) => (c.y & 1) == 0, cell);
}
function lookTwin(): void {
  cell.x = 1;
  invariantNow('y is 0 or 11', (c) => c.y == 0 || c.y == 11, cell);
}

/** The test itself fails; what follows it in the task must not run. */
function faulty(): void {
  invariantNow('the next cell has no x', (c) => c.next!.x == 0, cell);
  free(cell);
}
function faultyTwin(): void {
  invariantNow('cell has no x', (c) => c.next == null && c.x == 0, cell);
}

export function register(): void {
  event('odd', odd);
  event('look', look);
  event('look-twin', lookTwin);
  event('faulty', faulty);
  event('faulty-twin', faultyTwin);
  scene('seen').with('odd').with('look');
  scene('seen-twin').with('odd').with('look-twin');
  scene('faulty').with('faulty');
  scene('faulty-twin').with('faulty-twin');
}
