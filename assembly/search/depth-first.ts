// Depth-first search over the paused states of an execution, with visited states cut. A transition is: from a state, one task goes on up to the
// next decision that needs alternatives. Choices of `choose` and `fault` met on the way are enumerated as part of the transition. Going back
// is undoing (undo.ts).
//
// The host calls `searchRun` in slices; between two calls everything lies in memory.
import { FINDINGS_MAX, INPUT, PATH } from '../executor/layout';
import { begin, proceed } from '../executor/run';
import { ENUMERATION } from '../strategies/strategy';
import { isKnown, reportTrap } from '../oracles/finding';
import { words } from '../oracles/memory';
import { checkRaces } from './races';
import { POINT, YIELD } from '../executor/scheduler';
import { control, head } from '../executor/state';
import { endedEarly, judge } from './ends';
import { again, ANY_ALONE, Frame, FRAME, KEY, nextScript, nextTask, SCRIPT, SCRIPT_MAX, USED } from './frame';
import { edgesFull, forgetEdges, recordEdge, recordsEdges, recordState, startEdge } from './edges';
import { startAddresses } from './addresses';
import { startClasses } from './equal-events';
import { enterPath, leavePath, loseCycles, meetAgain, startCycles } from './cycles';
import { countGrowth, startGrowth } from './growth';
import { keepKnownLeaks } from './heap-key';
import { allowAlone, goesAlonePaused, startIndependence, stepsAlone } from './independence';
import { exactKey, scoutKey, startKeys, symmetryBroken } from './key';
import { forgetChanges, hasChanged, setRecording, startLearning } from './locations';
import { takeAnnouncement } from './pending';
import { STACK } from './layout';
import { logEnd, logHead, logOverflown, moveLogEnd, setLogging, startLog, undoTo } from './undo';
import { CUT, FINISHED, FOUND, MORE, ORACLES_FULL, ORDER, RESTART, STACK_FULL, TABLE_FULL, TARGET } from './results';
import { chooseSleepers, putToSleep, startSleep } from './sleep-sets';
import { hasTargets, isTarget } from './targets';
import { add } from './visited';
import { copyWords } from './words';

let top: usize = 0;
let transitions: u64 = 0;
let states: u64 = 0;
let depth: i32 = 0;
let depthMax: i32 = 0;
let cut: i32 = 0;
/** Bounds: alternatives beyond them are left out. -1 = none. */
let preemptionsMax: i32 = -1;
let stepsMax: i32 = -1;
/** An alternative was left out for a bound. */
let bounded: i32 = 0;
/** Transitions to go after something was learned; -1 = nothing was. */
let patience: i64 = -1;
/** At least so many, and half as many as there have been. */
const PATIENCE: u64 = 2000;
/** The result was told before its transition was undone; the host may have run something else since. */
let untidy: bool = false;
let lost: bool = false;
/** Ordered pairs of locks that the host knows. */
let orders: i32 = 0;
/** End of the space for the path. */
let memoryLimit: usize = 0;
/** A pass that only learns: states with equal `scoutKey` count as one. -1 = no such pass. */
let scouting: i32 = -1;
/** Findings of the state from which the transition started. */
let before: i32 = 0;
/** Others search as well. */
let joined: bool = false;

export function searchTransitions(): u64 {
  return transitions;
}
export function searchStates(): u64 {
  return states;
}
export function searchDepthMax(): i32 {
  return depthMax;
}
export function searchDepth(): i32 {
  return depth;
}
/** 1: the pass is void, something was learned that it did not know from the start. */
export function searchVoid(): i32 {
  return hasChanged() || symmetryBroken() ? 1 : 0;
}
export function searchBounded(): i32 {
  return bounded;
}

/** Once, before the first run: also those that only learn. */
export function searchPrepare(): void {
  startLearning();
  startClasses();
  startAddresses(!recordsEdges());
}

/** Other processes search parts of the same space: keys are functions of the state and of what was learned alone. */
export function searchShare(): void {
  joined = true;
  keepKnownLeaks();
  countGrowth();
}
/** Other threads search as well: no one of them meets every circle of states. 1: this pass did rely on it. */
export function searchAdmitThreads(): i32 {
  joined = true;
  loseCycles();
  return countGrowth() ? 1 : 0;
}

/** The next pass only learns and tells no findings: states count as one that agree in where tasks stand and in so many bits. -1: as usual. */
export function searchScout(bits: i32): void {
  scouting = bits;
}

/**
 * Starts a pass. `memoryEnd`: end of the space for the path; `reduce`: 1 to leave out alternatives that cannot matter; `preemptions`, `steps`:
 * bounds, -1 = none. What was learned is kept. Answers as `searchRun`.
 */
export function searchStart(memoryEnd: usize, reduce: i32, preemptions: i32, steps: i32): i32 {
  setLogging(false);
  setRecording(reduce != 0);
  forgetChanges();
  startIndependence(reduce != 0, preemptions >= 0);
  const merge = reduce != 0 && !recordsEdges() && !hasTargets();
  startAddresses(merge);
  startKeys(merge, preemptions >= 0);
  if (merge) startGrowth();
  startSleep(merge && !joined && scouting < 0 && preemptions < 0 && steps < 0);
  startCycles(joined);
  forgetEdges();
  memoryLimit = memoryEnd;
  startLog(STACK, memoryEnd);
  if (ORACLES) orders = words.edges = words.full = 0;
  preemptionsMax = preemptions;
  stepsMax = steps;
  top = 0;
  transitions = states = 0;
  depth = depthMax = 0;
  cut = bounded = 0;
  patience = -1;
  untidy = lost = false;
  const paused = beginSearch();
  return arrive(paused, 0);
}

function beginSearch(): bool {
  control.strategy = ENUMERATION;
  control.path = 0;
  takeAnnouncement();
  // The first decision is always a state: what a transition enumerates (choices, steps before an early end) would be lost before it.
  allowAlone(0);
  const paused = begin();
  head.pausing = 2; // as `begin`, without a record
  return paused;
}

/** Takes the state that was reached: a final one is judged, a new one pushed. */
function arrive(paused: bool, findingsBefore: i32): i32 {
  if (!paused && scouting < 0) judge();
  if (head.findings == FINDINGS_MAX) cut = 1;
  let result = logOverflown() ? STACK_FULL : MORE;
  if (ORACLES && paused && scouting < 0) checkRaces();
  if (paused && result == MORE) {
    const key = scouting < 0 ? exactKey() : scoutKey(scouting);
    const isNew = add(key);
    if (isNew < 0) result = TABLE_FULL;
    else {
      if (top && scouting < 0) recordEdge(load<u64>(top + KEY), key);
      if (isNew) {
        states++;
        if (scouting < 0) recordState(key);
        push();
        if (logOverflown()) result = STACK_FULL;
        else {
          store<u64>(top + KEY, key);
          enterPath(key);
        }
        if (isTarget(key)) return TARGET;
      } else if (scouting < 0) meetAgain(key, top);
    }
  }
  if (result == MORE && scouting < 0) for (let i = findingsBefore; i < head.findings; i++) if (!isKnown(i)) result = FOUND;
  return result;
}

/** The state becomes the top of the path, behind the log of the transition to it. */
function push(): void {
  const at = logEnd();
  moveLogEnd(at + FRAME);
  if (logOverflown()) return;
  const frame = changetype<Frame>(at);
  frame.below = top;
  frame.low = head.readyLow;
  frame.high = head.readyHigh;
  frame.chosen = -1;
  frame.choices = frame.again = frame.usedChoices = 0;
  frame.alone = frame.usedAlone = ANY_ALONE;
  putToSleep(frame, depth);
  bound(frame);
  top = at;
  depth++;
  if (depth > depthMax) depthMax = depth;
}

/** Leaves out what the bounds forbid. */
function bound(frame: Frame): void {
  const reason = head.pendingReason;
  const starts = preemptionsMax >= 0 && head.pendingTask < 0; // no deviation: the first task's first point decides
  const spent = preemptionsMax >= 0 && head.preemptions >= preemptionsMax && (reason == POINT || reason == YIELD);
  if (starts || spent) {
    const only = head.pendingDefault;
    const low: u64 = only < 64 ? <u64>1 << only : 0;
    const high: u64 = only < 64 ? 0 : <u64>1 << (only - 64);
    if (spent && (frame.low & ~low) | (frame.high & ~high)) bounded = 1;
    frame.low = low;
    frame.high = high;
  }
  if (stepsMax >= 0 && depth >= stepsMax) {
    bounded = 1;
    frame.low = frame.high = 0;
  }
}

/** The top of the path has no more alternatives: back to the state below it. */
function pop(): void {
  moveLogEnd(top);
  leavePath(load<u64>(top + KEY));
  top = changetype<Frame>(top).below;
  depth--;
  if (top) undoTo(top + FRAME);
}

/** One task goes on from the state that is in memory. */
function step(t: i32, script: usize, choices: i32, alone: i32): bool {
  copyWords(INPUT + PATH, script, SCRIPT_MAX);
  control.path = choices;
  head.logged = 0;
  head.total = 0; // the limits are those of one transition: a path is as long as the search makes it
  head.fuel = control.fuelLimit;
  takeAnnouncement();
  allowAlone(alone);
  startEdge();
  let paused = proceed(t);
  while (paused) {
    const next = goesAlonePaused();
    if (next < 0) break;
    paused = proceed(next);
  }
  return paused;
}

/** Undoes the transition whose result was told, if the host has not run anything since; else walks to the top of the path again. */
function tidy(): void {
  if (lost) {
    setLogging(false);
    walk(0, true);
    if (top) moveLogEnd(top + FRAME);
  } else if (untidy && top && changetype<Frame>(top).chosen >= 0) undoTo(top + FRAME);
  untidy = lost = false;
}

function ended(): i32 {
  if (hasChanged() || symmetryBroken()) return RESTART;
  if (scouting < 0 && cut) return CUT;
  return ORACLES && scouting < 0 && words.full ? ORACLES_FULL : FINISHED;
}

export function searchRun(budget: i32): i32 { // transitions
  if (untidy || lost) tidy();
  for (; budget > 0 && !edgesFull(); budget--) {
    if (!top) return ended();
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
    setLogging(true);
    logHead();
    copyWords(top + USED, top + SCRIPT, SCRIPT_MAX);
    frame.usedChoices = frame.choices;
    frame.usedAlone = frame.alone;
    before = head.findings;
    chooseSleepers(frame, frame.chosen);
    const paused = step(frame.chosen, top + SCRIPT, frame.choices, frame.alone);
    const result = finishTransition(paused);
    if (result != MORE) return result;
  }
  return MORE;
}

function finishTransition(paused: bool): i32 {
  transitions++;
  const frame = changetype<Frame>(top);
  frame.alone = ANY_ALONE;
  // What others do before the last step that was taken alone would be lost with this execution: it stops there the next time.
  if (!paused) frame.whole = 0;
  if (!paused && stepsAlone() && endedEarly()) again(frame, stepsAlone() - 1);
  else if (!nextScript(frame)) cut = 1;
  setLogging(false);
  const result = arrive(paused, before);
  if (result == TABLE_FULL) {
    repeat(frame);
    return result;
  }
  const news = scouting < 0 && (hasChanged() || symmetryBroken());
  const told = result != MORE || (ORACLES && scouting < 0 && words.edges > orders);
  if (changetype<usize>(frame) == top && (news || !told)) undoTo(top + FRAME);
  if (news) {
    // Going on a little learns more, and saves as many restarts. What is found meanwhile is found again.
    if (patience < 0) patience = <i64>max(PATIENCE, transitions >> 1);
    return --patience <= 0 || result > FOUND ? RESTART : MORE;
  }
  if (ORACLES && scouting < 0 && result == MORE && words.edges > orders) {
    orders = words.edges;
    untidy = true;
    return ORDER;
  }
  if (result == TARGET) untidy = true;
  if (result == FOUND) {
    untidy = true;
    if (ORACLES) orders = words.edges; // the host keeps the way to a finding anyhow
  }
  return result;
}

/** The transition's state had no room among the visited ones: it is done again, when there is. */
function repeat(frame: Frame): void {
  undoTo(top + FRAME);
  again(frame, frame.usedAlone);
  transitions--;
}

/** As `trapped`, in `searchRun`. Answers as `searchRun`. */
export function searchTrapped(number: i32): i32 {
  head.asyncifyState = 0;
  if (head.current > 127) head.current = -1;
  reportTrap(number);
  return finishTransition(false);
}

/** The frame at the top of the path; frames are linked downwards by their first word. */
export function searchTop(): usize {
  return top;
}

/**
 * Goes on at the end of a path that another search, or this one in another process, has walked: `n` frames at `list`, the lowest first, with
 * what is left to be tried. Nothing is left of the path before. 0 = it could not be walked: what was learned differs.
 */
export function searchAdopt(list: usize, n: i32): i32 {
  setLogging(false);
  startLog(STACK, memoryLimit);
  untidy = lost = false;
  while (top) {
    leavePath(load<u64>(top + KEY));
    top = changetype<Frame>(top).below;
  }
  depth = 0;
  loseCycles();
  const wasBounded = bounded;
  let paused = beginSearch();
  for (let i = 0; i < n; i++) {
    if (!paused) return 0;
    push();
    if (logOverflown()) return 0;
    const frame = changetype<Frame>(top);
    memory.copy(top + 4, list + <usize>i * FRAME + 4, FRAME - 4);
    enterPath(load<u64>(top + KEY));
    if (i == n - 1) break;
    setLogging(true);
    logHead();
    paused = step(frame.chosen, top + USED, frame.usedChoices, frame.usedAlone);
    setLogging(false);
  }
  bounded = wasBounded;
  return 1;
}

/** The bottom frames first; with `toTop` not the last transition. */
function walk(pausing: i32, toTop: bool): void {
  const list = logEnd() + 64; // nothing lies behind the log
  let n = 0;
  for (let f = top; f; f = changetype<Frame>(f).below) store<u32>(list + ((<usize>(n++)) << 2), <u32>f);
  let paused = beginSearch();
  if (pausing) head.pausing = pausing;
  for (let i = n - 1; i >= 0 && paused; i--) {
    const f: usize = load<u32>(list + (<usize>i << 2));
    const frame = changetype<Frame>(f);
    if (frame.chosen < 0 || (toTop && i == 0)) break;
    paused = step(frame.chosen, f + USED, frame.usedChoices, frame.usedAlone);
  }
}

/**
 * Walks the way to the last state that was reached again, with a record: afterwards the host reads the schedule. The search goes on as if
 * nothing had been.
 */
export function searchReplay(): void {
  setLogging(false);
  lost = true;
  walk(1, false);
}
