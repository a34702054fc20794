// May objects that tasks allocate go without their addresses? Yes, as long as nothing makes a difference between one address and another: no
// number is computed from one, none is compared but for equality, no access leaves its object, and no number looks like one. That is not
// assumed: exact builds tell of each such computation (`num`, `wide`), and the executor sees the accesses. One that is seen is learned like
// all else: the pass is void, and from then on addresses are told apart.
import { ARENAS, EVENTS, INPUT, MODEL, REGION } from '../executor/layout';
import { control } from '../executor/state';
import { objectAt } from '../oracles/finding';
import { learned, learnt } from './locations';
import { POINTER_CELLS, POINTER_CELLS_MAX } from './layout';

const HEAP_SIZE: usize = MODEL + REGION - ARENAS;

/** Where tasks allocate: a word with such a value is taken for a pointer. */
export function inHeap(v: usize): bool {
  return v - ARENAS < HEAP_SIZE;
}

/** This search may do without addresses. */
let possible: bool = false;
/** So it does, since tasks allocate and nothing was seen that depends on an address. */
let looking: bool = false;
/** Words of static memory that were seen to hold pointers to objects of tasks, by ascending address. */
let pointerCells: i32 = 0;

/** `on`: this search may do without addresses, if the model does. */
export function startAddresses(on: bool): void {
  possible = on && !ORACLES;
  looking = possible && learned.allocates != 0 && !learned.named;
  if (!looking) return;
  for (let i = 0; i < control.events; i++) {
    const event = INPUT + EVENTS + (<usize>i << 5);
    for (let k: usize = 8; k < 20; k += 4) if (inHeap(load<u32>(event + k))) addressMatters();
  }
}

/** Objects are told apart by where they lie in the state, not by their addresses. */
export function isAnonymous(): bool {
  return looking && !learned.entangled;
}

/** A task allocates. */
export function seeAllocation(): void {
  if (!possible || learned.allocates) return;
  learned.allocates = 1;
  learnt();
  looking = !learned.named;
}

/** Something was seen that depends on an address. */
export function addressMatters(): void {
  if (!looking) return;
  looking = false;
  learned.named = 1;
  learnt();
}

/**
 * The model computed or compared something, and x, y or the result r lies where tasks allocate. `moves`: 1 = x + y, 2 = x − y: an address within
 * the same object comes out the same whatever the object's address is.
 */
export function num(x: usize, y: usize, r: usize, moves: i32): void {
  if (!looking) return;
  const from = inHeap(x) ? x : y;
  const isOne = inHeap(x) != inHeap(y) && (moves == 1 || (moves == 2 && inHeap(x)));
  if (!isOne || !inHeap(r) || r & 3 || objectAt(r) != objectAt(from)) addressMatters();
}
/** The model has a 64-bit number. */
export function wide(v: i64): i64 {
  if (looking) watchPair(v);
  return v;
}

/** An access to the word at a, `a - p` bytes behind the pointer. */
export function watchWord(p: usize, a: usize): void {
  if (!looking) return;
  if (a & 3) addressMatters();
  else if (inHeap(a) ? a != p && objectAt(a) != objectAt(p) : inHeap(load<u32>(a)) && !isPointerCell(a)) addressMatters();
}
export function watchStore(p: usize, a: usize): void {
  if (looking && (a & 3 || (inHeap(a) && a != p && objectAt(a) != objectAt(p)))) addressMatters();
}
/** A number that takes two words is stored. */
export function watchPair(v: u64): void {
  if (inHeap(<u32>v) || inHeap(<u32>(v >> 32))) addressMatters();
}
/** An access that is no word's: it must not see a part of an address, or two at once. */
export function watchPart(p: usize, a: usize, bytes: usize): void {
  if (!looking) return;
  if (inHeap(a) && (objectAt(a) != objectAt(p) || objectAt(a + bytes - 1) != objectAt(p))) addressMatters();
  for (let cell = a & ~3; cell < a + bytes; cell += 4) {
    if (inHeap(load<u32>(cell)) && (bytes > 4 || inHeap(cell) || isPointerCell(cell))) addressMatters();
  }
}

export function pointerCellCount(): i32 {
  return pointerCells;
}
export function pointerCellAt(i: i32): usize {
  return load<u32>(POINTER_CELLS + (<usize>i << 2));
}

/** Index of the first that is not below a. */
function place(a: usize): i32 {
  let low = 0;
  let high = pointerCells;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pointerCellAt(middle) < a) low = middle + 1;
    else high = middle;
  }
  return low;
}
function isPointerCell(a: usize): bool {
  const i = place(a);
  return i < pointerCells && pointerCellAt(i) == a;
}

/** A value that looks like a pointer to an object of a task is written to the static word at a. */
export function notePointerCell(a: usize): void {
  const i = place(a);
  if (i < pointerCells && pointerCellAt(i) == a) return;
  if (pointerCells == POINTER_CELLS_MAX) {
    addressMatters();
    return;
  }
  const at = POINTER_CELLS + (<usize>i << 2);
  memory.copy(at + 4, at, <usize>(pointerCells - i) << 2);
  store<u32>(at, <u32>a);
  pointerCells++;
}
