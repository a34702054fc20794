// Waiting and waking: who waits on what, in the order of arrival.
import { DEADLOCK } from '../oracles/finding';
import { refused } from '../oracles/invariants';
import { addressMatters, inHeap } from '../search/addresses';
import { touch } from '../search/locations';
import { logTask } from '../search/undo';
import { onWake } from '../strategies/strategy';
import { BLOCK, finishRewind, stop, switchOut } from './scheduler';
import { clearReady, clearTimed, DONE, exists, head, IN_BLOCK, NONE, setReady, setTimed, task } from './state';

/** What a task that joins t waits on. */
export function joinAddress(t: i32): usize {
  return changetype<usize>(task(t));
}

/** Wakes at most n of those that wait on p (-1: all), longest waiting first. */
export function wakeWaiters(p: usize, n: i32): i32 {
  if (SEARCH) touch(p, true);
  if (!head.waiters) return 0;
  let woken = 0;
  while (n < 0 || woken < n) {
    let best = NONE;
    let ticket = i32.MAX_VALUE;
    let low = head.existLow & (~head.readyLow | head.timedLow);
    for (; low; low &= low - 1) {
      const t = <i32>ctz(low);
      const r = task(t);
      if (r.waitsOn == p && r.ticket < ticket && !(r.flags & DONE)) {
        best = t;
        ticket = r.ticket;
      }
    }
    let high = head.existHigh & (~head.readyHigh | head.timedHigh);
    for (; high; high &= high - 1) {
      const t = 64 + <i32>ctz(high);
      const r = task(t);
      if (r.waitsOn == p && r.ticket < ticket && !(r.flags & DONE)) {
        best = t;
        ticket = r.ticket;
      }
    }
    if (best < 0) break;
    wakeUp(best);
    woken++;
  }
  return woken;
}

function wakeUp(t: i32): void {
  if (SEARCH) {
    logTask(t, false);
    task(t).ownKey = 0;
  }
  task(t).waitsOn = 0;
  clearTimed(t);
  setReady(t);
  onWake(t);
}

/** Wakes task t if it waits on p. */
export function wakeWaiter(p: usize, t: i32): void {
  if (SEARCH) touch(p, true);
  if (exists(t) && task(t).waitsOn == p && !(task(t).flags & DONE)) wakeUp(t);
}

/**
 * The current task waits on p until woken; `timed`: or until it is chosen to run before that, which is its timeout. True: return at once.
 * False: it runs again.
 */
export function waitOn(p: usize, site: i32, timed: bool = false): bool {
  const me = head.current;
  if (refused(site)) return true;
  if (me < 0) return stop(DEADLOCK, site, p, 0); // while the model boots nobody else runs
  const r = task(me);
  r.flags |= IN_BLOCK;
  if (SEARCH) touch(p, true);
  if (SEARCH && inHeap(p)) addressMatters();
  if (timed) setTimed(me);
  else clearReady(me);
  r.waitsOn = p;
  r.waitSite = site;
  r.ticket = head.tickets++;
  head.waiters++;
  if (switchOut(BLOCK, site, p)) return true;
  r.flags &= ~IN_BLOCK;
  head.waiters--;
  return false;
}

/** True if the current task is being resumed inside a block (not at the point before it); finishes the rewind. */
export function resumedInBlock(): bool {
  if (!head.asyncifyState) return false;
  const r = task(head.current);
  if (!(r.flags & IN_BLOCK)) return false;
  r.flags &= ~IN_BLOCK;
  head.waiters--;
  finishRewind();
  return true;
}
