// The strategies that choose among pending events, one decision an event: POS, SURW, reads-from, turns, last-first. They differ in the choice and in what they
// note of the event that is executed.
import { EXIT, POINT, YIELD } from '../executor/scheduler';
import { saysLoad } from '../search/pending';
import { chooseLastFirst } from './last-first';
import { arrivedLockCycles, chooseLockCycles } from './lock-cycles';
import { executedPos } from './pos';
import { isNews, learn, prepareProfile } from './profile';
import { arrived, executes, forgetPending, isCommitted, isPassed, pendingOf } from './pending-events';
import { chooseReadsFrom, executedReadsFrom } from './reads-from';
import { chooseSurw, executedSurw, passedSurw } from './surw';
import { LAST_FIRST, POS, SURW, TURNS } from './strategy';
import { chooseTurns, executedTurns } from './turns';
import { noteAccess } from './visibility';

/** `crowds`: as of `forgetPending`. */
export function prepareByEvent(crowds: bool): void {
  prepareProfile();
  forgetPending(crowds);
}

/** `s`: number of the strategy. */
export function decideByEvent(s: i32, me: i32, reason: i32, byDefault: i32, site: i32, address: usize): i32 {
  if (me < 0) return byDefault; // the first task's first point decides
  if (reason == POINT && byDefault == me && s >= POS && isPassed(me, address)) {
    noteAccess(me, address, !saysLoad());
    if (s == SURW) passedSurw(me);
    return me;
  }
  if (reason != EXIT) arrived(me, reason, site, address);
  if (s == POS) arrivedLockCycles(me);
  let t = me;
  if (!isCommitted(me, reason)) {
    t = choose(s, me, reason, byDefault);
    // Who polls lets the others run (another is the default), or a run of nothing but polling would be told as one that never ends.
    if (reason <= YIELD && t == me) t = byDefault;
    if (!executes(t)) return t;
  }
  if (s != TURNS && isNews(t, pendingOf(t))) learn(t, pendingOf(t));
  if (s == POS) executedPos(t);
  else if (s == SURW) executedSurw(t);
  else if (s == TURNS) executedTurns(t);
  else if (s != LAST_FIRST) executedReadsFrom(t);
  return t;
}

function choose(s: i32, me: i32, reason: i32, byDefault: i32): i32 {
  if (s == POS) return chooseLockCycles();
  if (s == SURW) return chooseSurw(me, reason);
  if (s == TURNS) return chooseTurns(me, reason);
  return s == LAST_FIRST ? chooseLastFirst(me, reason, byDefault) : chooseReadsFrom();
}
