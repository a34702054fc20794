// What the executor tells the costly oracles. It calls these only where ORACLES is 1, so that the release build has none of it. CLOCKS is 0 in
// the search build: clocks and other memories of the past are no part of a state, so the search looks for races in its own way (search/races.ts).
import { exists, head, task } from '../executor/state';
import { TASKS_MAX } from '../executor/layout';
import { raceFree, raceLoad, raceStore } from './data-race';
import { DEADLOCK, LIVELOCK, LOST_WAKEUP, report, reportPair, STARVATION, STEP_LIMIT } from './finding';
import { repeatsForEver, starvedTask } from './livelock';
import { nameLock, orderTaken, setLevel } from './lock-order';
import { addGuard, ANY_ACCESS, checkGuards, howHeld, WRITES } from './lockset';
import { lostBy, tested, wokeNobody } from './lost-wakeup';
import { GRACE, inTask, NEVER_WAITS, NO_EDGE, siteFlags, taskWords, words } from './memory';
import { acquireFrom, joinTask, releaseTo, startClock } from './vector-clock';

/** Before the model boots. */
export function bootOracles(): void {
  words.edgesKept = words.edges = 0;
  words.classesBoot = words.classes = 0;
  words.guardsBoot = words.guards = 0;
  words.full = 0;
}
/** What was declared until now holds for each execution. */
export function bootedOracles(): void {
  words.classesBoot = words.classes;
  words.guardsBoot = words.guards;
  words.fullBoot = words.full;
}
/** Before each execution. */
export function resetOracles(): void {
  words.epoch++;
  words.time = words.vectors = words.cells = words.wakes = words.watching = 0;
  if (!SEARCH) words.edges = words.edgesKept; // the order of locks is that of the whole search
  words.classes = words.classesBoot;
  words.guards = words.guardsBoot;
  words.full = SEARCH ? words.full | words.fullBoot : words.fullBoot; // a search has judged less, whatever it walks again
}

// ---- accesses by model code ----
export function onLoad(a: usize, bytes: usize, site: i32): void {
  if (CLOCKS) tested(site);
  for (let cell = a & ~3; cell < a + bytes; cell += 4) {
    const at = max(cell, a);
    if (CLOCKS) raceLoad(at, site);
    checkGuards(at, site, false);
  }
}
export function onStore(a: usize, bytes: usize, site: i32): void {
  for (let cell = a & ~3; cell < a + bytes; cell += 4) {
    const at = max(cell, a);
    if (CLOCKS) raceStore(at, site, false);
    checkGuards(at, site, true);
  }
}
/** To an object that no other task can reach yet. */
export function onPrivateStore(a: usize, bytes: usize, site: i32): void {
  if (!CLOCKS) return;
  for (let cell = a & ~3; cell < a + bytes; cell += 4) raceStore(cell, site, true);
}
export function onFree(from: usize, to: usize, site: i32): void {
  if (CLOCKS) raceFree(from, to, site);
}

// ---- tasks ----
export function onCreate(t: i32, parent: i32): void {
  taskWords(t).tested = taskWords(t).level = 0;
  if (CLOCKS) startClock(t, parent);
}
export function onJoined(t: i32): void {
  if (CLOCKS) joinTask(t);
}

// ---- synchronisation ----
/** A lock's clock knows all its holders; the one beside it those that held it alone, which is what readers take over. */
const EXCLUSIVE: usize = 4;

/** The running task takes a lock; answers bits for its entry in the list of held locks. */
export function onAcquired(object: usize, shared: i32, site: i32): u32 {
  if (!inTask()) return 0;
  if (CLOCKS) acquireFrom(shared ? object + EXCLUSIVE : object);
  return shared == NEVER_WAITS ? 0 : orderTaken(object, site);
}
export function onReleased(object: usize): void {
  if (!CLOCKS || !inTask()) return;
  const how = howHeld(object);
  if (how < 0) return;
  releaseTo(object);
  if (!how) releaseTo(object + EXCLUSIVE);
}
/** An operation on an object of the kit: whoever does one knows what the ones before it knew. */
export function onPoint(object: usize, site: i32): void {
  if (!CLOCKS || !inTask()) return;
  tested(site);
  const flags = siteFlags(site);
  if (flags & NO_EDGE) return;
  acquireFrom(object);
  releaseTo(flags & GRACE ? object + EXCLUSIVE : object);
}
/** The running task was woken. */
export function onUnblocked(object: usize, site: i32): void {
  if (CLOCKS && inTask() && !(siteFlags(site) & NO_EDGE)) acquireFrom(object);
}
export function onWakeUp(object: usize, site: i32): void {
  if (CLOCKS && inTask() && !(siteFlags(site) & NO_EDGE)) releaseTo(object);
}
export function onWokeNobody(object: usize, site: i32): void {
  if (CLOCKS) wokeNobody(object, site);
}

// ---- ends ----
/** Instead of the deadlock's own report. */
export function reportDeadlock(site: i32): void {
  for (let t = 0; t < TASKS_MAX; t++) {
    if (!exists(t) || !task(t).waitsOn) continue;
    const wake = lostBy(t);
    if (!wake) continue;
    const current = head.current;
    head.current = t;
    reportPair(LOST_WAKEUP, task(t).waitSite, task(t).waitsOn, wake.site, wake.task);
    head.current = current;
    return;
  }
  report(DEADLOCK, site, 0, 0);
}
/** Instead of the step limit's own report. */
export function reportStepLimit(site: i32): void {
  if (!repeatsForEver()) {
    report(STEP_LIMIT, site, 0, 0);
    return;
  }
  const starved = starvedTask();
  if (starved < 0) {
    report(LIVELOCK, words.place, 0, 0);
    return;
  }
  // The place is where the task waits that never gets on, the other one where those repeat that do.
  const current = head.current;
  head.current = starved;
  reportPair(STARVATION, task(starved).waitSite, task(starved).waitsOn, words.place, current);
  head.current = current;
}

/** `annotate`: what a model says about its locks; the numbers are those of kit/heddle/lockdep.ts. */
export function onAnnotation(kind: i32, object: usize, a: i32, b: i32): void {
  if (kind == 1) nameLock(object, <u32>a);
  else if (kind == 2) setLevel(a);
  else if (kind == 3 || kind == 4) addGuard(object, object + <usize>b, <usize>a, kind == 4 ? WRITES : ANY_ACCESS);
}
