// Depth-first search over the paused states of an execution, with visited states cut. A transition is: from a saved state, one task goes on up
// to the next decision that needs alternatives. Choices of `choose` and `fault` met on the way are enumerated as part of the transition.
//
// The host calls `searchRun` in slices; between two calls everything lies in memory.
import { addState, clearStates } from '../hash/state-set';
import { checkEndInvariants } from '../oracles/invariants';
import { checkLeaks } from '../oracles/leak';
import { FINDINGS, FINDINGS_MAX, INPUT, KNOWN, LOG, LOG_MAX, PATH, SAVE } from '../executor/layout';
import { begin, proceed } from '../executor/run';
import { restoreFrom, saveTo } from '../executor/save';
import { ENUMERATION } from '../strategies/strategy';
import { INVARIANT } from '../oracles/finding';
import { control, head } from '../executor/state';
import { exactKey } from './key';
import { sharingChanged, startSharing } from './sharing';
import { startVisited, visit, visitedCount, visitedEnd } from './visited';

/** Results of `searchRun`. */
const FINISHED: i32 = 0;
const MORE: i32 = 1;
const FOUND: i32 = 2;
const RESTART: i32 = 3;
const TABLE_FULL: i32 = 4;
const STACK_FULL: i32 = 5;
const CUT: i32 = 6;

/** A state on the stack; the saved execution follows it. */
@unmanaged
class Frame {
  below: usize;
  saved: usize;
  /** Tasks still to be tried. */
  low: u64;
  high: u64;
  /** The task that is being tried, -1 none yet. */
  chosen: i32;
  /** Length of the script of choices for it; the bytes are in `script`. */
  choices: i32;
  /** 1: another script for the same task is to be tried. */
  again: i32;
  /** Length of the script that was used last, in `used`. */
  usedChoices: i32;
}
/** After the fields: the script to try next and the one used last, SCRIPT_MAX bytes each. */
const SCRIPT: usize = 64;
const USED: usize = 96;
const FRAME: usize = 128;
const SCRIPT_MAX: i32 = 32;

let top: usize = 0;
let end: usize = 0;
let limit: usize = 0;
let transitions: u64 = 0;
let depth: i32 = 0;
let depthMax: i32 = 0;
/** The execution in memory is the one saved in the top frame: it need not be restored. */
let fresh: bool = false;
let cut: i32 = 0;
/** Transitions to go after a cell turned out to be shared. */
let patience: i32 = 0;
const PATIENCE: i32 = 2000;

export function searchTransitions(): u64 {
  return transitions;
}
export function searchStates(): u32 {
  return visitedCount();
}
export function searchDepthMax(): i32 {
  return depthMax;
}
export function searchDepth(): i32 {
  return depth;
}

/**
 * Starts over. `log2`: entries of the visited set; `memoryEnd`: end of the space for saved states; `reduce`: 1 to leave out alternatives where
 * nothing is shared. What is known about sharing is kept. Answers as `searchRun`.
 */
export function searchStart(log2: i32, memoryEnd: usize, reduce: i32): i32 {
  startVisited(log2);
  startSharing(reduce);
  clearStates(); // each final state is judged once in this search
  end = visitedEnd();
  limit = memoryEnd;
  top = 0;
  transitions = 0;
  depth = depthMax = 0;
  cut = 0;
  patience = PATIENCE;
  control.strategy = ENUMERATION;
  control.path = 0;
  const paused = begin();
  head.pausing = 2; // as `begin`, without a record
  return arrive(paused, 0);
}

/** Takes the state that was reached: a leaf is judged, a new one pushed. */
function arrive(paused: bool, findingsBefore: i32): i32 {
  if (!paused) judge();
  if (head.findings == FINDINGS_MAX) cut = 1;
  let result = MORE;
  if (paused) {
    const isNew = visit(exactKey());
    if (isNew < 0) return TABLE_FULL;
    if (isNew && !push()) return STACK_FULL;
  }
  for (let i = findingsBefore; i < head.findings; i++) if (!isKnown(i)) result = FOUND;
  return result;
}

function judge(): void {
  if (head.fatal || !addState(head.hash)) return;
  if (control.endInvariants) checkEndInvariants();
  if (head.objectsLive > 0) checkLeaks();
}

function isKnown(i: i32): bool {
  const f = FINDINGS + (<usize>i << 6);
  const place = load<i32>(f) == INVARIANT ? load<i32>(f + 48) : load<i32>(f + 4);
  const bit = (load<i32>(f) << 14) | place;
  return ((load<u8>(KNOWN + (<usize>bit >> 3)) >> (bit & 7)) & 1) != 0;
}

function push(): bool {
  const frame = changetype<Frame>(end);
  const saved = saveTo(end + FRAME, limit);
  if (!saved) return false;
  frame.below = top;
  frame.saved = saved;
  frame.low = head.readyLow;
  frame.high = head.readyHigh;
  frame.chosen = -1;
  frame.choices = 0;
  frame.again = 0;
  top = end;
  end += FRAME + ((saved + 7) & ~7);
  depth++;
  if (depth > depthMax) depthMax = depth;
  fresh = true;
  return true;
}

function pop(): void {
  end = top;
  top = changetype<Frame>(top).below;
  depth--;
  fresh = false;
}

/** The next task of the frame, or -1. The one that stands at the decision comes first when it can go on: fewest switches first. */
function nextTask(frame: Frame): i32 {
  if (frame.low) {
    const t = <i32>ctz(frame.low);
    frame.low &= frame.low - 1;
    return t;
  }
  if (frame.high) {
    const t = 64 + <i32>ctz(frame.high);
    frame.high &= frame.high - 1;
    return t;
  }
  return -1;
}

/** After a transition: is there another combination of choices for it? Counts up the last one that can be. */
function nextScript(frame: Frame): void {
  frame.again = 0;
  let n = head.logged;
  if (n > SCRIPT_MAX || n > LOG_MAX) {
    cut = 1;
    n = SCRIPT_MAX;
  }
  const script = changetype<usize>(frame) + SCRIPT;
  for (let i = n - 1; i >= 0; i--) {
    const at = LOG + <usize>i * 32;
    const value = load<i32>(at + 8) + 1;
    if (<u64>value >= load<u64>(at + 16)) continue;
    for (let k = 0; k < i; k++) store<u8>(script + k, <u8>load<i32>(LOG + <usize>k * 32 + 8));
    store<u8>(script + i, <u8>value);
    frame.choices = i + 1;
    frame.again = 1;
    return;
  }
}

/** Runs at most `budget` transitions. */
export function searchRun(budget: i32): i32 {
  for (; budget > 0; budget--) {
    if (!top) return sharingChanged() ? RESTART : cut ? CUT : FINISHED;
    const frame = changetype<Frame>(top);
    if (!frame.again) {
      const t = nextTask(frame);
      if (t < 0) {
        pop();
        continue;
      }
      frame.chosen = t;
      frame.choices = 0;
    }
    if (!fresh) restoreFrom(top + FRAME, frame.saved);
    fresh = false;
    memory.copy(INPUT + PATH, top + SCRIPT, SCRIPT_MAX);
    memory.copy(top + USED, top + SCRIPT, SCRIPT_MAX);
    control.path = frame.usedChoices = frame.choices;
    head.logged = 0;
    head.pausing = 2;
    const before = head.findings;
    const paused = proceed(frame.chosen);
    transitions++;
    nextScript(frame);
    const result = arrive(paused, before);
    if (sharingChanged()) {
      // Going on a little finds more that is shared, and saves as many restarts. What is found meanwhile is found again.
      if (--patience < 0 || result > FOUND) return RESTART;
    } else if (result != MORE) return result;
  }
  return MORE;
}

/**
 * Walks the way to the last state that was reached again, with a record: afterwards the host reads the schedule. The search goes on from its
 * saved states.
 */
export function searchReplay(): void {
  let n = 0;
  for (let f = top; f; f = changetype<Frame>(f).below) {
    store<u32>(SAVE + (<usize>n << 2), <u32>f);
    n++;
  }
  fresh = false;
  let paused = begin();
  for (let i = n - 1; i >= 0 && paused; i--) {
    const f: usize = load<u32>(SAVE + (<usize>i << 2));
    const frame = changetype<Frame>(f);
    if (frame.chosen < 0) break; // the last state itself
    memory.copy(INPUT + PATH, f + USED, SCRIPT_MAX);
    control.path = frame.usedChoices;
    head.logged = 0;
    paused = proceed(frame.chosen);
  }
}
