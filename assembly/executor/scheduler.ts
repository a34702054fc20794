// Scheduling: who runs next, switching by Asyncify, and the live record of every decision that differs from the default scheduler's.
//
// Default scheduler: never preempts; at a block or an exit the lowest task that can run; at a yield, and where a task passed SPIN_POINTS
// points without changing the state, the next one after it. Once a schedule has asked for it (FAIR), turns go round: one point each.
import { coverEnd } from '../coverage/map';
import { hashSite, fullHash } from '../hash/zobrist';
import { reportDeadlock, reportStepLimit } from '../oracles/hooks';
import { checkStepInvariants } from '../oracles/invariants';
import { isWatched, pointsUnwatched, watchProgress } from '../oracles/livelock';
import { DEADLOCK, report, STACK_DEPTH, STEP_LIMIT } from '../oracles/finding';
import { noteRun } from '../search/edges';
import { noteGrowth } from '../search/growth';
import { goesAlone } from '../search/independence';
import { arriveAt, touchExit } from '../search/locations';
import { pendingKind } from '../search/pending';
import { logTask } from '../search/undo';
import { decide, decideAtEvent, FAIR, isReplay, looksAtEvents, nextDecision } from '../strategies/strategy';
import { DEVIATIONS_MAX, NESTED_MAX, RECORD_DEVIATIONS, RECORD_MAX, SPIN_POINTS, STACKS, STACK_SIZE, STACK_STRIDE } from './layout';
import {
  anyReady, clearReady, control, deadlockSite, DONE, EXITED, firstReady, head, nextReady, NONE, ON_STACK, OVER, STARTED, task,
} from './state';
import { T_BLOCK, T_EXIT, traceStep, traceSwitch } from './trace';
import { joinAddress, wakeWaiters } from './waiting';

/** Reasons for a decision. */
export const POINT: i32 = 0;
export const YIELD: i32 = 1;
export const BLOCK: i32 = 2;
export const EXIT: i32 = 3;
export const START: i32 = 4;

/** Switched by hand with the tasks: the model imports them. */
export let arguments_length: i32 = 0;
export let stack_pointer: i32 = 0;

export function setTaskLocals(args: i32, sp: i32): void {
  arguments_length = args;
  stack_pointer = sp;
}

export function stackOf(t: i32): usize {
  return STACKS + <usize>t * STACK_STRIDE;
}
export function rewinding(): bool {
  return head.asyncifyState != 0;
}

/** Own step number of the running task: decisions it has made. */
export function ownSteps(): i32 {
  return head.base + head.granted - head.gap;
}

/**
 * The next task to run, or OVER. `me` is the task that stands at a decision (NONE at the start). For POINT and YIELD the point itself is
 * counted already; a block or an exit counts here.
 */
function pick(me: i32, reason: i32, site: i32, address: usize): i32 {
  let step = 0; // own step number of this decision
  let byDefault = NONE;
  if (me >= 0) {
    const r = task(me);
    let passed = head.granted - head.gap;
    step = head.base + passed;
    if (reason >= BLOCK) passed++;
    else step--;
    head.total += passed;
    r.steps = step + 1;
    head.base = step + 1;
    head.granted = head.gap = 0;
    if (reason == BLOCK) traceStep(T_BLOCK, step, site, address);
    else if (reason == EXIT) traceStep(T_EXIT, step, 0, 0);
    if (reason == POINT) {
      byDefault = me;
      const here = step - head.inStep;
      if (here > 0 && !(here & (SPIN_POINTS - 1))) {
        if (head.hash == head.spinHash) byDefault = nextReady(me);
        head.spinHash = head.hash;
      }
    } else if (reason == YIELD) byDefault = nextReady(me);
  }
  if (SEARCH && me >= 0 && reason != EXIT) {
    task(me).site = site;
    arriveAt(me, reason, site, pendingKind(me, reason), address);
  }
  if (CHECK && head.hash != fullHash()) unreachable();
  if (!head.fatal && control.stepInvariants) checkStepInvariants(site);
  if (head.fatal) return OVER;
  if (!anyReady()) {
    if (head.alive) {
      if (CLOCKS) reportDeadlock(deadlockSite());
      else report(DEADLOCK, deadlockSite(), 0, 0);
    }
    return OVER;
  }
  if (CLOCKS) watchProgress(me, site);
  if (head.total >= control.stepLimit) {
    if (CLOCKS) reportStepLimit(site ? site : head.lastSite);
    else report(STEP_LIMIT, site ? site : head.lastSite, 0, 0);
    return OVER;
  }
  const watched = CLOCKS && isWatched();
  if ((head.fair || watched) && me >= 0) byDefault = nextReady(me);
  if (byDefault < 0) byDefault = firstReady();
  if (head.pausing) {
    if (SEARCH) {
      const t = goesAlone(me, reason);
      if (t >= 0) return follow(t, me, reason, step, byDefault, site, address);
    }
    return pause(me, reason, step, byDefault, site, address);
  }
  if (watched) return follow(byDefault, me, reason, step, byDefault, site, address); // whatever the schedule says
  let next = decided;
  if (next == NONE) next = decide(me, reason, step, byDefault, site, address);
  decided = NONE;
  if (next == FAIR && isRecordFull()) next = byDefault;
  if (next == FAIR) {
    recordDeviation(me, step, me);
    head.fair = 1;
    next = byDefault = nextReady(me);
  }
  return follow(next, me, reason, step, byDefault, site, address);
}

/** What a strategy by event has decided already at the point that `pick` is asked about. */
let decided: i32 = NONE;

/**
 * A point of task `me` at which nothing but a strategy by event has a say, or nobody and it is a step of a trace. True: the task goes on. It stays uncounted: `gap` goes on below 0,
 * so that the next `pick` counts all points at once. False: `pick` takes the decision, which is made if the strategy was asked.
 */
function goesOn(me: i32, site: i32, address: usize): bool {
  if (head.gap < head.slow || head.fatal || !head.total) return false;
  if (!looksAtEvents()) return true; // it is only logged
  const next = decideAtEvent(me, POINT, ownSteps() - 1, me, site, address);
  if (next == me) return true;
  decided = next;
  return false;
}

/**
 * Takes a decision: records it if it differs from the default, and grants the processor to `next`. Once there are as many as a schedule can hold,
 * all further ones are the default's: what has failed can always be replayed.
 */
function follow(next: i32, me: i32, reason: i32, step: i32, byDefault: i32, site: i32, address: usize): i32 {
  if (next != byDefault && head.pausing != 2) {
    if (isRecordFull()) next = byDefault;
    else recordDeviation(me, step, next);
  }
  if (SEARCH && next != byDefault && (reason == POINT || reason == YIELD)) head.preemptions++;
  if (next != me) {
    if (me >= 0) {
      if (reason == EXIT) traceSwitch(step, 0, 0, next);
      else traceSwitch(step, site, address, next);
      if (reason != EXIT) hashSite(me, site);
    }
    head.inStep = task(next).steps;
    head.spinHash = head.hash;
    head.switches++;
  } else if (reason == BLOCK) {
    head.inStep = step + 1;
    head.spinHash = head.hash;
  }
  grant(next);
  return next;
}

/** Stops in the middle: everything is unwound, and the decision waits for `proceed`. */
function pause(me: i32, reason: i32, step: i32, byDefault: i32, site: i32, address: usize): i32 {
  head.paused = 1;
  head.pendingTask = me;
  head.pendingReason = reason;
  head.pendingStep = step;
  head.pendingDefault = byDefault;
  head.pendingSite = site;
  head.pendingAddress = address;
  return OVER;
}

/** Goes on from a pause with task `next` (NONE: the default), up to the next decision. True: paused again; false: it has ended. */
export function proceedWith(next: i32): bool {
  head.paused = 0;
  head.target = NONE;
  const byDefault = head.pendingDefault;
  if (next < 0) next = byDefault;
  runFrom(
    follow(next, head.pendingTask, head.pendingReason, head.pendingStep, byDefault, head.pendingSite, head.pendingAddress),
  );
  return head.paused != 0;
}

/** Sets how far `t` may run before the next decision: the strategy's, the spin check, the step limit. */
function grant(t: i32): void {
  const base = task(t).steps;
  head.base = base;
  let until = nextDecision(t, base);
  head.nextStep = until;
  const here = base - head.inStep;
  const rest = here & (SPIN_POINTS - 1);
  const spin = here > 0 && !rest ? base : base + SPIN_POINTS - rest; // the very next point may be one that is looked at
  const limit = base + control.stepLimit - head.total - 1; // the point that reaches it decides
  until = min(until, min(spin, limit));
  if (CLOCKS) until = min(until, base + pointsUnwatched());
  head.slow = 1;
  if (head.everyPoint | head.pausing | head.fair) {
    if (isOnlyLogged()) head.slow = base - until;
    until = base;
  } else if (!SEARCH && !CLOCKS && looksAtEvents()) head.slow = base - min(spin, limit);
  head.granted = head.gap = until - base;
}

/** Every point is one for the sake of the trace alone. */
function isOnlyLogged(): bool {
  return !CHECK && !SEARCH && !CLOCKS && isReplay() && !(head.pausing | head.fair | control.stepInvariants);
}

/** Whoever decides step by step may go on: only it knows what it is for. */
function isRecordFull(): bool {
  return head.recorded >= DEVIATIONS_MAX && !head.pausing;
}

function recordDeviation(me: i32, step: i32, target: i32): void {
  if (me < 0 || head.recorded == RECORD_MAX) return;
  const at = RECORD_DEVIATIONS + (<usize>(head.recorded++) << 3);
  store<i32>(at, step);
  store<u16>(at + 4, <u16>target);
  store<u16>(at + 6, <u16>me);
}

/**
 * Gives up the processor if the decision says so. True: the caller must return at once, since its task is being unwound. The next task
 * runs on top of this one; nothing is unwound until a task below on the native stack is chosen.
 */
export function switchOut(reason: i32, site: i32, address: usize): bool {
  const me = head.current;
  if (!SEARCH && !CLOCKS && reason == POINT && goesOn(me, site, address)) return false;
  const args = arguments_length;
  const sp = stack_pointer;
  const depth = head.depth;
  const callSite = head.callSite;
  let asks = me;
  for (;;) {
    const t = pick(asks, reason, site, address);
    if (t == me) break;
    if (t < 0 || control.eager || head.nested >= NESTED_MAX || task(t).flags & ON_STACK) head.target = t;
    else {
      runTask(t);
      asks = t; // it has ended, unless a target is set
      reason = EXIT;
    }
    if (head.target == me) break;
    if (head.target != NONE) {
      const r = task(me);
      r.savedArguments = args;
      r.savedStackPointer = sp;
      r.savedDepth = depth;
      r.savedCallSite = callSite;
      unwind(me);
      return true;
    }
  }
  head.current = me;
  head.target = NONE;
  arguments_length = args;
  stack_pointer = sp;
  head.depth = depth;
  head.callSite = callSite;
  return false;
}

function unwind(t: i32): void {
  head.unwinds++;
  head.asyncifyState = 1;
  head.asyncifyData = stackOf(t);
}

/** First thing in the hook where a resumed task had stopped. */
export function finishRewind(): void {
  head.asyncifyState = 0;
  head.gap = head.granted;
  const r = task(head.current);
  arguments_length = r.savedArguments;
  stack_pointer = r.savedStackPointer;
  head.depth = r.savedDepth;
}

/** Starts or resumes a task; returns when it has ended, or is unwound because `target` lies below it. */
export function runTask(t: i32): void {
  const r = task(t);
  const stack = stackOf(t);
  if (SEARCH) {
    noteRun(t);
    logTask(t, true);
    r.ownKey = 0;
  }
  head.current = t;
  head.nested++;
  if (r.flags & STARTED) {
    head.gap = 0; // the hook where the task stopped takes its slow path and finishes the rewind
    head.asyncifyState = 2;
    head.asyncifyData = stack;
    head.callSite = r.savedCallSite; // that hook may be in kit code, and asks for it first
  } else {
    store<u32>(stack, <u32>stack + 8);
    store<u32>(stack + 4, <u32>(stack + STACK_SIZE));
    head.depth = head.callSite = head.lastSite = 0; // the last place was another task's
    arguments_length = r.arity; // not what the task before it left: that would make states of the order of tasks
  }
  r.flags |= STARTED | ON_STACK;
  if (r.arity == 0) call_indirect<void>(r.entry);
  else if (r.arity == 1) call_indirect<void>(r.entry, r.arg0);
  else if (r.arity == 2) call_indirect<void>(r.entry, r.arg0, r.arg1);
  else call_indirect<void>(r.entry, r.arg0, r.arg1, r.arg2);
  head.nested--;
  r.flags &= ~ON_STACK;
  if (head.asyncifyState) {
    head.asyncifyState = 0;
    // Asyncify does not check while it unwinds: half of the stride is a guard.
    if (load<u32>(stack) > load<u32>(stack + 4)) report(STACK_DEPTH, head.lastSite, 0, 0);
  } else endTask(t);
}

function endTask(t: i32): void {
  const r = task(t);
  if (SEARCH) noteGrowth(t);
  if (SEARCH) touchExit(t, true);
  r.flags |= DONE;
  clearReady(t);
  head.alive--;
  hashSite(t, EXITED);
  if (r.parent < 0) coverEnd(r.origin);
  if (head.waiters) wakeWaiters(joinAddress(t), -1);
}

/** Ends the execution if the finding is fatal: all stacks are unwound and dropped. True: return at once. */
export function stop(kind: i32, site: i32, address: usize, message: usize): bool {
  if (!report(kind, site, address, message)) return false;
  abandon();
  return true;
}

/** Unwinds the running task: the execution is over. The hook that calls it returns at once. */
export function abandon(): void {
  if (head.current < 0) unreachable(); // while the model boots there is no task to unwind: the host gets a trap
  head.target = OVER;
  unwind(head.current);
}

/** Runs until nothing can run or a finding ends it. */
export function runToEnd(): void {
  runFrom(pick(NONE, START, 0, 0));
}

function runFrom(t: i32): void {
  while (t >= 0) {
    runTask(t);
    t = head.target;
    head.target = NONE;
    if (t == NONE) t = pick(head.current, EXIT, 0, 0);
  }
}
