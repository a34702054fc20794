// Interrupts. Each task has a processor of its own; a handler is a task that runs on a processor which it chooses when it starts: one of
// its own, or that of a task that is running with interrupts on. That task then cannot run until the handler is done.
import { reached, siteOr } from './access';
import { chosen } from './choices';
import { IRQS_OFF, TASKS_MAX } from './layout';
import { POINT } from './scheduler';
import { clearReady, DONE, exists, head, isReady, NONE, task } from './state';
import { arrive } from './tasks';
import { joinAddress, wakeWaiters } from './waiting';
import { entangle } from '../search/locations';
import { logTask } from '../search/undo';

/** Interrupts of the current task's processor go off. */
export function irq_off(site: i32): void {
  if (arrive(siteOr(site), POINT)) task(head.current).atomic += IRQS_OFF;
}
export function irq_on(_site: i32): void {
  task(head.current).atomic -= IRQS_OFF;
}

/**
 * It runs, or could, with interrupts on, and stands behind its first point: before that there is nothing to interrupt. What waits, even for
 * a spinlock, is left alone: interrupting it earlier shows the same.
 */
function canInterrupt(t: i32): bool {
  if (!exists(t) || !isReady(t) || t == head.current) return false;
  const r = task(t);
  return r.steps > 1 && !(r.flags & DONE) && !r.waitsOn && r.atomic < IRQS_OFF;
}

/** The nth task that can be interrupted, or NONE. */
function victim(nth: i32): i32 {
  for (let t = 0; t < TASKS_MAX; t++) if (canInterrupt(t) && nth-- == 0) return t;
  return NONE;
}

/** The current task becomes a handler: a point at `object` (0: at none), then a choice of whom it interrupts. Answers that task, or -1. */
export function interrupt(object: usize, site: i32): i32 {
  if (SEARCH) entangle();
  site = siteOr(site);
  if (!(object ? reached(object, site) : arrive(site, POINT))) return NONE;
  const me = head.current;
  let n = 1;
  while (victim(n - 1) != NONE) n++;
  const t = victim(chosen(n, false, site) - 1);
  task(me).atomic += IRQS_OFF;
  if (t == NONE) return NONE;
  const r = task(t);
  if (SEARCH) {
    logTask(t, false);
    r.ownKey = 0;
  }
  clearReady(t);
  r.waitsOn = joinAddress(me);
  r.waitSite = r.site;
  r.ticket = head.tickets++;
  head.waiters++;
  return t;
}

export function interrupt_end(t: i32, _site: i32): void {
  task(head.current).atomic -= IRQS_OFF;
  if (t < 0) return;
  wakeWaiters(joinAddress(head.current), -1);
  head.waiters--;
}
