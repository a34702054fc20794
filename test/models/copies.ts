// Copies of several cells at once, to what others see and to what nobody else can reach.
import { check, designIs, design, event, free, Mutex, scene } from 'heddle';

enum Design {
  bare,
  locked,
} // in the order of register()

class Pair {
  first: i32 = 0;
  second: i32 = 0;
}
class Seen {
  before: i32 = 0;
  copied: i32 = 0;
  survived: i32 = 0;
}
class Holder {
  pair: Pair | null = null;
}

const mutex = new Mutex();
const shared = new Pair();
const shown = new Pair();
const seen = new Seen();
const holder = new Holder();
holder.pair = new Pair();

function lock(): void {
  if (designIs(Design.locked)) mutex.lock();
}
function unlock(): void {
  if (designIs(Design.locked)) mutex.unlock();
}
function copy(to: Pair, from: Pair): void {
  memory.copy(changetype<usize>(to), changetype<usize>(from), offsetof<Pair>());
}

function set(): void {
  lock();
  shared.second = 1;
  unlock();
}
function peek(): void {
  seen.before = shared.second;
  const own = new Pair();
  copy(own, shared);
  seen.copied = own.second;
  free(own);
}
function snapshot(): void {
  lock();
  const before = shared.second;
  const own = new Pair();
  copy(own, shared);
  check(before == own.second, 'it changed before the copy');
  free(own);
  unlock();
}

function dispose(): void {
  lock();
  const pair = holder.pair;
  holder.pair = null;
  if (pair) free(pair);
  unlock();
}
/** To what is its own. */
function keep(): void {
  lock();
  const pair = holder.pair;
  if (pair) {
    const own = new Pair();
    copy(own, pair);
    free(own);
    seen.survived = 1;
  }
  unlock();
}
/** To what others see. */
function show(): void {
  lock();
  const pair = holder.pair;
  if (pair) {
    copy(shown, pair);
    seen.survived = 1;
  }
  unlock();
}

export function register(): void {
  design('bare', 'without a lock');
  design('locked', 'with a lock around each task');
  event('set', set);
  event('peek', peek);
  event('snapshot', snapshot);
  event('dispose', dispose);
  event('keep', keep);
  event('show', show);
  scene('peek').with('set').with('peek');
  scene('snapshot').with('set').with('snapshot');
  scene('kept').with('dispose').with('keep');
  scene('shown').with('dispose').with('show');
}
