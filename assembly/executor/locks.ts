// Mutexes and spinlocks, and the bookkeeping of what each task holds. A task that waits for a lock can run exactly while the lock is free.
import { coverLockPair } from '../coverage/map';
import { write } from '../hash/zobrist';
import { report, SELF_DEADLOCK, SLEEP_IN_ATOMIC, UNLOCK_BY_NON_OWNER, USE_AFTER_FREE } from '../oracles/finding';
import { onAcquired, onReleased } from '../oracles/hooks';
import { refused } from '../oracles/invariants';
import { reached, shadowOf, siteOr } from './access';
import { HELD_MAX, IRQS_OFF, LIVE, OWN, TASKS_MAX } from './layout';
import { stop } from './scheduler';
import { AT_LOCK, clearReady, head, heldAt, setReady, task } from './state';
import { addressMatters, inHeap } from '../search/addresses';
import { touch } from '../search/locations';
import { withLock, withoutLock } from '../search/locksets';
import { announce, LOCKS, seek } from '../search/pending';
import { dependsOn } from '../strategies/lock-dependencies';
import { looksAtEvents, onWake } from '../strategies/strategy';
import { resumedInBlock, waitOn } from './waiting';

/** The current task holds `object` from now on. */
export function acquired(object: usize, shared: i32, site: i32): void {
  if (refused(site)) return;
  if (SEARCH && inHeap(object)) addressMatters();
  const me = head.current;
  const r = task(me);
  const n = r.held;
  if (n) {
    const last = heldAt(me, min(n, HELD_MAX) - 1);
    coverLockPair(load<u32>(last), object, load<i32>(last + 4) & 0xffffff, siteOr(site));
    if (!SEARCH && looksAtEvents()) dependsOn(me, object, shared, siteOr(site));
  }
  const level: u32 = ORACLES ? onAcquired(object, shared, siteOr(site)) : 0;
  if (n < HELD_MAX) {
    store<u32>(heldAt(me, n), <u32>object);
    store<u32>(heldAt(me, n) + 4, (level << 28) | (<u32>shared << 24) | <u32>siteOr(site));
  }
  r.held = n + 1;
}

/** The current task no longer holds `object`; no effect if it did not. */
export function released(object: usize, _site: i32): void {
  if (ORACLES) onReleased(object);
  const me = head.current;
  const r = task(me);
  const n = min(r.held, HELD_MAX);
  for (let i = n - 1; i >= 0; i--) {
    if (load<u32>(heldAt(me, i)) != <u32>object) continue;
    for (let k = i; k < n - 1; k++) store<u64>(heldAt(me, k), load<u64>(heldAt(me, k + 1)));
    r.held--;
    return;
  }
}

export function holds(object: usize, _site: i32): i32 {
  const me = head.current;
  const n = min(task(me).held, HELD_MAX);
  for (let i = 0; i < n; i++) if (load<u32>(heldAt(me, i)) == <u32>object) return 1;
  return 0;
}

/** Those that wait for the lock can run, or cannot. */
function setWaiters(m: usize, ready: bool): void {
  if (!head.lockWaiters) return;
  for (let low = head.existLow; low; low &= low - 1) setWaiter(<i32>ctz(low), m, ready);
  for (let high = head.existHigh; high; high &= high - 1) setWaiter(64 + <i32>ctz(high), m, ready);
}

function setWaiter(t: i32, m: usize, ready: bool): void {
  if (task(t).waitsOn != m) return;
  if (ready) {
    setReady(t);
    onWake(t);
  } else clearReady(t);
}

/** What a lock's word says of the running task: its number + 1; while the model boots that would be 0, which is a free lock. */
function owner(): u32 {
  return head.current < 0 ? TASKS_MAX + 2 : head.current + 1;
}

function take(m: usize, site: i32): void {
  write(m, owner());
  acquired(m, 0, site);
  if (SEARCH) task(head.current).lockset = withLock(task(head.current).lockset, m);
  setWaiters(m, false);
}

/** How a task waits for a lock. */
const SLEEPS: i32 = 0;
const SPINS: i32 = 1;
const SPINS_IRQS_OFF: i32 = 2;

/** True: return at once. */
function acquire(m: usize, site: i32, how: i32): bool {
  if (resumedInBlock()) task(head.current).waitsOn = 0;
  else {
    if (refused(site)) return true;
    if (SEARCH) announce(LOCKS);
    else seek(m);
    if (!reached(m, site)) return true;
    if (how == SLEEPS) might_sleep(site);
    else if (how == SPINS_IRQS_OFF) task(head.current).atomic += IRQS_OFF;
    if (!load<u32>(m)) {
      take(m, site);
      return false;
    }
    if (load<u32>(m) == owner()) return stop(SELF_DEADLOCK, site, m, 0);
    head.lockWaiters++;
    task(head.current).flags |= AT_LOCK;
    if (waitOn(m, site)) return true;
    task(head.current).waitsOn = 0;
  }
  if (SEARCH) touch(m, true);
  head.lockWaiters--;
  task(head.current).flags &= ~AT_LOCK;
  const s = shadowOf(m);
  if (s != LIVE && s != OWN) return stop(USE_AFTER_FREE, site, m, 0);
  take(m, site);
  return false;
}

function tryAcquire(m: usize, site: i32): i32 {
  if (refused(site) || !reached(m, site) || load<u32>(m)) return 0;
  take(m, site);
  return 1;
}

/** False: not the owner; the finding is recorded and the lock stays as it is. */
function drop(m: usize, site: i32): bool {
  if (refused(site)) return false;
  if (!SEARCH) seek(0);
  if (!reached(m, site)) return false;
  if (load<u32>(m) != owner()) {
    report(UNLOCK_BY_NON_OWNER, site, m, 0);
    return false;
  }
  write(m, 0);
  released(m, site);
  if (SEARCH) task(head.current).lockset = withoutLock(task(head.current).lockset, m);
  setWaiters(m, true);
  return true;
}

export function lock(m: usize, site: i32): void {
  acquire(m, siteOr(site), SLEEPS);
}
export function trylock(m: usize, site: i32): i32 {
  return tryAcquire(m, siteOr(site));
}
export function unlock(m: usize, site: i32): void {
  drop(m, siteOr(site));
}
export function spin_lock(m: usize, site: i32): void {
  if (!acquire(m, siteOr(site), SPINS)) task(head.current).atomic++;
}
/** Interrupts go off after the point and before the wait. */
export function spin_lock_irq(m: usize, site: i32): void {
  if (!acquire(m, siteOr(site), SPINS_IRQS_OFF)) task(head.current).atomic++;
}
export function spin_unlock_irq(m: usize, site: i32): void {
  if (drop(m, siteOr(site))) task(head.current).atomic -= 1 + IRQS_OFF;
}
export function spin_trylock(m: usize, site: i32): i32 {
  const taken = tryAcquire(m, siteOr(site));
  task(head.current).atomic += taken;
  return taken;
}
export function spin_unlock(m: usize, site: i32): void {
  if (drop(m, siteOr(site))) task(head.current).atomic--;
}

export function atomic_enter(_site: i32): void {
  task(head.current).atomic++;
}
export function atomic_exit(_site: i32): void {
  task(head.current).atomic--;
}
export function might_sleep(site: i32): void {
  if (task(head.current).atomic > 0) report(SLEEP_IN_ATOMIC, siteOr(site), 0, 0);
}
