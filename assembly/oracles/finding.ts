// Findings of the execution: what the oracles report. Some end the execution, others are recorded and it goes on.
import {
  ALLOC_SITE, ARENAS, ARENA_SIZE, CLASS_ID, FINDINGS, FINDINGS_MAX, FREED, FREE_SITE, HEADER, KNOWN, LIVE, MODEL,
  OBJECT_SIZE, OWN, REGION, SHADOW,
} from '../executor/layout';
import { head } from '../executor/state';
import { T_FINDING, traceEvent } from '../executor/trace';

/** Numbers of FINDING_KINDS in src/executor/types.ts. */
export const NULL_DEREFERENCE: i32 = 1;
export const USE_AFTER_FREE: i32 = 2;
export const INVALID_ACCESS: i32 = 3;
export const DOUBLE_FREE: i32 = 4;
export const DEADLOCK: i32 = 5;
export const UNLOCK_BY_NON_OWNER: i32 = 6;
export const ASSERTION: i32 = 7;
export const ABORT: i32 = 8;
export const TRAP: i32 = 9;
export const STACK_DEPTH: i32 = 10;
export const STEP_LIMIT: i32 = 11;
export const OUT_OF_MEMORY: i32 = 12;
export const SELF_DEADLOCK: i32 = 13;
export const REFCOUNT_MISUSE: i32 = 14;
export const SLEEP_IN_ATOMIC: i32 = 15;
export const NO_PROGRESS: i32 = 16;
export const LEAK: i32 = 17;
export const INVARIANT: i32 = 18;
export const INVALID_FREE: i32 = 19;
// From here on only the build with ORACLES=1 reports them: they cost time (oracles/hooks.ts).
export const DATA_RACE: i32 = 20;
export const LOCK_ORDER: i32 = 21;
export const LOCKSET: i32 = 22;
export const LOST_WAKEUP: i32 = 23;
export const LIVELOCK: i32 = 24;
export const STARVATION: i32 = 25;

/** What a TRAP of the executor's own is, in the place of its message: numbers of src/executor/traps.ts. */
export const DECLARES_LATE: usize = 8;
/** Of an invariant, which is told by the bits above: its index or the address of its name. */
export const INVARIANT_WRITES: usize = 9;
export const INVARIANT_ACTS: usize = 10;
export const JOINS_NONE: usize = 11;
export const CHOOSES_NONE: usize = 12;
export const CHOOSES_TOO_MANY: usize = 13;
export const NO_SUCH_DESIGN: usize = 14;
export const NO_SUCH_OPTION: usize = 15;

/** One finding, as the host reads it. */
@unmanaged
class Finding {
  kind: i32;
  site: i32;
  task: i32;
  address: usize;
  object: usize;
  classId: u32;
  size: u32;
  offset: i32;
  allocSite: i32;
  allocTask: i32;
  freeSite: i32;
  freeTask: i32;
  /** String of the model, or index of the invariant. */
  message: usize;
  fatal: i32;
  /** The other place of a finding that has two, and its task (-1: in an earlier execution); 0 = none. */
  otherSite: i32;
  otherTask: i32;
}

/** What the real system would survive: the run goes on. */
function survives(kind: i32): bool {
  return kind == REFCOUNT_MISUSE || kind == SLEEP_IN_ATOMIC || kind == LEAK || kind == UNLOCK_BY_NON_OWNER;
}

/** Start of the object that contains a, 0 if none. */
export function objectAt(a: usize): usize {
  if (a - MODEL >= REGION) return 0;
  let at = a & ~7;
  let s = load<u8>(SHADOW + ((at - MODEL) >> 3));
  if (s != LIVE && s != OWN && s != FREED) return 0;
  while (s != HEADER) {
    if (at <= MODEL) return 0;
    at -= 8;
    s = load<u8>(SHADOW + ((at - MODEL) >> 3));
    if (!s) return 0;
  }
  return at + 8;
}

/** Task whose arena holds the address; -1 for what the boot made. */
export function arenaOwner(a: usize): i32 {
  return a < ARENAS ? -1 : <i32>((a - ARENAS) / ARENA_SIZE);
}

let otherSite: i32 = 0;
let otherTask: i32 = -1;
const ORACLES_FINDINGS_MAX: i32 = 64;

/** A finding with a second place: each pair counts once. What the real system survives goes on. */
export function reportPair(kind: i32, site: i32, address: usize, site2: i32, task2: i32): void {
  otherSite = site2;
  otherTask = task2;
  report(kind, site, address, 0, kind < LOST_WAKEUP);
  otherSite = 0;
  otherTask = -1;
}

/** 14 bits for both places of a finding, in either order. */
export function pairPlace(a: i32, b: i32): i32 {
  return b ? <i32>((<u32>min(a, b) * 0x9e3779b1) ^ (<u32>max(a, b) * 0x85ebca77)) >>> 18 : a;
}

/** Declared invariants have no site of their own; those that the model tests at a moment of its choice have a site and a name. */
const DECLARED_MAX: u32 = 32;

/** The number, of 14 bits, under which a recorded finding is known: of an invariant its index, or its site and name; else its site. */
export function placeOf(at: usize): i32 {
  const f = changetype<Finding>(at);
  if (f.kind != INVARIANT) return f.site;
  if (<u32>f.message < DECLARED_MAX) return <i32>f.message;
  let hash = <u32>f.site;
  const end = f.message + load<u32>(f.message - OBJECT_SIZE);
  for (let a = f.message; a < end; a += 2) hash = (hash ^ load<u16>(a)) * 0x01000193;
  return <i32>(DECLARED_MAX + (hash % (0x4000 - DECLARED_MAX)));
}

/** Behind the bits of all kinds in KNOWN: 16 bits' worth for who did it to what. */
const CULPRITS: i32 = 26 << 14;

/** Of memory that went under a task's feet the place does not say enough: who used it, what it was, and who freed it. 16 bits. */
function culpritOf(f: Finding): i32 {
  let hash = (<u32>f.kind << 14) | <u32>f.site;
  hash = (hash ^ <u32>f.task) * 0x01000193;
  hash = (hash ^ f.classId) * 0x01000193;
  hash = (hash ^ <u32>f.freeSite) * 0x01000193;
  hash = (hash ^ <u32>f.freeTask) * 0x01000193;
  return <i32>((hash * 0x9e3779b1) >>> 16);
}

/** Does the host know of such a finding at this place? */
export function isPlaceKnown(kind: i32, place: i32): bool {
  return isMarked((kind << 14) | place);
}

function isMarked(bit: i32): bool {
  return ((load<u8>(KNOWN + (<usize>bit >> 3)) >> (bit & 7)) & 1) != 0;
}

/** Does the host know of the i-th finding: its kind at its place and, of memory, the culprit? */
export function isKnown(i: i32): bool {
  const at = FINDINGS + (<usize>i << 6);
  const f = changetype<Finding>(at);
  const kind = f.kind;
  let place = placeOf(at);
  if (ORACLES && kind >= DATA_RACE) place = pairPlace(place, f.otherSite);
  if (!isMarked((kind << 14) | place)) return false;
  const hasCulprit = kind == NULL_DEREFERENCE || kind == USE_AFTER_FREE || kind == DOUBLE_FREE || kind == LEAK;
  return !hasCulprit || isMarked(CULPRITS + culpritOf(f));
}

/** What the host caught in the running task, behind the last place that it passed: its number is kept in the place of a message. */
export function reportTrap(number: i32): void {
  report(number == 1 ? STACK_DEPTH : TRAP, head.lastSite, 0, number == 1 ? 0 : number);
}

/** Records a finding; true if the execution must end. The same kind at the same site counts once. */
export function report(kind: i32, site: i32, address: usize, message: usize, survive: bool = false): bool {
  const fatal = !survive && !survives(kind);
  if (fatal) head.fatal = 1;
  for (let i = 0; i < head.findings; i++) {
    const f = changetype<Finding>(FINDINGS + <usize>i * 64);
    if (ORACLES && f.otherSite != otherSite) continue;
    if (f.kind == kind && f.site == site && (kind != INVARIANT || f.message == message)) return fatal;
  }
  if (ORACLES) {
    // Many places race at once: they must not keep out what ends the execution.
    if (head.findings >= (fatal ? ORACLES_FINDINGS_MAX : ORACLES_FINDINGS_MAX - 8)) return fatal;
  } else if (head.findings == FINDINGS_MAX) return fatal;
  const f = changetype<Finding>(FINDINGS + <usize>head.findings * 64);
  head.findings++;
  const p = objectAt(address);
  f.kind = kind;
  f.site = site;
  f.task = head.current;
  f.address = address;
  f.object = p;
  f.classId = p ? load<u32>(p - CLASS_ID) : 0;
  f.size = p ? load<u32>(p - OBJECT_SIZE) : 0;
  f.offset = p ? <i32>(address - p) : 0;
  f.allocSite = p ? load<i32>(p - ALLOC_SITE) : 0;
  f.allocTask = p ? arenaOwner(p) : -1;
  const freed = p ? load<u32>(p - FREE_SITE) : 0;
  f.freeSite = freed & 0xffffff;
  f.freeTask = <i32>(freed >> 24) - 1;
  f.message = message;
  f.fatal = fatal ? 1 : 0;
  if (ORACLES) {
    f.otherSite = otherSite;
    f.otherTask = otherTask;
  }
  traceEvent(T_FINDING, site, address, kind);
  return fatal;
}
