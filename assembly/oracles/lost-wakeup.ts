// Lost wake-ups: at a deadlock, a task waits for an object, and the last wake-up of that object that found nobody came after the task had
// last tested something (a load by the model, or an operation on a synchronisation object) and so between test and sleep. What the kit tests
// at its own point (Completion, RwSem …) counts as a test there; only a bare sleep does not.
import { head, task } from '../executor/state';
import { BARE_SLEEP, FULL_WAKES, inTask, siteFlags, taskWords, WAKES, WAKES_MAX, words } from './memory';

@unmanaged
export class Wake {
  object: usize;
  time: i32;
  site: i32;
  task: i32;
}

function wakeAt(i: i32): Wake {
  return changetype<Wake>(WAKES + (<usize>i << 4));
}

/** The running task looks at something that it may wait for. */
export function tested(site: i32): void {
  if (inTask() && !(siteFlags(site) & BARE_SLEEP)) taskWords(head.current).tested = ++words.time;
}

/** A wake-up that found nobody. */
export function wokeNobody(object: usize, site: i32): void {
  if (!inTask()) return;
  let i = 0;
  while (i < words.wakes && wakeAt(i).object != object) i++;
  if (i == WAKES_MAX) {
    words.full |= FULL_WAKES;
    return;
  }
  if (i == words.wakes) words.wakes++;
  const wake = wakeAt(i);
  wake.object = object;
  wake.time = ++words.time;
  wake.site = site;
  wake.task = head.current;
}

/** The wake-up that the blocked task t has lost; null if there is none. */
export function lostBy(t: i32): Wake | null {
  const object = task(t).waitsOn;
  for (let i = 0; i < words.wakes; i++) {
    const wake = wakeAt(i);
    if (wake.object == object) return wake.task != t && wake.time > taskWords(t).tested ? wake : null;
  }
  return null;
}
