// Coverage features: sites; (write, access) pairs across tasks with the cell they meet at; ordered lock pairs. "Is it new?" is one load.
// COVER is 0 only in the build that tells what coverage costs (bench/).
import {
  COVERAGE, COVERAGE_SIZE, EVENTS_SEEN, LAST_WRITE, LAST_WRITE_MASK, LOCK_PAIRS, LOCK_PAIRS_SIZE, SITES_MAX,
} from '../executor/layout';
import { control, head } from '../executor/state';

function slotOf(a: usize): usize {
  return LAST_WRITE + (((a >> 2) + (a >> 14) * 61) & LAST_WRITE_MASK) * 4;
}

function novel(i: usize): void {
  store<u8>(i, 1);
  control.features++;
  head.newFeatures++;
}

function pair(x: u32, y: u32, z: u32): void {
  let h = (x * 0x9e3779b1) ^ (y * 0x85ebca77) ^ (z * 0xc2b2ae3d);
  h ^= h >> 15;
  const i = COVERAGE + SITES_MAX + (h % <u32>(COVERAGE_SIZE - SITES_MAX));
  if (!load<u8>(i)) novel(i);
}

/** A load at `site`. */
export function coverLoad(a: usize, site: i32): void {
  head.lastSite = site;
  if (!COVER) return;
  const i = COVERAGE + <usize>site;
  if (!load<u8>(i)) novel(i);
  const last = load<u32>(slotOf(a));
  if (last >> 21 == <u32>control.epoch && ((last >> 14) & 127) != <u32>head.current) {
    pair(last & 0x3fff, <u32>site, <u32>a);
  }
}

/** A store at `site`. */
export function coverStore(a: usize, site: i32): void {
  head.lastSite = site;
  if (!COVER) return;
  const i = COVERAGE + <usize>site;
  if (!load<u8>(i)) novel(i);
  const slot = slotOf(a);
  const last = load<u32>(slot);
  if (last >> 21 == <u32>control.epoch && ((last >> 14) & 127) != <u32>head.current) {
    pair((last & 0x3fff) | 0x8000, <u32>site, <u32>a);
  }
  store<u32>(slot, (<u32>control.epoch << 21) | (<u32>head.current << 14) | <u32>site);
}

/** A synchronisation operation at `site`: only the site counts, the order shows in what it protects. */
export function coverSite(site: i32): void {
  head.lastSite = site;
  if (!COVER) return;
  const i = COVERAGE + <usize>site;
  if (!load<u8>(i)) novel(i);
}

/** `second` is taken at site `b` while `first` is held, which was taken at site `a`. */
export function coverLockPair(first: usize, second: usize, a: i32, b: i32): void {
  if (!COVER) return;
  pair(<u32>first, <u32>second, 0x10c4);
  notePair((<u32>a << 16) | <u32>b);
}

/** Keeps the pair for the vacuity report; a quarter of the table stays empty to end searches. */
function notePair(key: u32): void {
  let i = <i32>((key * 0x9e3779b1) >> 21);
  while (true) {
    const at = LOCK_PAIRS + (<usize>(i & (LOCK_PAIRS_SIZE - 1)) << 2);
    const found = load<u32>(at);
    if (found == key) return;
    if (!found) {
      if (control.lockPairs < LOCK_PAIRS_SIZE - (LOCK_PAIRS_SIZE >> 2)) {
        control.lockPairs++;
        store<u32>(at, key);
      }
      return;
    }
    i++;
  }
}

/** A task of the model's event `n` has run to its end. */
export function coverEnd(n: i32): void {
  if (COVER) store<u8>(EVENTS_SEEN + <usize>n, 3);
}

/** Starts an execution: what earlier ones wrote is forgotten. */
export function nextEpoch(): void {
  let epoch = (control.epoch + 1) & 2047;
  if (!epoch) {
    memory.fill(LAST_WRITE, 0, (LAST_WRITE_MASK + 1) * 4);
    epoch = 1; // 0 would match the empty slots
  }
  control.epoch = epoch;
}
