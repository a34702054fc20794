// Set of final states seen by this instance: one bit a hash, 8 Mi bits. A collision hides a state with probability states / 8 Mi. A second
// set has those that were seen again: states seen once, of all executions, estimate the chance that the next shows a new one (Good–Turing).
import { STATE_SET, STATE_SET_SIZE } from '../executor/layout';
import { control } from '../executor/state';
import { STATES_TWICE } from '../strategies/layout';

/** Empties it. */
export function clearStates(): void {
  memory.fill(STATE_SET, 0, STATE_SET_SIZE);
  memory.fill(STATES_TWICE, 0, STATE_SET_SIZE);
  control.states = control.repeated = 0;
}

function again(byte: u32, mask: i32): void {
  const at = STATES_TWICE + byte;
  const old = load<u8>(at);
  if (old & mask) return;
  store<u8>(at, old | mask);
  control.repeated++;
}

/** Adds a hash; true if it was not in the set. */
export function addState(hash: u64): bool {
  const bit = <u32>(hash >> 13) & (<u32>STATE_SET_SIZE * 8 - 1);
  const at = STATE_SET + (bit >> 3);
  const mask = 1 << (bit & 7);
  const old = load<u8>(at);
  if (old & mask) {
    if (!SEARCH) again(bit >> 3, mask);
    return false;
  }
  store<u8>(at, old | mask);
  control.states++;
  return true;
}
