// Sleep sets (Godefroid), without a word kept beside a visited state. Of two tasks whose next steps commute, one order is enough: when x was
// tried from a state and t is tried next, x need not be tried behind t, since it leads to where t leads behind x. Only transitions are left
// out, no states. Sound as long as no state was met again on its own path (cycles.ts): then what x leads to was searched to the end before the
// state behind t was met, docs/verify.md has the argument. From the first such state on, and with other threads, nothing sleeps any more.
import { control, head, task } from '../executor/state';
import { Frame } from './frame';
import { areTwins } from './key';
import { cellOf, inSet, learned, locationAt, readsOf, setWords, TOUCHES_MORE, writesOf } from './locations';
import { tasksThatRan } from './edges';
import { ANYTHING, LOADS, OPERATES, STORES } from './pending';

/** On longer paths it would take long to see whether a state lies on its own path. */
const DEPTH_MAX: i32 = 4096;
/** Sets are of the first 64 tasks. */
const SLEEPERS_MAX: i32 = 64;

let sleeping: bool = false;
/** Tasks that sleep behind the transition that is being made, but for those that run in it. */
let sleepers: u64 = 0;

/** Before a pass. `on`: it keeps exact keys, has no bounds and no edges, and no other thread or process searches as well. */
export function startSleep(on: bool): void {
  sleeping = on && !ORACLES && !control.stepInvariants;
  sleepers = 0;
}
export function stopSleep(): void {
  sleeping = false;
  sleepers = 0;
}
export function sleeps(): bool {
  return sleeping;
}

/** The task that was tried last at this state was tried to the end. */
export function wasTried(frame: Frame): void {
  if (sleeping && frame.whole && <u32>frame.chosen < <u32>SLEEPERS_MAX) frame.asleep |= <u64>1 << frame.chosen;
}

/** A task that was tried here would do what t does, and all that follows is the same but for their names: then t need not be tried. */
export function hasTriedTwin(frame: Frame, t: i32): bool {
  if (!sleeping || learned.loops) return false;
  for (let low = frame.asleep; low; low &= low - 1) {
    if (!areTwins(<i32>ctz(low), t)) continue;
    frame.asleep |= <u64>1 << t;
    return true;
  }
  return false;
}

/** Before task t moves from the state of the frame. */
export function chooseSleepers(frame: Frame, t: i32): void {
  sleepers = 0;
  if (!sleeping || learned.entangled) return;
  for (let low = frame.asleep; low; low &= low - 1) if (commute(<i32>ctz(low), t)) sleepers |= low & -low;
}

/** The new state behind that transition, so deep on the path: what sleeps is not tried there. */
export function putToSleep(frame: Frame, depth: i32): void {
  if (depth > DEPTH_MAX) stopSleep();
  frame.asleep = sleepers & ~tasksThatRan();
  frame.low &= ~frame.asleep;
}

function kindOf(t: i32): i32 {
  const r = task(t);
  if (!r.location) return ANYTHING;
  return r.pending != ANYTHING && locationAt(r.location).flags & TOUCHES_MORE ? OPERATES : r.pending;
}

/** The step of t may touch the cell in a way that matters to an access of that kind. */
function meets(t: i32, kind: i32, address: usize): bool {
  const here = task(t).location;
  const cell = cellOf(address);
  return inSet(writesOf(here), cell) || (kind == STORES && inSet(readsOf(here), cell));
}

/** What one of the next steps writes the other does not touch. */
function commute(x: i32, t: i32): bool {
  if (x == t) return false;
  const a = kindOf(x);
  const b = kindOf(t);
  if (a == ANYTHING || b == ANYTHING) return false;
  const first = a == LOADS || a == STORES;
  const second = b == LOADS || b == STORES;
  const rx = task(x);
  const rt = task(t);
  if (first && second) return (a == LOADS && b == LOADS) || ((rx.pendingAddress ^ rt.pendingAddress) & ~3) != 0;
  if (first) return !meets(t, a, rx.pendingAddress);
  if (second) return !meets(x, b, rt.pendingAddress);
  const xReads = readsOf(rx.location);
  const xWrites = writesOf(rx.location);
  const tReads = readsOf(rt.location);
  const tWrites = writesOf(rt.location);
  for (let w: usize = 0, n = <usize>setWords() << 3; w < n; w += 8) {
    const written = load<u64>(tWrites + w);
    if (load<u64>(xWrites + w) & (written | load<u64>(tReads + w)) | (load<u64>(xReads + w) & written)) return false;
  }
  return true;
}
