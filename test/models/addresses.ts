// Objects without addresses in a search: where they may go without, and what must be seen if they may not.
import { check, event, free, scene, yieldNow } from 'heddle';

class Node {
  value: i32 = 0;
  next: Node | null = null;
}
class Large {
  a: StaticArray<i32> | null = null;
}

let first: Node | null = null;
let second: Node | null = null;
let turn: i32 = 0;

/** Each makes an object; which of them is where depends on who came first. */
function append(): void {
  const node = new Node();
  if (!first) first = node;
  else second = node;
}

/** By the executor's addresses: whose object comes first in memory. */
function compareAddresses(): void {
  append();
  const a = first;
  const b = second;
  if (a && b) check(changetype<usize>(a) < changetype<usize>(b), 'the first lies below the second');
}

// One way each to depend on an address, or on a number that looks like one.
let sum: i32 = 0;
let wide: u64 = 0;
function shifts(): void {
  sum = <i32>(changetype<usize>(new Node()) >> 14);
}
function widens(): void {
  wide = (<u64>changetype<usize>(new Node())) << 8;
}
function halves(): void {
  const node = new Node();
  node.next = new Node();
  sum = load<u16>(changetype<usize>(node), offsetof<Node>('next'));
}
function leavesObject(): void {
  const node = new Node();
  first = new Node();
  sum = load<i32>(changetype<usize>(node), 24);
}
function looksLikeOne(): void {
  append();
  sum = 0x440010;
}
function adds(): void {
  append();
  sum += 0x220008;
}
function floats(): void {
  append();
  const f = <f64>sum;
  sum = f > 1 ? 1 : 0;
}
/** None of that: equality, null, fields, and elements of an array. */
function plain(): void {
  append();
  const list = new StaticArray<Node | null>(2);
  list[sum & 1] = first;
  if (list[0] == second || first == null) sum = 1;
}

/** Takes the object out of sight and works on it: nobody can get at it, unless they have looked at it before. */
function take(): void {
  const node = first;
  if (!node) return;
  first = null;
  const before = node.value;
  node.value = before + 1;
  check(node.value == before + 1, 'nobody else has counted');
  turn = 4;
}
function offer(): void {
  first = new Node();
}

/** The way to it goes over an object that another task has. */
function link(): void {
  const node = new Node();
  const inner = new Node();
  node.next = inner;
  first = node;
  first = null;
  inner.value = 1;
  check(inner.value == 1, 'nobody else has written');
  turn = 4;
}
function followLink(): void {
  const node = first;
  if (!node) return;
  const inner = node.next;
  if (inner) inner.value = 2;
}

/** What is lost here never comes to an end. */
function lose(): void {
  while (true) {
    turn = turn == 1 ? 2 : 1;
    const large = new Large();
    large.a = new StaticArray<i32>(500);
    yieldNow();
  }
}
function disturb(): void {
  turn = 3;
}

/** What is freed can be made again for ever. */
function recycle(): void {
  for (let i = 0; i < 3; i++) {
    const node = new Node();
    first = node;
    first = null;
    free(node);
  }
}

/** Each object can become anybody's: the number of states tells whether they have addresses. */
function exchange(): void {
  const node = new Node();
  const old = first;
  first = node;
  second = old;
}

export function register(): void {
  event('compareAddresses', compareAddresses);
  event('take', take);
  event('offer', offer);
  event('link', link);
  event('followLink', followLink);
  event('lose', lose);
  event('disturb', disturb);
  event('recycle', recycle);
  event('exchange', exchange);
  event('shifts', shifts);
  event('widens', widens);
  event('halves', halves);
  event('leavesObject', leavesObject);
  event('looksLikeOne', looksLikeOne);
  event('adds', adds);
  event('floats', floats);
  event('plain', plain);
  scene('compared').with('compareAddresses').with('compareAddresses');
  scene('taken').with('offer').with('take').with('take');
  scene('linked').with('link').with('followLink');
  scene('lost').with('lose').with('disturb');
  scene('recycled').with('recycle').with('recycle');
  scene('exchanged').with('exchange').with('exchange').with('exchange');
  scene('shifts').with('shifts').with('shifts');
  scene('widens').with('widens').with('widens');
  scene('halves').with('halves').with('halves');
  scene('leavesObject').with('leavesObject').with('leavesObject');
  scene('looksLikeOne').with('looksLikeOne').with('looksLikeOne');
  scene('adds').with('adds').with('adds');
  scene('floats').with('floats').with('floats');
  scene('plain').with('plain').with('plain');
}
