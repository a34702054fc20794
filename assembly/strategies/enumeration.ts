// Enumeration: every decision is taken from PATH (a byte each: task slot, or the value of a choice) and logged with its alternatives, so
// that a caller can walk the whole tree. Decisions without an alternative are not counted.
import { INPUT, LOG, LOG_MAX, PATH, PATH_SIZE } from '../executor/layout';
import { control, head, isReady, lowestReady, readyCount } from '../executor/state';

function log(kind: i32, t: i32, chosen: i32, low: u64, high: u64): void {
  if (head.logged < LOG_MAX) {
    const at = LOG + <usize>head.logged * 32;
    store<i32>(at, kind);
    store<i32>(at + 4, t);
    store<i32>(at + 8, chosen);
    store<u64>(at + 16, low);
    store<u64>(at + 24, high);
  }
  head.logged++;
}

function onPath(byDefault: i32): i32 {
  const i = head.logged;
  return i < control.path && i < PATH_SIZE ? <i32>load<u8>(INPUT + PATH + <usize>i) : byDefault;
}

export function decideEnumeration(me: i32, byDefault: i32): i32 {
  if (me < 0) return byDefault; // the first task's first point decides
  const lowest = lowestReady();
  if (readyCount() == 1) return lowest;
  let t = onPath(lowest);
  if (t > 127 || !isReady(t)) t = lowest;
  log(0, me, t, head.readyLow, head.readyHigh);
  return t;
}

export function nextEnumeration(base: i32): i32 {
  return base == 0 && head.total > 0 ? 1 : base;
}

export function chooseEnumeration(t: i32, n: i32): i32 {
  let value = onPath(0);
  if (value >= n) value = 0;
  log(1, t, value, n, 0);
  return value;
}
