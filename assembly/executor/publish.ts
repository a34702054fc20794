// Private objects: what a task allocates is its own until a pointer to it is stored where others can read it.
import { HEADER, LIVE, MODEL, OBJECT_SIZE, OWN, REGION, SHADOW } from './layout';
import { inHeap } from '../search/addresses';
import { logByte } from '../search/undo';

/** A value is written where other tasks can read it: if it is a pointer to a private object, the object becomes theirs too. */
export function escape(v: usize): void {
  if (inHeap(v)) publish(v);
}

/** Another task can reach this object from now on, and all that it points to. */
export function publish(v: usize): void {
  if (v - MODEL >= REGION || load<u8>(SHADOW + ((v - MODEL) >> 3)) != OWN) return;
  let a = v & ~7;
  while (load<u8>(SHADOW + ((a - MODEL) >> 3)) != HEADER) a -= 8;
  const start = a + 8; // a is the second half of the header
  const end = start + bodySize(load<u32>(start - OBJECT_SIZE));
  for (a = start; a < end; a += 8) {
    if (SEARCH) logByte(SHADOW + ((a - MODEL) >> 3));
    store<u8>(SHADOW + ((a - MODEL) >> 3), <u8>LIVE);
  }
  for (a = start; a < end; a += 4) escape(load<u32>(a));
}

/** Bytes that an object's body takes: a multiple of 8, at least 8. */
export function bodySize(size: usize): usize {
  return size ? (size + 7) & ~7 : 8;
}
