// The objects that can be got at from somewhere: from static memory by its pointers, from a task by its stack, and on from object to object. Only
// for objects without addresses (addresses.ts), where every pointer is a word that looks like one.
import { ARENAS, FREED, OBJECT_SIZE, SHADOW, MODEL } from '../executor/layout';
import { bodySize } from '../executor/publish';
import { head, task } from '../executor/state';
import { objectAt } from '../oracles/finding';
import { addressMatters, inHeap, pointerCellAt, pointerCellCount } from './addresses';
import { NAMES, NAMES_SIZE, OBJECTS, OBJECTS_MAX } from './layout';
import { pointerOf, pointersOf, TOO_MANY, wordsEnd, wordsOf } from './task-pointers';

/** Objects that were met, in this order: from 1. */
let met: i32 = 0;
/** Marks of an earlier round have another number. */
let round: u32 = 0;

export function startRound(): void {
  met = 0;
  if (++round < 0x10000) return;
  memory.fill(NAMES, 0, NAMES_SIZE);
  round = 1;
}
function markAt(p: usize): usize {
  return NAMES + ((p - ARENAS) >> 3 << 2);
}
/** Its number, 0 if it was not met. */
export function numberOf(p: usize): i32 {
  const at = markAt(p);
  return load<u16>(at + 2) == round ? <i32>load<u16>(at) : 0;
}
/** The object's number; it is met now, if it was not. */
export function meet(p: usize): i32 {
  const known = numberOf(p);
  if (known) return known;
  if (met == OBJECTS_MAX) {
    addressMatters();
    return met;
  }
  const at = markAt(p);
  store<u32>(OBJECTS + (<usize>met << 2), <u32>p);
  met++;
  store<u16>(at, <u16>met);
  store<u16>(at + 2, <u16>round);
  return met;
}
export function metCount(): i32 {
  return met;
}
/** The i-th that was met, from 0. */
export function objectMet(i: i32): usize {
  return load<u32>(OBJECTS + (<usize>i << 2));
}
export function endOf(p: usize): usize {
  return p + bodySize(load<u32>(p - OBJECT_SIZE));
}
export function isFreed(p: usize): bool {
  return load<u8>(SHADOW + ((p - MODEL) >> 3)) == FREED;
}

function follow(v: usize): void {
  if (!inHeap(v)) return;
  const p = objectAt(v);
  if (p) meet(p);
}
function followWords(from: usize, end: usize): void {
  for (let a = from; a < end; a += 4) follow(load<u32>(a));
}

/** Follows what was met until the object is; answers whether it is. */
function leadsTo(object: usize): bool {
  for (let i = 0; i < met && !numberOf(object); i++) followWords(objectMet(i), endOf(objectMet(i)));
  return numberOf(object) != 0;
}

/** Meets all that static memory leads to. */
export function reachFromStatic(): void {
  startRound();
  for (let i = 0; i < pointerCellCount(); i++) follow(load<u32>(pointerCellAt(i)));
  for (let i = 0; i < met; i++) followWords(objectMet(i), endOf(objectMet(i)));
}
/** Can a task but t get at the object by its stack, or by what it starts with? All of these stacks lie in memory. */
export function isReachedByOthers(object: usize, t: i32): bool {
  startRound();
  for (let low = head.existLow; low; low &= low - 1) if (<i32>ctz(low) != t) followTask(<i32>ctz(low));
  for (let high = head.existHigh; high; high &= high - 1) if (64 + <i32>ctz(high) != t) followTask(64 + <i32>ctz(high));
  return leadsTo(object);
}
function followTask(t: i32): void {
  const r = task(t);
  const n = pointersOf(r, t);
  if (n == TOO_MANY) followWords(wordsOf(r, t), wordsEnd(r, t));
  for (let i = 0; i < n; i++) follow(pointerOf(r, t, i));
}
