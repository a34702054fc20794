// A klist with two elements, made at boot: a and b. Whoever takes the last pin off an element says so in `released`.
import { event, Klist, KlistNode, scene } from 'heddle';

class Cell {
  sum: i32 = 0;
  first: i32 = 0;
  released: i32 = 0;
  removed: i32 = 0;
  pinned: i32 = 0;
}
const cell = new Cell();

class Item extends KlistNode {
  constructor(public value: i32) {
    super();
  }
  override onPut(): void {
    cell.released = this.value;
  }
}
const a = new Item(1);
const b = new Item(2);
const c = new Item(4);
const items = new Klist<Item>();
items.addTail(a);
items.addTail(b);

function walking(): void {
  let sum = 0;
  for (let item = items.first(); item; item = items.next(item)) sum += item.value;
  cell.sum = sum;
}
function peeking(): void {
  const item = items.first();
  if (item) {
    cell.first = item.value;
    items.leave(item);
  }
}
function deleting(): void {
  items.del(a);
}
function removing(): void {
  items.remove(a);
  cell.removed = 1;
}
function adding(): void {
  items.addTail(c);
}
function walkingOn(): void {
  if (items.pin(a)) {
    const next = items.next(a);
    cell.pinned = next ? 2 : 1;
    if (next) items.leave(next);
  } else cell.pinned = 3;
}
function deletingTwice(): void {
  items.del(a);
  items.del(a);
}

export function register(): void {
  event('walking', walking);
  event('peeking', peeking);
  event('deleting', deleting);
  event('removing', removing);
  event('adding', adding);
  event('walking-on', walkingOn);
  event('deleting-twice', deletingTwice);
  scene('klist').with('walking').with('deleting');
  scene('klist-remove').with('walking').with('removing');
  scene('klist-add').with('walking').with('adding');
  scene('klist-peek').with('peeking').with('removing');
  scene('klist-pin').with('walking-on').with('deleting');
  scene('klist-twice').with('deleting-twice');
}
