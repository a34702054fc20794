// Set of final states seen by this instance: one bit a hash, 8 Mi bits. A collision hides a state with probability states / 8 Mi. A second
// set has those that were seen again: states seen once, of all executions, estimate the chance that the next shows a new one (Good–Turing).
import { STATE_SET, STATE_SET_SIZE } from '../executor/layout';
import { control } from '../executor/state';
import { JUDGED, JUDGED_MASK, STATES_TWICE } from '../strategies/layout';

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

/**
 * Notes that a final state is being judged; true if it was before. The whole hash decides, unlike in the set: a bit that another state has set would
 * leave a violation unseen, in a campaign of days most of them. A state whose place was taken is judged again.
 */
export function wasJudged(hash: u64): bool {
  const at = JUDGED + (<usize>(<u32>(hash >> 13) & JUDGED_MASK) << 3);
  if (load<u64>(at) == hash) return true;
  store<u64>(at, hash);
  return false;
}
