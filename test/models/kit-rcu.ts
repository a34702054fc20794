// RCU and SRCU. `current` says where readers look: 0 = at `old`. An updater sends them elsewhere and spoils `old` when none looks at it.
import { event, Mutex, Rcu, RcuHead, scene, Srcu } from 'heddle';

class Cell {
  current: i32 = 0;
  old: i32 = 1;
  seen: i32 = 0;
  done: i32 = 0;
}
const cell = new Cell();
const rcu = new Rcu();
const srcu = new Srcu();
const mutex = new Mutex();
const head = new RcuHead(() => {
  cell.old = -1;
});

class Node extends RcuHead {
  value: i32 = 3;
}
class Box {
  node: Node | null = null;
}
const box = new Box();

function look(): void {
  if (cell.current == 0) cell.seen = cell.old;
}
function reading(): void {
  rcu.readLock();
  look();
  rcu.readUnlock();
}
function readingNested(): void {
  rcu.readLock();
  rcu.readLock();
  rcu.readUnlock();
  look();
  rcu.readUnlock();
}
function updating(): void {
  cell.current = 1;
  rcu.synchronize();
  cell.old = -1;
}
function waiting(): void {
  rcu.synchronize();
  cell.done = 1;
}
function calling(): void {
  cell.current = 1;
  rcu.callRcu(head);
  cell.done = 1;
}
function callingBarrier(): void {
  cell.current = 1;
  rcu.callRcu(head);
  rcu.barrier();
  cell.done = cell.old;
}
function replacing(): void {
  const node = new Node();
  box.node = node;
  box.node = null;
  rcu.callRcu(node);
}
function readingNode(): void {
  rcu.readLock();
  const node = box.node;
  if (node) cell.seen = node.value;
  rcu.readUnlock();
}
function readingUnlocked(): void {
  const node = box.node;
  if (node) cell.seen = node.value;
}
function sleepingReader(): void {
  rcu.readLock();
  mutex.lock();
  mutex.unlock();
  rcu.readUnlock();
}
function waitingReader(): void {
  rcu.readLock();
  rcu.synchronize();
  rcu.readUnlock();
}
function sreading(): void {
  srcu.readLock();
  mutex.lock();
  look();
  mutex.unlock();
  srcu.readUnlock();
}
function supdating(): void {
  cell.current = 1;
  srcu.synchronize();
  cell.old = -1;
}

export function register(): void {
  event('reading', reading);
  event('reading-nested', readingNested);
  event('updating', updating);
  event('waiting', waiting);
  event('calling', calling);
  event('calling-barrier', callingBarrier);
  event('replacing', replacing);
  event('reading-node', readingNode);
  event('reading-unlocked', readingUnlocked);
  event('sleeping-reader', sleepingReader);
  event('waiting-reader', waitingReader);
  event('sreading', sreading);
  event('supdating', supdating);
  scene('rcu').with('reading').with('updating');
  scene('rcu-two').with('reading').with('reading').with('waiting');
  scene('rcu-two-waiters').with('reading').with('updating').with('waiting');
  scene('rcu-nested').with('reading-nested').with('updating');
  scene('rcu-call').with('reading').with('calling');
  scene('rcu-barrier').with('reading').with('calling-barrier');
  scene('rcu-free').with('reading-node').with('replacing');
  scene('rcu-free-unlocked').with('reading-unlocked').with('replacing');
  scene('rcu-sleep').with('sleeping-reader');
  scene('rcu-self').with('waiting-reader');
  scene('srcu').with('sreading').with('supdating');
}
