// What the task that stands at a decision is about to do. The hooks announce it before they ask the scheduler.
import { BLOCK, POINT } from '../executor/scheduler';
import { AT_LOCK, task } from '../executor/state';

/** At no object, or with effects that are not told: it may depend on anything. */
export const ANYTHING: i32 = 0;
/** Its first step. */
export const STARTS: i32 = 1;
/** One access of model code to one cell. */
export const LOADS: i32 = 2;
export const STORES: i32 = 3;
/** An operation of the kit, or one on several cells: what steps from this location have touched. */
export const OPERATES: i32 = 4;
/** Takes a mutex or a spinlock, and waits if it is held. */
export const LOCKS: i32 = 5;
/** Releases an object: otherwise as OPERATES. */
export const FREES: i32 = 6;

/** Model code loads, or stores, more than one cell: otherwise as OPERATES. */
export const LOADS_MORE: i32 = 7;
export const STORES_MORE: i32 = 8;

let announced: i32 = ANYTHING;
/** Bytes of the access, and where a copy reads as many; 0 = it is no copy. */
let bytes: usize = 4;
let from: usize = 0;
let said: i32 = ANYTHING;

/** In the builds without search: what the task that stands at a point is about to do. Strategies by event want to know. */
export function say(kind: i32): void {
  said = kind;
}
export function isLoad(kind: i32): bool {
  return kind == LOADS || kind == LOADS_MORE;
}
export function saysLoad(): bool {
  return isLoad(said);
}
/** One access of model code to one cell, as opposed to what touches more than the cell of its point. */
export function saysOneCell(): bool {
  return said == LOADS || said == STORES;
}
let sought: usize = 0;
/** A task is about to take the lock; 0: it does something else with it. */
export function seek(lock: usize): void {
  sought = lock;
}
export function isSought(lock: usize): bool {
  return lock == sought;
}

/** The first announcement counts: the outer operation knows best. */
export function announce(kind: i32): void {
  announceRange(kind, 4, 0);
}
export function announceRange(kind: i32, size: usize, source: usize): void {
  if (announced != ANYTHING) return;
  announced = kind;
  bytes = size;
  from = source;
}
/** Of what was announced last. */
export function announcedBytes(): usize {
  return bytes;
}
export function announcedFrom(): usize {
  return from;
}
export function takeAnnouncement(): i32 {
  const kind = announced;
  announced = ANYTHING;
  return kind;
}
/** What task t is about to do, where it stands for such a reason. */
export function pendingKind(t: i32, reason: i32): i32 {
  const kind = takeAnnouncement();
  if (reason == POINT) return kind;
  return reason == BLOCK ? (task(t).flags & AT_LOCK ? LOCKS : OPERATES) : ANYTHING;
}
