// Tasks: creation, joining, waiting and waking, yielding.
import { coverSite } from '../coverage/map';
import { JOINS_NONE, OUT_OF_MEMORY, TRAP } from '../oracles/finding';
import { onCreate, onJoined, onPoint, onUnblocked, onWakeUp, onWokeNobody } from '../oracles/hooks';
import { refused } from '../oracles/invariants';
import { reached, siteOr } from './access';
import { ARENAS, ARENA_SIZE, TASKS_MAX } from './layout';
import { publish } from './publish';
import { finishRewind, ownSteps, POINT, rewinding, stop, switchOut, YIELD } from './scheduler';
import { arriveAtStart, touch, touchExit } from '../search/locations';
import { STARTS } from '../search/pending';
import { knowsItself } from '../search/key';
import { clearTimed, DONE, exists, head, NONE, setReady, task } from './state';
import { might_sleep } from './locks';
import { T_ACCESS, T_SPAWN, traceEvent, traceStep } from './trace';
import { onSpawn } from '../strategies/strategy';
import { joinAddress, resumedInBlock, waitOn, wakeWaiter, wakeWaiters } from './waiting';

/** A new task in slot t that starts at table index `entry`. */
export function createTask(t: i32, entry: i32, arity: i32, a: i32, b: i32, c: i32, parent: i32, nth: i32, origin: i32): void {
  const r = task(t);
  r.entry = entry;
  r.arity = arity;
  r.arg0 = a;
  r.arg1 = b;
  r.arg2 = c;
  r.brk = ARENAS + <usize>t * ARENA_SIZE;
  r.steps = r.site = r.flags = 0;
  r.waitsOn = 0;
  r.waitSite = r.spawned = r.choices = r.atomic = r.held = 0;
  r.parent = parent;
  r.nth = nth;
  r.origin = origin;
  if (t < 64) head.existLow |= <u64>1 << t;
  else head.existHigh |= <u64>1 << (t - 64);
  setReady(t);
  head.alive++;
  if (ORACLES) onCreate(t, parent);
  if (SEARCH) {
    r.lockset = 0;
    r.ownKey = 0;
    r.brkBefore = r.brk;
    arriveAtStart(t, parent, STARTS);
  }
}

/**
 * Slot of the nth task that `parent` spawns: the same in every interleaving for children of events (E + n·E + parent, E = number of
 * events); for deeper ones, or where that slot does not exist, the highest free slot.
 */
function slotFor(parent: i32, nth: i32): i32 {
  const events = head.events;
  if (parent < events) {
    const t = events + nth * events + parent;
    if (t < TASKS_MAX && !exists(t)) return t;
  }
  for (let t = head.topSlot; t >= 0; t--) {
    if (!exists(t)) {
      head.topSlot = t - 1;
      return t;
    }
  }
  return NONE;
}

/** A point at no object: before operations on the set of tasks. False: return at once. */
export function arrive(site: i32, reason: i32): bool {
  if (refused(site)) return false;
  if (rewinding()) finishRewind();
  else if (reason == YIELD && head.current >= 0) {
    head.gap--;
    if (switchOut(YIELD, site, 0)) return false;
  } else if (--head.gap < 0 && switchOut(POINT, site, 0)) return false;
  traceStep(T_ACCESS, ownSteps() - 1, site, 0);
  coverSite(site);
  return true;
}

/** `spawn`: function object, argument, number of arguments (0 or 1). Answers the slot. */
export function start(fn: usize, argument: i32, arity: i32, site: i32): i32 {
  site = siteOr(site);
  if (!arrive(site, POINT)) return 0;
  const me = head.current;
  if (me < 0) {
    stop(OUT_OF_MEMORY, site, fn, 0); // while the model boots there is no task; the address tells the host which was to be started
    return 0;
  }
  const r = task(me);
  const nth = r.spawned++;
  const t = slotFor(me, nth);
  if (t < 0) {
    stop(OUT_OF_MEMORY, site, 0, 0);
    return 0;
  }
  publish(<usize>argument);
  publish(fn);
  createTask(t, load<i32>(fn), arity, argument, 0, 0, me, nth, <i32>fn);
  onSpawn(t);
  traceEvent(T_SPAWN, site, 0, t);
  return t;
}

export function self(_site: i32): i32 {
  if (SEARCH) knowsItself();
  return head.current;
}

/** Waits until task t has ended. */
export function join(t: i32, site: i32): void {
  site = siteOr(site);
  if (!resumedInBlock()) {
    if (!arrive(site, POINT)) return;
    might_sleep(site);
    if (<u32>t >= <u32>TASKS_MAX || !exists(t)) {
      if (SEARCH && <u32>t < <u32>TASKS_MAX) touchExit(t, false); // it may be started later
      stop(TRAP, site, 0, JOINS_NONE);
      return;
    }
  }
  if (SEARCH) touchExit(t, false);
  while (!(task(t).flags & DONE)) if (waitOn(joinAddress(t), site)) return;
  if (ORACLES) onJoined(t);
}

export function yield_now(site: i32): void {
  arrive(siteOr(site), YIELD);
}

/** A point at a synchronisation object whose operation the kit does next. */
export function point(object: usize, site: i32): void {
  if (ORACLES) {
    if (reached(object, siteOr(site))) onPoint(object, siteOr(site));
  } else reached(object, siteOr(site));
}

/** Waits until `wake(object)`. */
export function block(object: usize, site: i32): void {
  if (ORACLES) {
    if (resumedInBlock() || !waitOn(object, siteOr(site))) onUnblocked(object, siteOr(site));
    return;
  }
  if (resumedInBlock()) return;
  waitOn(object, siteOr(site));
}

/** Waits until `wake(object)` or until the schedule lets it run before that. 1: it was woken; 0: the time is over. */
export function block_timed(object: usize, site: i32): i32 {
  if (!resumedInBlock() && waitOn(object, siteOr(site), true)) return 0;
  if (SEARCH && object) touch(object, true);
  task(head.current).waitsOn = 0;
  const woken = clearTimed(head.current) ? 0 : 1;
  if (ORACLES && woken) onUnblocked(object, siteOr(site));
  return woken;
}

export function wake(object: usize, count: i32, site: i32): i32 {
  if (refused(site)) return 0;
  if (ORACLES) onWakeUp(object, siteOr(site));
  const woken = wakeWaiters(object, count);
  if (ORACLES && !woken) onWokeNobody(object, siteOr(site));
  return woken;
}

/** Wakes task t if it waits on the object: the kit keeps an order of its own. */
export function wake_task(object: usize, t: i32, site: i32): void {
  if (refused(site)) return;
  if (ORACLES) onWakeUp(object, siteOr(site));
  wakeWaiter(object, t);
}
