// Choices of the schedule; neither choose nor fault is a scheduling point.
// pick (3 points): load value, store value, store picked. One choose(3).
// risky (2, or 1 with the fault): fault 'no-memory'; true → store failed; false → load value, store value.
import { choose, event, fault, scene } from 'heddle';

class Cell {
  value: i32 = 0;
  picked: i32 = 0;
  failed: i32 = 0;
}
const cell = new Cell();

function pick(): void {
  const n = choose(3);
  cell.value += n;
  cell.picked = n;
}

function risky(): void {
  if (fault('no-memory')) cell.failed = 1;
  else cell.value += 1;
}

export function register(): void {
  event('pick', pick);
  event('risky', risky);
  scene('pick').with('pick');
  scene('risky').with('risky');
  scene('both').with('pick').with('risky');
}
