// Which task takes which lock while it holds which others, as executions of the strategies by event have shown it, and the cycles among these
// dependencies: iGoodLock (Joshi, Park, Sen, Naik; PLDI'09). In a cycle each task takes a lock that the next one holds; no two of them
// hold a common lock, which would keep one of them away. The executions need not have come near a deadlock for it. A try-lock that was
// taken is a dependency as well; aiming at it costs an execution, no more.
import { HELD_MAX } from '../executor/layout';
import { heldAt, task } from '../executor/state';
import { NEVER_WAITS } from '../oracles/memory';
import {
  CYCLES, CYCLES_MAX, CYCLE_SIZE, DEPENDENCIES, DEPENDENCIES_MAX, DEPENDENCY_SIZE, DEPENDENCY_TABLE, DEPENDENCY_TABLE_MASK,
} from './layout';
import { below } from './random-source';

/** Task `task` takes `taken` at `site` while it holds `count` others. Bit 0 of a lock: it is shared. */
@unmanaged
export class Dependency {
  task: i32;
  taken: u32;
  site: i32;
  count: i32;
}
const HELD_LOCKS: usize = 16;
/** Who holds more locks is left out. */
const LOCKS_MAX: i32 = 6;
/** Tasks of a cycle at most. */
const LENGTH_MAX: i32 = 8;
/** Steps of a search for cycles of one length through one dependency: some tenths of a millisecond. */
const STEPS_MAX: i32 = 20_000;

let dependencies: i32 = 0;
/** Dependencies among which the cycles are known: the first ones. */
let searched: i32 = 0;
/** By length: how many were found, of which CYCLES_MAX at most are kept. */
const found = memory.data(4 * (LENGTH_MAX + 1));

function dependencyAt(i: i32): Dependency {
  return changetype<Dependency>(DEPENDENCIES + <usize>i * DEPENDENCY_SIZE);
}
function heldOf(d: Dependency, i: i32): u32 {
  return load<u32>(changetype<usize>(d) + HELD_LOCKS + (<usize>i << 2));
}
function foundAt(length: i32): usize {
  return found + (<usize>length << 2);
}
function keptOf(length: i32): i32 {
  return min(load<i32>(foundAt(length)), CYCLES_MAX);
}
function cycleAt(length: i32, i: i32): usize {
  return CYCLES + (<usize>(length * CYCLES_MAX + i)) * CYCLE_SIZE;
}

/** What task t holds at place i of its list: the lock and whether it is shared; 0: a reader that never waits. */
function heldLock(t: i32, i: i32): u32 {
  const at = heldAt(t, i);
  const shared = <i32>((load<u32>(at + 4) >> 24) & 15);
  return shared == NEVER_WAITS ? 0 : load<u32>(at) | <u32>(shared & 1);
}

/** No dependency is known. */
export function forgetDependencies(): void {
  dependencies = searched = 0;
  memory.fill(DEPENDENCY_TABLE, 0, (<usize>DEPENDENCY_TABLE_MASK + 1) << 1);
  memory.fill(found, 0, 4 * (LENGTH_MAX + 1));
}

/** Task t takes a lock; it holds others. */
export function dependsOn(t: i32, lock: usize, shared: i32, site: i32): void {
  const n = task(t).held;
  if (shared == NEVER_WAITS || n > LOCKS_MAX) return;
  const d = changetype<Dependency>(DEPENDENCIES + <usize>dependencies * DEPENDENCY_SIZE);
  d.task = t;
  d.taken = <u32>lock | <u32>(shared & 1);
  d.site = site;
  d.count = 0;
  let h = (<u32>t * 0x9e3779b1) ^ (d.taken * 0x85ebca77) ^ (<u32>site * 0x27d4eb2f);
  for (let i = 0; i < n; i++) {
    const held = heldLock(t, i);
    if (!held) continue;
    store<u32>(changetype<usize>(d) + HELD_LOCKS + (<usize>d.count << 2), held);
    d.count++;
    h = (h ^ held) * 0xc2b2ae3d;
    h ^= h >> 15;
  }
  if (d.count && dependencies < DEPENDENCIES_MAX && isNew(d, h)) dependencies++;
}

/** Whether d, which stands behind the known ones, is none of them; it is in the table from then on. */
function isNew(d: Dependency, hash: u32): bool {
  let i = hash;
  while (true) {
    const at = DEPENDENCY_TABLE + (<usize>(i++ & DEPENDENCY_TABLE_MASK) << 1);
    const other = <i32>load<u16>(at);
    if (!other) {
      store<u16>(at, <u16>(dependencies + 1));
      return true;
    }
    const size = HELD_LOCKS + (<usize>d.count << 2);
    if (memory.compare(changetype<usize>(dependencyAt(other - 1)), changetype<usize>(d), size) == 0) return false;
  }
}

/** Whether task t holds exactly what the dependency says, in the order of taking. */
export function holdsAsIn(d: Dependency, t: i32): bool {
  const n = min(task(t).held, HELD_MAX);
  let same = 0;
  for (let i = 0; i < n; i++) {
    const held = heldLock(t, i);
    if (!held) continue;
    if (same == d.count || heldOf(d, same) != held) return false;
    same++;
  }
  return same == d.count;
}

/** One of the two is the lock that the other is, and they are not both shared. */
function excludes(a: u32, b: u32): bool {
  return (a & ~1) == (b & ~1) && !(a & b & 1);
}
/** Whether d holds what keeps `lock` from being taken. */
function keeps(d: Dependency, lock: u32): bool {
  for (let i = 0; i < d.count; i++) if (excludes(heldOf(d, i), lock)) return true;
  return false;
}
/** Whether a lock that d holds keeps the other from where it takes its own. */
function excludesHeld(d: Dependency, other: Dependency): bool {
  for (let i = 0; i < d.count; i++) if (keeps(other, heldOf(d, i))) return true;
  return false;
}

/** Dependencies of the chain that is extended, u16 each. */
const chain = memory.data(2 * LENGTH_MAX);
let steps: i32 = 0;

function chained(i: i32): Dependency {
  return dependencyAt(<i32>load<u16>(chain + (<usize>i << 1)));
}

/** Finds cycles of `length` that begin with the first n of the chain and go on among the known dependencies. */
function extend(n: i32, length: i32): void {
  for (let i = 0; i < searched && steps < STEPS_MAX; i++) {
    steps++;
    if (!fits(dependencyAt(i), n)) continue;
    store<u16>(chain + (<usize>n << 1), <u16>i);
    if (n + 1 < length) extend(n + 1, length);
    else if (keeps(chained(0), dependencyAt(i).taken)) keep(length);
  }
}
function fits(d: Dependency, n: i32): bool {
  if (!keeps(d, chained(n - 1).taken)) return false;
  for (let i = 0; i < n; i++) if (chained(i).task == d.task || excludesHeld(d, chained(i))) return false;
  return true;
}
/** Each cycle that was found is equally likely to be among those that are kept. */
function keep(length: i32): void {
  const n = load<i32>(foundAt(length));
  store<i32>(foundAt(length), n + 1);
  const place = n < CYCLES_MAX ? n : below(n + 1);
  if (place < CYCLES_MAX) memory.copy(cycleAt(length, place), chain, <usize>length << 1);
}

let drawnAt: usize = 0;
/** The ith dependency of the drawn cycle. */
export function drawnDependency(i: i32): Dependency {
  return dependencyAt(<i32>load<u16>(drawnAt + (<usize>i << 1)));
}

/**
 * Draws one of the cycles and answers its length; 0: there is none. Every length that occurs is as likely as each other: long ones are many,
 * but ask for more.
 */
export function drawCycle(): i32 {
  if (searched != dependencies) findCycles();
  let lengths = 0;
  for (let length = 2; length <= LENGTH_MAX; length++) if (keptOf(length)) lengths++;
  if (!lengths) return 0;
  let drawn = 0;
  for (let left = below(lengths) + 1; left > 0; ) if (keptOf(++drawn)) left--;
  drawnAt = cycleAt(drawn, below(keptOf(drawn)));
  return drawn;
}

/** Each cycle is found with its latest dependency. */
function findCycles(): void {
  for (; searched < dependencies; searched++) {
    store<u16>(chain, <u16>searched);
    for (let length = 2; length <= LENGTH_MAX; length++) {
      steps = 0;
      extend(1, length);
    }
  }
}
