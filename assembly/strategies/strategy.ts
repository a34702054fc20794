// The interface between the scheduler and the strategies: one dispatch by number, no state here. Whatever the strategy decides, the
// scheduler records it as a schedule that replays.
import { BLOCK, POINT, YIELD } from '../executor/scheduler';
import { control, head, isReady } from '../executor/state';
import { finishAbstract, prepareAbstract } from './abstract-schedules';
import { chooseBounded, decideBounded, finishBounded, isExhausted as isBoundedExhausted, prepareBounded } from './bounded';
import { decideByEvent, prepareByEvent } from './by-event';
import { chooseEnumeration, decideEnumeration, nextEnumeration } from './enumeration';
import { prepareLockCycles } from './lock-cycles';
import { prepareMutation } from './mutation';
import { decidePct, finishPct, newTaskPct, nextPct, outranks, preparePct } from './pct';
import { createPending } from './pending-events';
import { newTaskPos } from './pos';
import { finishProfile } from './profile';
import { chooseRandom, decideRandomWalk, nextRandomWalk, prepareRandomWalk } from './random-walk';
import { startReadsFrom } from './reads-from';
import { chooseReplay, decideReplay, FAIR, NEVER, nextReplay, prepareReplay } from './replay';
import { prepareSurw } from './surw';
import { newTaskTurns } from './turns';
import { prepareNotes } from './visibility';

/** Numbers of STRATEGIES in src/executor/layout.ts. */
export const REPLAY: i32 = 0;
export const RANDOM_WALK: i32 = 1;
export const PCT: i32 = 2;
export const MUTATION: i32 = 3;
export const ENUMERATION: i32 = 4;
/** From here on they look at each event. */
export const LAST_FIRST: i32 = 5;
export const TURNS: i32 = 6;
export const POS: i32 = 7;
/** Parameter of POS: it aims at deadlocks. */
const AIMS: i32 = 1;
export const SURW: i32 = 8;
export const READS_FROM: i32 = 9;
export const BOUNDED: i32 = 10;
export const DELAY: i32 = 11;

export { FAIR };

/** True if the strategy has run every schedule that it wants to run. */
export function isExhausted(): bool {
  return control.strategy >= BOUNDED && isBoundedExhausted(control.strategy == DELAY);
}

/** Before an execution starts. */
export function prepare(): void {
  prepareNotes(looksAtEvents());
  switch (control.strategy) {
    case REPLAY:
      prepareReplay();
      break;
    case MUTATION:
      prepareMutation();
      prepareReplay();
      break;
    case RANDOM_WALK:
      prepareRandomWalk();
      break;
    case PCT:
      preparePct();
      break;
    case LAST_FIRST:
    case TURNS:
      prepareByEvent(false);
      break;
    case POS:
      prepareByEvent(true);
      prepareLockCycles(control.parameter == AIMS);
      break;
    case SURW:
      prepareByEvent(false);
      prepareSurw();
      break;
    case READS_FROM:
      prepareByEvent(true);
      prepareAbstract();
      startReadsFrom();
      break;
    case BOUNDED:
    case DELAY:
      prepareBounded(control.strategy == DELAY);
      break;
  }
}

/** The task to run at a decision of `me` (-1 at the start), one that can run; or FAIR. */
export function decide(me: i32, reason: i32, step: i32, byDefault: i32, site: i32, address: usize): i32 {
  const s = control.strategy;
  switch (s) {
    case REPLAY:
    case MUTATION: {
      const next = decideReplay(me, step, byDefault);
      return next == FAIR && reason != POINT ? byDefault : next;
    }
    case RANDOM_WALK:
      return me >= 0 && (reason != POINT || step == head.nextStep) && head.nextStep != NEVER ? decideRandomWalk() : byDefault;
    case PCT:
      return decidePct(me, reason == YIELD || (reason == POINT && byDefault != me) || (reason == BLOCK && isReady(me)), byDefault);
    case ENUMERATION:
      return reason == POINT && step != head.nextStep ? byDefault : decideEnumeration(me, byDefault);
    default:
      return decideAtEvent(me, reason, step, byDefault, site, address);
  }
}

/** Whether the schedule in INPUT decides, and nothing else. */
export function isReplay(): bool {
  return control.strategy == REPLAY;
}

/** Whether the strategy looks at each event: it decides by `decideAtEvent`. */
export function looksAtEvents(): bool {
  return control.strategy >= LAST_FIRST;
}

/** `decide` of those. */
export function decideAtEvent(me: i32, reason: i32, step: i32, byDefault: i32, site: i32, address: usize): i32 {
  const s = control.strategy;
  if (s >= BOUNDED) return decideBounded(me, reason, step, byDefault, site, address);
  return decideByEvent(s, me, reason, byDefault, site, address);
}

/** Own step number of task t, from `base` on, at which the strategy wants to decide. */
export function nextDecision(t: i32, base: i32): i32 {
  switch (control.strategy) {
    case REPLAY:
    case MUTATION:
      return nextReplay(t, base);
    case RANDOM_WALK:
      return nextRandomWalk(base);
    case PCT:
      return nextPct(t, base);
    case ENUMERATION:
      return nextEnumeration(base);
    default:
      return base; // those by event look at each
  }
}

/** Value of the nth choice of task t among n. */
export function decideChoice(t: i32, nth: i32, n: i32, isFault: bool): i32 {
  const s = control.strategy;
  if (s == REPLAY || s == MUTATION) return chooseReplay(t, nth, n);
  if (s == ENUMERATION) return chooseEnumeration(t, n);
  if (s >= BOUNDED) return chooseBounded(t, nth, n);
  return chooseRandom(n, isFault);
}

export function onSpawn(t: i32): void {
  const s = control.strategy;
  if (s == PCT) {
    newTaskPct(t);
    onWake(t);
  } else if (s >= LAST_FIRST) {
    createPending(t);
    if (s == TURNS) newTaskTurns(t);
    else if (s == POS || s == SURW || s == READS_FROM) newTaskPos(t);
  }
}

/** Task t can run again: a strategy by priority must decide at the next point. */
export function onWake(t: i32): void {
  if (control.strategy != PCT || head.current < 0 || head.current > 127 || !outranks(t, head.current)) return;
  const passed = head.granted - head.gap;
  head.granted = passed;
  head.gap = 0;
  head.nextStep = head.base + passed;
}

/** After an execution: what was learnt. */
export function finish(): void {
  const s = control.strategy;
  if (s == PCT) finishPct();
  else if (s >= BOUNDED) finishBounded();
  else if (s >= LAST_FIRST) {
    finishProfile();
    if (s == READS_FROM) finishAbstract();
  }
}
