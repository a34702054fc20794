// SURW, selectively uniform random walk (Zhao et al., ASPLOS'25): of the events at some objects, drawn anew for each execution by how often
// they are touched, every order is equally likely if the counts are right; the other events follow random priorities, a new one for each
// event. The parameter is how many objects are drawn, at most DRAWS; the paper's algorithm draws 1. Its second byte, if not 0: one in so many
// of the shared cells are drawn, if these are more. With 0 all events count: URW, uniform over all interleavings. The first execution of a list of events counts, and walks at random.
//
// An intended task is drawn by how many interesting events it has left; the others stop before theirs until it has executed one. Events of
// tasks that are not spawned yet count for the nearest ancestor that exists, so that a spawn needs no redraw.
import { EXIT } from '../executor/scheduler';
import { control, head, isReady, NONE, nthReady, readyCount } from '../executor/state';
import { DRAWN, DRAWN_AT, DRAWS, EVENT_COUNTS, REMAINING, SHARED } from './layout';
import { NOTHING, pendingOf, placeOfCell } from './pending-events';
import { highest } from './pos';
import { changes, countOf, entries, Entry, entryAt, isShared, knownHigh, knownLow, presentFor, profiled, profiledEvents } from './profile';
import { below, random } from './random-source';

/** How many cells have interesting events: DRAWN; 0: all events are interesting. */
let drawn: i32 = 0;
/** Drawn task, perhaps not spawned yet. */
let intended: i32 = NONE;
/** Tasks that stand before an interesting event and are not the intended one. */
let heldLow: u64 = 0;
let heldHigh: u64 = 0;
let walking: bool = true;
/**
 * Events after the intended task was drawn. Above PATIENCE it is drawn anew, for it may wait in a loop for one that is held; but not before the
 * execution has more events than the profile's: a task far from its event, or from being spawned, takes that many without any loop.
 */
const PATIENCE: i32 = 100;
/** Events of this execution, and how many of them were before the intended task was drawn. */
let passed: i32 = 0;
let passedBefore: i32 = 0;

/** Interesting events that are left in all known tasks that are not done, and which tasks these were; they are counted again if others are. */
let total: i32 = 0;
let countedLow: u64 = 0;
let countedHigh: u64 = 0;

function remaining(t: i32): usize {
  return REMAINING + (<usize>t << 2);
}

export function prepareSurw(): void {
  heldLow = heldHigh = countedLow = countedHigh = 0;
  total = passed = 0;
  intended = NONE;
  walking = !profiled;
  if (walking) return;
  drawObjects();
  if (!drawn) {
    memory.copy(REMAINING, EVENT_COUNTS, 128 << 2);
    return;
  }
  memory.fill(REMAINING, 0, 128 << 2);
  for (let low = knownLow; low; low &= low - 1) countInteresting(<i32>ctz(low));
  for (let high = knownHigh; high; high &= high - 1) countInteresting(64 + <i32>ctz(high));
}

function countInteresting(t: i32): void {
  let n = 0;
  for (let i = 0; i < drawn; i++) n += countOf(t, drawnAt(i));
  store<i32>(remaining(t), n);
}

function drawnAt(i: i32): usize {
  return load<u32>(DRAWN + (<usize>i << 2));
}
/** Where the number of a drawn cell is. */
function placeOf(address: usize): usize {
  return DRAWN_AT + placeOfCell(address);
}
function isDrawn(address: usize): bool {
  const found = findDrawn(address);
  if (CHECK && found != isAmong(address, drawn)) unreachable();
  return found;
}
function findDrawn(address: usize): bool {
  const last = <i32>load<u8>(placeOf(address));
  if (!last) return false;
  if (drawnAt(last - 1) == address) return true;
  return isAmong(address, last - 1); // two cells with one place
}
/** Whether it is one of the first n drawn. */
function isAmong(address: usize, n: i32): bool {
  for (let i = 0; i < n; i++) if (drawnAt(i) == address) return true;
  return false;
}

function drawObjects(): void {
  for (let i = 0; i < drawn; i++) store<u8>(placeOf(drawnAt(i)), 0);
  drawn = 0;
  for (let n = min(wantedObjects(), DRAWS); n > 0; n--) {
    const address = drawObject();
    if (!address || isDrawn(address)) continue;
    store<u32>(DRAWN + (<usize>drawn << 2), <u32>address);
    drawn++;
    store<u8>(placeOf(address), <u8>drawn);
  }
}

/** Sums of shared cells, and their events together, as of so many changes of the profile. */
let shared: i32 = 0;
let sharedEvents: i32 = 0;
let sharedAt: i32 = -1;

function sharedEntry(i: i32): Entry {
  return entryAt(<i32>load<u16>(SHARED + (<usize>i << 1)));
}

function findShared(): void {
  sharedAt = changes;
  shared = sharedEvents = 0;
  for (let i = 0; i < entries; i++) {
    if (!isShared(entryAt(i))) continue;
    sharedEvents += entryAt(i).count;
    store<u16>(SHARED + (<usize>shared << 1), <u16>i);
    shared++;
  }
}

function wantedObjects(): i32 {
  const least = control.parameter & 0xff;
  const part = control.parameter >> 8;
  if (!part) return least;
  if (sharedAt != changes) findShared();
  return max(least, shared / part);
}

/** A cell that several tasks touch, by how often they do; 0 if there is none. */
function drawObject(): usize {
  if (sharedAt != changes) findShared();
  if (!sharedEvents) return 0;
  let at = below(sharedEvents);
  for (let i = 0; i < shared; i++) {
    const e = sharedEntry(i);
    at -= e.count;
    if (at < 0) return e.address;
  }
  return 0;
}

function isInteresting(t: i32): bool {
  const p = pendingOf(t);
  return !drawn || (p.kind != NOTHING && isDrawn(p.address));
}

function countLeft(): void {
  countedLow = knownLow;
  countedHigh = knownHigh;
  total = 0;
  for (let low = knownLow; low; low &= low - 1) total += load<i32>(remaining(<i32>ctz(low)));
  for (let high = knownHigh; high; high &= high - 1) total += load<i32>(remaining(64 + <i32>ctz(high)));
}

function checkLeft(): void {
  const kept = total;
  countLeft();
  if (total != kept) unreachable();
}

/** Task t has n interesting events left. */
function setLeft(t: i32, n: i32): void {
  const at = remaining(t);
  if ((t < 64 ? countedLow >> t : countedHigh >> (t - 64)) & 1) total += n - load<i32>(at);
  store<i32>(at, n);
}

/** By what is left; among those that can run if nothing seems to be. */
function drawIntended(): void {
  heldLow = heldHigh = 0;
  passedBefore = passed;
  if (countedLow != knownLow || countedHigh != knownHigh) countLeft();
  if (CHECK) checkLeft();
  intended = NONE;
  if (!total) return;
  let at = below(total);
  for (let low = knownLow; low; low &= low - 1) {
    const t = <i32>ctz(low);
    at -= load<i32>(remaining(t));
    if (at < 0) {
      intended = t;
      return;
    }
  }
  for (let high = knownHigh; high; high &= high - 1) {
    const t = 64 + <i32>ctz(high);
    at -= load<i32>(remaining(t));
    if (at < 0) {
      intended = t;
      return;
    }
  }
}

function isLost(): bool {
  return passed - passedBefore > PATIENCE && passed > profiledEvents;
}

/** `me`: the task that stands at the decision. */
export function chooseSurw(me: i32, reason: i32): i32 {
  if (walking) return nthReady(below(readyCount()));
  if (reason == EXIT) setLeft(me, 0);
  // What the profile missed counts as one event.
  else if (!load<i32>(remaining(me)) && isReady(me) && isInteresting(me)) setLeft(me, 1);
  passed++;
  if (intended == NONE || isLost()) drawIntended();
  const present = intended == NONE ? NONE : presentFor(intended);
  // All others would be held.
  if (!drawn && present != NONE && isReady(present)) return present;
  let chosen = NONE;
  while (chosen == NONE) {
    const low = head.readyLow & ~heldLow;
    const high = head.readyHigh & ~heldHigh;
    if (!(low | high)) {
      // The intended task cannot run: it waits for one that is held.
      drawIntended();
      return nthReady(below(readyCount()));
    }
    const t = highest(low, high);
    if (isInteresting(t) && intended != NONE && t != present) {
      if (t < 64) heldLow |= <u64>1 << t;
      else heldHigh |= <u64>1 << (t - 64);
    } else chosen = t;
  }
  return chosen;
}

/** Task t executes an invisible event; what is invisible is known after the first execution only. */
export function passedSurw(t: i32): void {
  passed++; // it may poll for one that is held
  const n = load<i32>(remaining(t));
  if (!drawn && n > 0) setLeft(t, n - 1);
}

/** Task t executes its pending event. */
export function executedSurw(t: i32): void {
  if (walking) return;
  pendingOf(t).priority = random();
  if (!isInteresting(t)) return;
  const n = load<i32>(remaining(t));
  if (n > 0) setLeft(t, n - 1);
  intended = NONE;
  heldLow = heldHigh = 0;
}
