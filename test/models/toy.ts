// Three tasks of eight points each: every increment is a load and a store. 24! / (8!)^3 = 9,465,511,770 interleavings; with two
// tasks C(16, 8) = 12,870. Outcome: value is between 2 and 12 (3 tasks) or 2 and 8 (2 tasks).
// bump: (load value, store value) × 4.
import { event, scene } from 'heddle';

class Counter {
  value: i32 = 0;
}
const counter = new Counter();

function bump(): void {
  for (let i = 0; i < 4; i++) counter.value += 1;
}

export function register(): void {
  event('bump', bump);
  scene('three').with('bump').with('bump').with('bump');
  scene('two').with('bump').with('bump');
}
