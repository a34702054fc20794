// Events with equal functions and arguments are one class: what one of them does, another would do in its place.
import { EVENTS, INPUT } from '../executor/layout';
import { control, exists, head, task } from '../executor/state';

/** Class of each event: the first event that is equal to it. */
const classes = memory.data(128);

/** Before anything is learned. */
export function startClasses(): void {
  for (let i = 0; i < control.events; i++) {
    let first = 0;
    while (!equalEvents(first, i)) first++;
    store<u8>(classes + i, <u8>first);
  }
}

function equalEvents(a: i32, b: i32): bool {
  if (a == b) return true;
  const x = INPUT + EVENTS + (<usize>a << 5);
  const y = INPUT + EVENTS + (<usize>b << 5);
  for (let k: usize = 0; k < 20; k += 4) if (load<i32>(x + k) != load<i32>(y + k)) return false;
  return true;
}

export function classOf(event: i32): i32 {
  return load<u8>(classes + event);
}

/** The number under which it is learned what task t does: equal events share it, and the children that they start. */
export function roleOf(t: i32): i32 {
  const events = head.events;
  if (t < events) return classOf(t);
  if (!exists(t)) return t;
  const r = task(t);
  const isRegular = r.parent >= 0 && r.parent < events && t == events + r.nth * events + r.parent;
  return isRegular ? t - r.parent + classOf(r.parent) : t;
}
