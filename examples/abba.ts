// Two locks taken in opposite orders.
import { design, designIs, event, Mutex, scene } from 'heddle';

enum Design {
  abba,
  ordered,
}

class Counter {
  value: i32 = 0;
}
const a = new Mutex();
const b = new Mutex();
const counter = new Counter();

function forward(): void {
  a.lock();
  b.lock();
  counter.value += 1;
  b.unlock();
  a.unlock();
}

function backward(): void {
  const first = designIs(Design.abba) ? b : a;
  const second = designIs(Design.abba) ? a : b;
  first.lock();
  second.lock();
  counter.value += 1;
  second.unlock();
  first.unlock();
}

export function register(): void {
  design('abba', 'one task takes a then b, the other b then a');
  design('ordered', 'both take a first');
  event('forward', forward);
  event('backward', backward);
  scene('opposite').with('forward').with('backward');
}
