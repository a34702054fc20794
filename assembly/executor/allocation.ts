// Allocation per (task, n-th allocation of that task): a bump pointer in the task's own arena; nothing is reused within an execution.
import { coverStore } from '../coverage/map';
import { seeAllocation } from '../search/addresses';
import { noteFreed, touchRange } from '../search/locations';
import { announce, FREES, say, takeAnnouncement } from '../search/pending';
import { isReadStale } from '../search/stale';
import { logByte, logCell } from '../search/undo';
import { hashSiteAt, toggle, write } from '../hash/zobrist';
import { DOUBLE_FREE, INVALID_FREE, OUT_OF_MEMORY } from '../oracles/finding';
import { onFree } from '../oracles/hooks';
import { refused } from '../oracles/invariants';
import { copy, shadowOf, siteOr } from './access';
import {
  ALLOC_SITE, ARENAS, ARENA_SIZE, CLASS_ID, FREED, FREE_SITE, HEADER, HEADER_SIZE, LIVE, MODEL, MODEL_SIZE, OBJECT_SIZE, OWN, SHADOW,
} from './layout';
import { bodySize } from './publish';
import { finishRewind, ownSteps, POINT, rewinding, stop, switchOut } from './scheduler';
import { control, head, task } from './state';
import { noteRange, notes } from '../strategies/visibility';
import { T_ACCESS, traceStep } from './trace';

function alloc(size: usize, id: u32, site: i32): usize {
  const me = head.current;
  const boot = me < 0;
  const limit = boot ? MODEL + MODEL_SIZE : ARENAS + <usize>(me + 1) * ARENA_SIZE;
  const p = (boot ? control.bootBreak : task(me).brk) + HEADER_SIZE;
  const body = bodySize(size);
  if (size > MODEL_SIZE || p + body > limit) {
    if (!refused(site)) stop(OUT_OF_MEMORY, site, 0, 0);
    return 0;
  }
  if (boot) {
    control.bootBreak = p + body;
    control.bootObjects++;
  } else {
    if (SEARCH) seeAllocation();
    task(me).brk = p + body;
    head.objectsLive++;
  }
  for (let a = p - HEADER_SIZE; a < p + body; a += 8) store<u64>(a, 0);
  store<i32>(p - ALLOC_SITE, site);
  if (SEARCH) hashSiteAt(p - ALLOC_SITE, site);
  write(p - CLASS_ID, id);
  write(p - OBJECT_SIZE, <u32>size); // exact: the length of a string is read from here
  const sh = SHADOW + ((p - MODEL) >> 3);
  store<u8>(sh - 2, <u8>HEADER);
  store<u8>(sh - 1, <u8>HEADER);
  const state = boot ? LIVE : OWN;
  for (let i: usize = 0; i < body >> 3; i++) store<u8>(sh + i, <u8>state);
  return p;
}

function __new(size: usize, id: u32, site: i32): usize {
  return alloc(size, id, siteOr(site));
}
export { __new as new };

export function renew(p: usize, size: usize, site: i32): usize {
  const n = alloc(size, load<u32>(p - CLASS_ID), siteOr(site));
  const old: usize = load<u32>(p - OBJECT_SIZE);
  if (n) copy(n, p, min(old, size), site);
  return n;
}

/** What nobody reads after free leaves the key; by whom the object was freed comes into it, instead of who made it. */
function leaveState(p: usize, end: usize, site: i32): void {
  for (let a = p - CLASS_ID; a < end; a += 8) {
    if (isReadStale(a)) continue;
    toggle(a);
    toggle(a + 4);
  }
  hashSiteAt(p - ALLOC_SITE, load<u32>(p - ALLOC_SITE));
  hashSiteAt(p - FREE_SITE, site);
}

/** `free(object)`. What it held stays readable (a survived read after free), but leaves the state. Freeing NULL does nothing. */
export function release(p: usize, site: i32): void {
  if (!p || refused(site)) return;
  if (SEARCH) announce(FREES);
  if (rewinding()) finishRewind();
  else if (shadowOf(p) == LIVE && --head.gap < 0) {
    if (!SEARCH) say(FREES);
    if (switchOut(POINT, site, p)) return;
  }
  if (SEARCH) takeAnnouncement();
  const s = shadowOf(p);
  if (s == FREED) {
    stop(DOUBLE_FREE, site, p, 0);
    return;
  }
  if (s == LIVE) {
    traceStep(T_ACCESS, ownSteps() - 1, site, p);
    coverStore(p, site);
  }
  const sh = SHADOW + ((p - MODEL) >> 3);
  if ((s != LIVE && s != OWN) || p & 7 || load<u8>(sh - 1) != HEADER) {
    stop(INVALID_FREE, site, p, 0);
    return;
  }
  const end = p + bodySize(load<u32>(p - OBJECT_SIZE));
  if (SEARCH && s == LIVE) {
    touchRange(p, end - p, true);
    noteFreed(p, end - p);
  }
  if (notes() && s == LIVE) noteRange(p, end - p, true);
  if (ORACLES && s == LIVE) onFree(p, end, site);
  if (SEARCH) leaveState(p, end, site);
  else for (let a = p - CLASS_ID; a < end; a += 4) toggle(a);
  for (let a = p; a < end; a += 8) {
    if (SEARCH) logByte(SHADOW + ((a - MODEL) >> 3));
    store<u8>(SHADOW + ((a - MODEL) >> 3), <u8>FREED);
  }
  if (SEARCH) logCell(p - FREE_SITE, load<u32>(p - FREE_SITE));
  store<u32>(p - FREE_SITE, (<u32>(head.current + 1) << 24) | <u32>site);
  if (p < ARENAS) head.bootFreed = 1;
  else head.objectsLive--;
}
