// Set of final states seen by this instance: one bit a hash, 8 Mi bits. A collision hides a state with probability states / 8 Mi.
import { STATE_SET, STATE_SET_SIZE } from '../executor/layout';
import { control } from '../executor/state';

/** Empties it. */
export function clearStates(): void {
  memory.fill(STATE_SET, 0, STATE_SET_SIZE);
  control.states = 0;
}

/** Adds a hash; true if it was not in the set. */
export function addState(hash: u64): bool {
  const bit = <u32>(hash >> 13) & (<u32>STATE_SET_SIZE * 8 - 1);
  const at = STATE_SET + (bit >> 3);
  const mask = 1 << (bit & 7);
  const old = load<u8>(at);
  if (old & mask) return false;
  store<u8>(at, old | mask);
  control.states++;
  return true;
}
