// One bug for which a task's two turns must be put together over another task's turn that has to stay: deletion alone keeps three preemptions.
import { check, event, scene } from 'heddle';

class Cells {
  x: i32 = 0;
  y: i32 = 0;
  z: i32 = 0;
}
class Own {
  value: i32 = 0;
}
const cells = new Cells();
const own = new Own();

function first(): void {
  cells.x = 1;
  cells.y = 1;
  cells.z = 1;
}
function second(): void {
  own.value = 1;
  own.value = 2;
}
function last(): void {
  check(!(cells.y == 1 && cells.z == 0 && own.value == 1), 'never in between');
}

export function register(): void {
  event('first', first);
  event('second', second);
  event('last', last);
  scene('three').with('first').with('second').with('last');
}
