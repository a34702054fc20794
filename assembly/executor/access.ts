// The hooks that the build puts in place of loads and stores, and the fast path of every scheduling point.
import { coverLoad, coverSite, coverStore } from '../coverage/map';
import { write, writePart } from '../hash/zobrist';
import { ABORT, INVALID_ACCESS, NO_PROGRESS, NULL_DEREFERENCE, report, STACK_DEPTH, TRAP, USE_AFTER_FREE } from '../oracles/finding';
import { ARENAS, ARENA_SIZE, FREED, LIVE, MODEL, OBJECT_SIZE, OWN, REGION, SHADOW, TASKS_MAX } from './layout';
import { onLoad, onPrivateStore, onStore } from '../oracles/hooks';
import { isInspecting, writesHere } from '../oracles/invariants';
import { escape } from './publish';
import { finishRewind, ownSteps, POINT, rewinding, stop, switchOut } from './scheduler';
import { addressMatters, inHeap, watchPair, watchPart, watchStore, watchWord } from '../search/addresses';
import { readsForInspector, touch, touchRange } from '../search/locations';
import { announce, announceRange, isLoad, LOADS, LOADS_MORE, OPERATES, say, STORES, STORES_MORE, takeAnnouncement } from '../search/pending';
import { readStale } from '../search/stale';
import { noteRange, notes, notesKit } from '../strategies/visibility';
import { head } from './state';
import { T_ACCESS, traceStep } from './trace';

export function shadowOf(a: usize): i32 {
  const i = a - MODEL;
  const s = i < REGION ? <i32>load<u8>(SHADOW + (i >> 3)) : 0;
  // Debug build: a pointer escaped unseen, or two tasks share what was thought private.
  // What an invariant is given by the task that it runs for may be that task's own.
  if (CHECK && s == OWN && head.current >= 0 && head.current < TASKS_MAX && (a - ARENAS) / ARENA_SIZE != <usize>head.current) unreachable();
  return s;
}

/** Kind of a bad access. NULL is anything below 4096, as the offset is added to the pointer. */
function badKind(p: usize, s: i32): i32 {
  return p < 4096 ? NULL_DEREFERENCE : s == FREED ? USE_AFTER_FREE : INVALID_ACCESS;
}

/**
 * Slow path of a point: the task is being resumed here, or a decision is due, or the access is bad. True: return at once, the task is
 * being unwound. A read after free is survived, with the stale value.
 */
export function enter(p: usize, a: usize, site: i32, kind: i32): bool {
  const reads = isLoad(kind);
  if (rewinding()) finishRewind();
  else if (shadowOf(a) == LIVE) {
    if (isInspecting()) {
      if (SEARCH) takeAnnouncement();
      return (kind == STORES || kind == STORES_MORE) && writesHere(site, a);
    }
    if (SEARCH) announce(kind);
    else say(kind);
    if (switchOut(POINT, site, a)) return true;
  }
  const s = shadowOf(a);
  if (SEARCH) {
    takeAnnouncement();
    touch(a, !reads);
  }
  if (s == LIVE) {
    traceStep(T_ACCESS, ownSteps() - 1, site, a);
    return false;
  }
  const bad = badKind(p, s);
  if (reads && bad == USE_AFTER_FREE) {
    if (SEARCH) readStale(a);
    report(bad, site, a, 0, true);
    return false;
  }
  return stop(bad, site, a, 0);
}

/** A read after free is survived. */
function isReadable(s: i32): bool {
  return s == LIVE || s == OWN || s == FREED;
}

/** More than one cell. */
function isWide(a: usize, bytes: usize): bool {
  return (a & 3) + bytes > 4;
}

function readable(p: usize, a: usize, bytes: usize, site: i32): bool {
  const s = shadowOf(a);
  if (s == OWN) {
    if (SEARCH) watchPart(p, a, bytes);
    return true;
  }
  if (SEARCH && isWide(a, bytes)) announceRange(LOADS_MORE, bytes, 0);
  if (SEARCH && readsForInspector()) touch(a, false);
  if ((s != LIVE || --head.gap < 0) && enter(p, a, site, isWide(a, bytes) ? LOADS_MORE : LOADS)) return false;
  if (notes() && isWide(a, bytes)) noteRange(a, bytes, false);
  if (SEARCH) {
    touchRange(a, bytes, false);
    if (s == FREED) readStale(a + bytes - 1);
    watchPart(p, a, bytes);
  }
  if (ORACLES) onLoad(a, bytes, site);
  coverLoad(a, site);
  return true;
}
function writable(p: usize, a: usize, bytes: usize, site: i32): bool {
  const s = shadowOf(a);
  if (s == OWN) {
    if (ORACLES) onPrivateStore(a, bytes, site);
    if (SEARCH) watchPart(p, a, bytes);
    return true;
  }
  if (SEARCH && isWide(a, bytes)) announceRange(STORES_MORE, bytes, 0);
  if ((s != LIVE || --head.gap < 0) && enter(p, a, site, isWide(a, bytes) ? STORES_MORE : STORES)) return false;
  if (notes() && isWide(a, bytes)) noteRange(a, bytes, true);
  if (SEARCH) {
    touchRange(a, bytes, true);
    watchPart(p, a, bytes);
  }
  if (ORACLES) onStore(a, bytes, site);
  coverStore(a, site);
  return true;
}

export function ld8(p: usize, off: usize, site: i32): i32 {
  return readable(p, p + off, 1, site) ? load<u8>(p + off) : 0;
}
export function ld16(p: usize, off: usize, site: i32): i32 {
  return readable(p, p + off, 2, site) ? load<u16>(p + off) : 0;
}
export function ld32(p: usize, off: usize, site: i32): i32 {
  const a = p + off;
  const s = shadowOf(a);
  if (s != OWN) {
    if ((s != LIVE || --head.gap < 0) && enter(p, a, site, LOADS)) return 0;
    if (SEARCH && readsForInspector()) touch(a, false);
    if (ORACLES) onLoad(a, 4, site);
    coverLoad(a, site);
  }
  if (SEARCH) watchWord(p, a);
  return load<i32>(a);
}
export function ld64(p: usize, off: usize, site: i32): i64 {
  return readable(p, p + off, 8, site) ? load<i64>(p + off) : 0;
}
export function st8(p: usize, v: u32, off: usize, site: i32): void {
  if (writable(p, p + off, 1, site)) writePart(p + off, v, 0xff);
}
export function st16(p: usize, v: u32, off: usize, site: i32): void {
  if (writable(p, p + off, 2, site)) writePart(p + off, v, 0xffff);
}
export function st32(p: usize, v: u32, off: usize, site: i32): void {
  const a = p + off;
  const s = shadowOf(a);
  if (s != OWN) {
    if ((s != LIVE || --head.gap < 0) && enter(p, a, site, STORES)) return;
    if (ORACLES) onStore(a, 4, site);
    coverStore(a, site);
    escape(v);
  } else if (ORACLES) onPrivateStore(a, 4, site);
  if (SEARCH) watchStore(p, a);
  write(a, v);
}
export function st64(p: usize, v: u64, off: usize, site: i32): void {
  const a = p + off;
  if (!writable(p, a, 8, site)) return;
  if (SEARCH) watchPair(v);
  if (shadowOf(a) == LIVE) {
    escape(<usize>(<u32>v)); // C compilers copy two pointers at once
    escape(<usize>(v >> 32));
  }
  write(a, <u32>v);
  write(a + 4, <u32>(v >> 32));
}
export function set32(v: u32, cell: usize, site: i32): void {
  st32(cell, v, 0, site);
}
export function set64(v: u64, cell: usize, site: i32): void {
  st64(cell, v, 0, site);
}

// ---- kit code: no point, the finding is at the model's call ----
/** True if the kit may touch this; false: return at once. */
function quiet(p: usize, a: usize, reads: bool): bool {
  const s = shadowOf(a);
  if (SEARCH && s != OWN) touch(a, !reads);
  if (notesKit() && s != OWN) noteRange(a, 4, !reads);
  if (s == LIVE || s == OWN) return true;
  const kind = badKind(p, s);
  if (reads && kind == USE_AFTER_FREE) {
    if (SEARCH) readStale(a);
    report(kind, head.callSite, a, 0, true);
    return true;
  }
  stop(kind, head.callSite, a, 0);
  return false;
}
/** As `quiet`, for what is no word. */
function quietPart(p: usize, a: usize, bytes: usize, reads: bool): bool {
  if (!quiet(p, a, reads)) return false;
  if (notesKit() && isWide(a, bytes)) noteRange(a, bytes, !reads);
  if (SEARCH) watchPart(p, a, bytes);
  return true;
}
export function qld8(p: usize, off: usize, _site: i32): i32 {
  return quietPart(p, p + off, 1, true) ? load<u8>(p + off) : 0;
}
export function qld16(p: usize, off: usize, _site: i32): i32 {
  return quietPart(p, p + off, 2, true) ? load<u16>(p + off) : 0;
}
export function qld32(p: usize, off: usize, _site: i32): i32 {
  const a = p + off;
  if (!quiet(p, a, true)) return 0;
  if (SEARCH) watchWord(p, a);
  return load<i32>(a);
}
export function qld64(p: usize, off: usize, _site: i32): i64 {
  return quietPart(p, p + off, 8, true) ? load<i64>(p + off) : 0;
}
export function qst8(p: usize, v: u32, off: usize, _site: i32): void {
  if (quietPart(p, p + off, 1, false)) writePart(p + off, v, 0xff);
}
export function qst16(p: usize, v: u32, off: usize, _site: i32): void {
  if (quietPart(p, p + off, 2, false)) writePart(p + off, v, 0xffff);
}
export function qst32(p: usize, v: u32, off: usize, _site: i32): void {
  const a = p + off;
  if (!quiet(p, a, false)) return;
  if (SEARCH) watchStore(p, a);
  if (shadowOf(a) == LIVE) escape(v);
  write(a, v);
}
export function qst64(p: usize, v: u64, off: usize, _site: i32): void {
  const a = p + off;
  if (!quietPart(p, a, 8, false)) return;
  if (SEARCH) watchPair(v);
  if (shadowOf(a) == LIVE) {
    escape(<usize>(<u32>v));
    escape(<usize>(v >> 32));
  }
  write(a, <u32>v);
  write(a + 4, <u32>(v >> 32));
}
export function qset32(v: u32, cell: usize, site: i32): void {
  qst32(cell, v, 0, site);
}
export function qset64(v: u64, cell: usize, site: i32): void {
  qst64(cell, v, 0, site);
}

// ---- immutable parts of objects: no point ----
/** Table index of a function object. */
export function fn(p: usize, off: usize, site: i32): i32 {
  const s = shadowOf(p);
  if (s != LIVE && s != OWN) {
    stop(badKind(p, s), siteOr(site), p, 0);
    return 0;
  }
  return load<i32>(p + off);
}
/** Before `array[index]`, of elements of 1 << shift bytes; no point. Whether there is an array at all the access itself says. */
export function idx(p: usize, index: u32, shift: u32, site: i32): void {
  const s = shadowOf(p);
  if (s != LIVE && s != OWN) return;
  if (index >= load<u32>(p - OBJECT_SIZE) >> shift) stop(INVALID_ACCESS, siteOr(site), p, 0);
}
/**
 * Class id or size in an object's header, 8 or 4 bytes before the object. The header survives the object, so a read after free is
 * survived as well.
 */
export function cls(p: usize, off: usize, site: i32): i32 {
  const object = (p + off + 8) & ~7;
  const s = shadowOf(object);
  if (s == LIVE || s == OWN) return load<i32>(p + off);
  const kind = badKind(object, s);
  if (kind == USE_AFTER_FREE) {
    if (SEARCH) readStale(p + off);
    report(kind, siteOr(site), object, 0, true);
    return load<i32>(p + off);
  }
  stop(kind, siteOr(site), object, 0);
  return 0;
}

// ---- bulk operations: one point ----
/** The point is at what is written, or, where nobody else can reach that, at what is read. */
export function copy(to: usize, from: usize, n: usize, site: i32): void {
  if (SEARCH && (inHeap(to) || inHeap(from))) addressMatters(); // whether it stays within an object is not looked at
  if (!n) return;
  const isPrivate = shadowOf(to) == OWN;
  if (isPrivate && !readable(from, from, n, site)) return;
  if (SEARCH && !isPrivate) announceRange(STORES_MORE, n, from);
  if (!writable(to, to, n, site)) return;
  if (SEARCH) {
    takeAnnouncement();
    touchRange(to, n, true);
    touchRange(from, n, false);
  }
  if (notes()) noteRange(from, n, false);
  const source = shadowOf(from);
  const last = shadowOf(from + n - 1);
  if (!isReadable(source) || !isReadable(last)) {
    stop(badKind(from, source), site, from, 0);
    return;
  }
  if (source == FREED || last == FREED) {
    if (!isPrivate || source != FREED) report(USE_AFTER_FREE, site, from, 0, true);
    if (SEARCH) for (let i: usize = 0; i < n; i++) readStale(from + i);
  }
  const end = shadowOf(to + n - 1);
  if (end != LIVE && end != OWN) {
    stop(badKind(to, end), site, to + n - 1, 0);
    return;
  }
  if (ORACLES && !isPrivate && source == LIVE) onLoad(from, n, site);
  if (to <= from) for (let i: usize = 0; i < n; i++) writePart(to + i, load<u8>(from + i), 0xff);
  else for (let i = n; i > 0; i--) writePart(to + i - 1, load<u8>(from + i - 1), 0xff);
  if (shadowOf(to) == LIVE) for (let a = (to + 3) & ~3; a + 4 <= to + n; a += 4) escape(load<u32>(a));
}
export function fill(to: usize, v: u32, n: usize, site: i32): void {
  if (SEARCH) announceRange(STORES_MORE, n, 0);
  if (!n || !writable(to, to, n, site)) return;
  if (SEARCH) {
    takeAnnouncement();
    touchRange(to, n, true);
  }
  const end = shadowOf(to + n - 1);
  if (end != LIVE && end != OWN) {
    stop(badKind(to, end), site, to + n - 1, 0);
    return;
  }
  for (let i: usize = 0; i < n; i++) writePart(to + i, v, 0xff);
}

// ---- ends ----
/** In kit code the site is that of the model's call. */
export function siteOr(site: i32): i32 {
  return site ? site : head.callSite;
}
export function trap(site: i32): void {
  stop(TRAP, siteOr(site), 0, 0);
}
export function abort(text: usize, _file: usize, _line: i32, _column: i32, site: i32): void {
  stop(ABORT, siteOr(site), 0, text);
}
export function fuel(site: i32): void {
  stop(NO_PROGRESS, siteOr(site), 0, 0);
}
export function deep(site: i32): void {
  stop(STACK_DEPTH, siteOr(site), 0, 0);
}

/** A point at a synchronisation object; false: return at once. */
export function reached(p: usize, site: i32): bool {
  const s = shadowOf(p);
  if (SEARCH && inHeap(p)) addressMatters(); // locks and what else is waited for have an address
  if (s == OWN) {
    if (SEARCH) takeAnnouncement();
    return true;
  }
  if (SEARCH) announce(OPERATES);
  if ((s != LIVE || --head.gap < 0) && enter(p, p, site, OPERATES)) return false;
  coverSite(site);
  return true;
}
