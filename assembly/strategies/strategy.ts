// The interface between the scheduler and the strategies: one dispatch by number, no state here. Whatever the strategy decides, the
// scheduler records it as a schedule that replays.
import { BLOCK, POINT, YIELD } from '../executor/scheduler';
import { control, head, isReady } from '../executor/state';
import { chooseEnumeration, decideEnumeration, nextEnumeration } from './enumeration';
import { prepareMutation } from './mutation';
import { decidePct, newTaskPct, nextPct, outranks, preparePct } from './pct';
import { chooseRandom, decideRandomWalk, nextRandomWalk, prepareRandomWalk } from './random-walk';
import { chooseReplay, decideReplay, FAIR, NEVER, nextReplay, prepareReplay } from './replay';

/** Numbers of STRATEGIES in src/executor/layout.ts. */
export const REPLAY: i32 = 0;
export const RANDOM_WALK: i32 = 1;
export const PCT: i32 = 2;
export const MUTATION: i32 = 3;
export const ENUMERATION: i32 = 4;

export { FAIR };

/** Before an execution starts. */
export function prepare(): void {
  const s = control.strategy;
  if (s == REPLAY) prepareReplay();
  else if (s == MUTATION) {
    prepareMutation();
    prepareReplay();
  } else if (s == RANDOM_WALK) prepareRandomWalk();
  else if (s == PCT) preparePct();
}

/** The task to run at a decision of `me` (-1 at the start), one that can run; or FAIR. */
export function decide(me: i32, reason: i32, step: i32, byDefault: i32): i32 {
  const s = control.strategy;
  if (s == REPLAY || s == MUTATION) {
    const next = decideReplay(me, step, byDefault);
    return next == FAIR && reason != POINT ? byDefault : next;
  }
  if (s == RANDOM_WALK) {
    return me >= 0 && (reason != POINT || step == head.nextStep) && head.nextStep != NEVER ? decideRandomWalk() : byDefault;
  }
  if (s == PCT) return decidePct(me, reason == YIELD || (reason == POINT && byDefault != me) || (reason == BLOCK && isReady(me)), byDefault);
  return reason == POINT && step != head.nextStep ? byDefault : decideEnumeration(me, byDefault);
}

/** Own step number of task t, from `base` on, at which the strategy wants to decide. */
export function nextDecision(t: i32, base: i32): i32 {
  const s = control.strategy;
  if (s == REPLAY || s == MUTATION) return nextReplay(t, base);
  if (s == RANDOM_WALK) return nextRandomWalk(base);
  if (s == PCT) return nextPct(t, base);
  return nextEnumeration(base);
}

/** Value of the nth choice of task t among n. */
export function decideChoice(t: i32, nth: i32, n: i32, isFault: bool): i32 {
  const s = control.strategy;
  if (s == REPLAY || s == MUTATION) return chooseReplay(t, nth, n);
  if (s == ENUMERATION) return chooseEnumeration(t, n);
  return chooseRandom(n, isFault);
}

export function onSpawn(t: i32): void {
  if (control.strategy == PCT) {
    newTaskPct(t);
    onWake(t);
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
