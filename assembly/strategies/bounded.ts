// Bounded enumeration, the systematic part of the search (CHESS, PLDI'07; PERIOD, ICSE'22; delay bounding, POPL'11): the schedule without
// deviations first, then those with one more deviation than one that was run, cheapest first (costs.ts). Every order of events belongs to
// one schedule only, so none is run twice: a schedule's children deviate at decisions behind its own last one.
//
// Tasks that have not started and are the same event with the same arguments are one class: only the first of them is an alternative. Equal
// tasks of one parent are tried last. With several workers each takes its share of the first schedule's children.
import { EXIT, POINT } from '../executor/scheduler';
import { control, head, isReady, NONE, readyCount, task } from '../executor/state';
import { addChildren, forgetKinds } from './costs';
import { CHAIN, CHAIN_MAX, DECISIONS, DECISIONS_MAX } from './layout';
import { arrived, executes, forgetPending, isCommitted, isStart, pendingOf } from './pending-events';
import { finishProfile, forgetProfile, generation, isNews, learn, prepareProfile } from './profile';
import { anyWaiting, depthOf, isChoice, leaveOut, node, release, restart, take } from './waiting-nodes';

/** What was, or could have been, decided at a point of the run. */
@unmanaged
export class Decision {
  task: u16;
  chosen: u16;
  step: i32;
  reason: i32;
  byDefault: i32;
  readyLow: u64;
  readyHigh: u64;
  /** Those that have executed no event. */
  freshLow: u64;
  freshHigh: u64;
  address: usize;
  /** As of a pending event; OWN as well: nobody else has touched the cell. */
  kind: i32;
  site: i32;
  /** A lock that the task holds; 0: none. For a choice: how many values there are. */
  more: usize;
}
/** In place of a scheduler's reason: the task makes a choice; nothing else could have been decided here. */
export const CHOICE: i32 = 8;
export const MOVES: i32 = 9;
export const OWN: i32 = 8;

let known: i32 = -1;
let byDelays: bool = false;
/** The schedule that runs, -1 if none; its deviations, and how many were taken. */
let running: i32 = NONE;
let depth: i32 = 0;
let taken: i32 = 0;
let decisions: i32 = 0;
/** Tasks that have executed an event. */
let begunLow: u64 = 0;
let begunHigh: u64 = 0;

export function decisionAt(i: i32): Decision {
  return changetype<Decision>(DECISIONS + (<usize>i << 6));
}
function chainAt(i: i32): usize {
  return CHAIN + <usize>i * 12;
}

/** True if every schedule has been run, or left out. */
export function isExhausted(delays: bool): bool {
  prepareProfile();
  return known == generation && byDelays == delays && !anyWaiting();
}

export function prepareBounded(delays: bool): void {
  prepareProfile();
  forgetPending(false);
  if (known != generation || byDelays != delays) {
    // What is cheap depends on what is known: so that it begins close to its own first schedule, whatever ran before.
    forgetProfile();
    known = generation;
    byDelays = delays;
    restart();
    forgetKinds();
  }
  decisions = taken = depth = 0;
  begunLow = begunHigh = 0;
  running = NONE;
  if (!anyWaiting()) return;
  running = take();
  depth = depthOf(node(running));
  for (let i = running, k = depth - 1; k >= 0; k--) {
    const n = node(i);
    store<i32>(chainAt(k), n.step);
    store<u32>(chainAt(k) + 4, n.what);
    store<i32>(chainAt(k) + 8, isChoice(n) ? 1 : 0);
    i = n.parent;
  }
}

/** The target of the next deviation, or the value of the next choice, if it is the one of task t at `step`; else -1. */
function follow(t: i32, step: i32, choice: i32): i32 {
  if (taken >= depth) return -1;
  const what = load<u32>(chainAt(taken) + 4);
  if (load<i32>(chainAt(taken)) != step || <i32>(what >> 16) != t || load<i32>(chainAt(taken) + 8) != choice) return -1;
  taken++;
  return <i32>(what & 0xffff);
}

export function decideBounded(me: i32, reason: i32, step: i32, byDefault: i32, site: i32, address: usize): i32 {
  if (me < 0) return byDefault; // the first task's first point decides
  const wasFresh = pendingOf(me).fresh != 0;
  if (reason != EXIT) arrived(me, reason, site, address);
  let t = byDefault;
  const committed = isCommitted(me, reason);
  // Where a task comes to its first event, the decision to start it was taken already.
  if (committed || (wasFresh && reason == POINT && !isStart())) t = me;
  else {
    const target = follow(me, step, 0);
    if (target >= 0 && isReady(target)) t = target;
  }
  log(me, t, reason, step, byDefault, wasFresh);
  if (executes(t)) {
    if (t < 64) begunLow |= <u64>1 << t;
    else begunHigh |= <u64>1 << (t - 64);
    if (isNews(t, pendingOf(t))) learn(t, pendingOf(t));
  }
  return t;
}

/** Notes the decision; it is open if it lies behind the last deviation. What is not noted has no children. */
function log(me: i32, chosen: i32, reason: i32, step: i32, byDefault: i32, wasFresh: bool): void {
  const open = chosen == byDefault && taken == depth && !(wasFresh && reason == POINT && !isStart());
  if (decisions == DECISIONS_MAX) {
    if (open && readyCount() > 1) leaveOut();
    return;
  }
  const d = decisionAt(decisions++);
  const p = pendingOf(me);
  d.task = <u16>me;
  d.chosen = <u16>chosen;
  d.step = step;
  d.reason = open ? reason : MOVES;
  d.byDefault = byDefault;
  d.readyLow = head.readyLow;
  d.readyHigh = head.readyHigh;
  d.freshLow = head.readyLow & ~begunLow;
  d.freshHigh = head.readyHigh & ~begunHigh;
  d.address = p.address;
  d.kind = reason == EXIT ? 0 : p.kind;
  d.site = p.site;
  d.more = task(me).held ? <usize>load<u32>(changetype<usize>(task(me)) + 128) : 0;
}

export function chooseBounded(t: i32, nth: i32, n: i32): i32 {
  const value = follow(t, nth, 1);
  if (value >= 0) return min(value, n - 1);
  if (taken < depth) return 0;
  if (decisions == DECISIONS_MAX) {
    if (n > 1) leaveOut();
    return 0;
  }
  const d = decisionAt(decisions++);
  d.task = d.chosen = <u16>t;
  d.step = nth;
  d.reason = CHOICE;
  d.more = n;
  return 0;
}

/** After an execution. */
export function finishBounded(): void {
  finishProfile();
  if (running == NONE) return;
  // A deviation that could not be taken: the model did not do again what it did before.
  if (taken < depth || (depth == CHAIN_MAX && anyOpen())) leaveOut();
  else if (depth < CHAIN_MAX) addChildren(running, decisions, byDelays);
  release(running);
  running = NONE;
}

/** Whether the run could have gone elsewhere behind its last deviation. */
function anyOpen(): bool {
  for (let i = 0; i < decisions; i++) {
    const d = decisionAt(i);
    if (d.reason == CHOICE ? d.more > 1 : d.reason != MOVES && popcnt(d.readyLow) + popcnt(d.readyHigh) > 1) return true;
  }
  return false;
}
