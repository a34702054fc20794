// SafeStack: a stack of three nodes without locks. A pop takes a node's successor away, so that two pops of one node cannot both go on; but a
// pop that stands between its accesses does not notice that the head was popped, pushed and is there again. The twin has a lock.
import { Atomic, check, designIs, event, fixed, Mutex, scene, yieldNow } from 'heddle';
import { create, declareDesigns, Design, joinAll } from './threads';

const NODES = 3;
const ROUNDS = 2;
const END = -1;
const TAKEN = -1;
const NOTHING = -1;

const values = new StaticArray<i32>(NODES);
const successors = new StaticArray<Atomic>(NODES);
for (let i = 0; i < NODES; i++) successors[i] = new Atomic(i + 1 < NODES ? i + 1 : END);
const head = new Atomic(0);
const count = new Atomic(NODES);
const mutex = new Mutex();

function successor(node: i32): Atomic {
  return fixed<Atomic>(changetype<usize>(successors), (<usize>node) << 2);
}

/** A node that is the task's own from then on; NOTHING if only one is left. */
function pop(): i32 {
  while (count.load() > 1) {
    const node = head.load();
    const next = successor(node).xchg(TAKEN);
    if (next >= 0) {
      if (head.cmpxchg(node, next) == node) {
        count.dec();
        return node;
      }
      successor(node).xchg(next);
    } else yieldNow();
  }
  return NOTHING;
}

function push(node: i32): void {
  let top = head.load();
  while (true) {
    successor(node).store(top);
    const found = head.cmpxchg(top, node);
    if (found == top) break;
    top = found;
  }
  count.inc();
}

function work(id: i32): void {
  for (let i = 0; i < ROUNDS; i++) {
    let node = NOTHING;
    while (true) {
      if (designIs(Design.fixed)) mutex.lock();
      node = pop();
      if (designIs(Design.fixed)) mutex.unlock();
      if (node != NOTHING) break;
      yieldNow();
    }
    values[node] = id;
    check(values[node] == id, 'two tasks have the same node');
    if (designIs(Design.fixed)) mutex.lock();
    push(node);
    if (designIs(Design.fixed)) mutex.unlock();
  }
}

function main(): void {
  create(() => work(0));
  create(() => work(1));
  create(() => work(2));
  joinAll(3);
}

export function register(): void {
  declareDesigns();
  event('work', work).arg('id', 0, 2);
  event('main', main);
  scene('A').with('work', 0).with('work', 1).with('work', 2);
  scene('C').with('main');
}
