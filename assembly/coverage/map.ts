// Coverage features: sites; (write, access) pairs across tasks with the cell they meet at; ordered lock pairs. "Is it new?" is one load.
// COVER is 0 only in the build that tells what coverage costs (bench/).
import { COVERAGE, COVERAGE_SIZE, LAST_WRITE, LAST_WRITE_MASK, SITES_MAX } from '../executor/layout';
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

/** `second` is taken while `first` is held. */
export function coverLockPair(first: usize, second: usize): void {
  if (!COVER) return;
  pair(<u32>first, <u32>second, 0x10c4);
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
