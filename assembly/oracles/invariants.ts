// Invariants: functions of the model that must answer true. They run as a pseudo task that is never preempted and may only read: one that
// writes, allocates, waits or takes part in what tasks do would change what is judged, and could hide what is wrong. What the kit does only
// for tasks is refused where it begins; that one has written is seen by the state's hash, so no access costs anything.
import { siteOr } from '../executor/access';
import { STACK_SIZE, TASKS_MAX } from '../executor/layout';
import { abandon, arguments_length, setTaskLocals, stack_pointer, stackOf, stop } from '../executor/scheduler';
import { control, END_INVARIANTS, head, STEP_INVARIANTS, task } from '../executor/state';
import { hashUpTo } from '../hash/zobrist';
import { readFor, watchCells } from '../search/locations';
import { setLogging } from '../search/undo';
import { INVARIANT, INVARIANT_ACTS, INVARIANT_WRITES, report, TRAP } from './finding';

/** The pseudo task's number: its stack follows those of the tasks. */
const INSPECTOR: i32 = TASKS_MAX;

/** The invariant that runs: its index, or the address of the name of one that a task tests. */
let inspected: usize = 0;

/** What the running task has that an invariant's run would change. */
let current: i32 = 0;
let gap: i32 = 0;
let granted: i32 = 0;
let depth: i32 = 0;
let callSite: i32 = 0;
let lastSite: i32 = 0;
let target: i32 = 0;
let savedArguments: i32 = 0;
let savedStackPointer: i32 = 0;

function putAside(): void {
  current = head.current;
  gap = head.gap;
  granted = head.granted;
  depth = head.depth;
  callSite = head.callSite;
  lastSite = head.lastSite;
  target = head.target;
  savedArguments = arguments_length;
  savedStackPointer = stack_pointer;
  head.depth = 0;
}

function takeBack(): void {
  head.current = current;
  head.gap = gap;
  head.granted = granted;
  head.depth = depth;
  head.callSite = callSite;
  head.lastSite = lastSite;
  head.target = target;
  setTaskLocals(savedArguments, savedStackPointer);
}

/** The pseudo task becomes the running one, with an empty stack. */
function inspect(): void {
  const stack = stackOf(INSPECTOR);
  store<u32>(stack, <u32>stack + 8);
  store<u32>(stack + 4, <u32>(stack + STACK_SIZE));
  head.current = INSPECTOR;
  head.gap = i32.MAX_VALUE;
  const r = task(INSPECTOR);
  r.atomic = r.held = 0;
  r.brk = <usize>i32.MAX_VALUE; // no arena has room for what it allocates
}

/** The pseudo task runs. */
export function isInspecting(): bool {
  return head.current >= TASKS_MAX;
}

/** Before what only a task may do. True: an invariant is about to, and its run is over: return at once. */
export function refused(site: i32): bool {
  return isInspecting() && stop(TRAP, siteOr(site), 0, INVARIANT_ACTS | (inspected << 8));
}

/** An access of an invariant took the slow path: it is looked for what it writes. True: this is it; return at once. */
export function writesHere(site: i32, a: usize): bool {
  return stop(TRAP, site, a, INVARIANT_WRITES | (inspected << 8));
}

/** The invariant that has just run wrote: it runs once more, each access by the slow path, to find where. The kit's own writes have no place. */
function blame(index: i32, site: i32): void {
  const fatal = head.fatal;
  head.fatal = 0;
  inspect();
  head.gap = 0;
  isBroken(call_indirect<i32>(index));
  if (!head.fatal) report(TRAP, site, 0, INVARIANT_WRITES | (inspected << 8));
  head.fatal |= fatal;
}

/** Is it broken, and is that all that is wrong? Otherwise it held, or ended with a finding of its own. */
function isBroken(holds: i32): bool {
  head.current = current;
  if (!head.asyncifyState) return !holds;
  head.asyncifyState = 0;
  return false;
}

function check(list: usize, n: i32, site: i32, all: bool): void {
  putAside();
  const hashed = SEARCH ? hashUpTo(usize.MAX_VALUE) : 0;
  for (let i = 0; i < n && (all || !head.fatal); i++) {
    const entry = list + (<usize>i << 3);
    const index = load<i32>(entry);
    inspected = load<u32>(entry + 4);
    const hash = head.hash;
    inspect();
    const broken = isBroken(call_indirect<i32>(index));
    if (head.hash != hash) {
      blame(index, site);
      break; // the others would be asked about what it wrote
    }
    if (broken) report(INVARIANT, site, 0, inspected);
  }
  if (SEARCH) hashUpTo(hashed);
  takeBack();
}

export function checkStepInvariants(site: i32): void {
  if (SEARCH) watchCells(true);
  check(STEP_INVARIANTS, control.stepInvariants, site, false);
  if (SEARCH) watchCells(false);
}
/** Nothing runs any more, so one that fails hides none behind it: that a later one always held could not be said otherwise. */
export function checkEndInvariants(): void {
  if (SEARCH) setLogging(true); // what one writes is undone
  check(END_INVARIANTS, control.endInvariants, 0, true);
  if (SEARCH) setLogging(false);
}

/**
 * A test at a moment of the model's choice, called by its running task: what the function reads is read at once, without a point. The run
 * goes on. While the model boots, when nothing is a point, the function runs and nothing is reported; within an invariant it does not run.
 * For the search these are reads by the task.
 */
export function examine(name: usize, holds: usize, argument: usize, site: i32): void {
  const index = load<i32>(holds);
  if (head.current < 0) {
    call_indirect<i32>(index, argument);
    return;
  }
  if (head.current >= TASKS_MAX || head.fatal) return;
  putAside();
  inspected = name;
  inspect();
  if (SEARCH) readFor(current);
  const broken = isBroken(call_indirect<i32>(index, argument));
  if (SEARCH) readFor(-1);
  takeBack();
  if (broken) report(INVARIANT, siteOr(site), 0, name, true);
  if (head.fatal) abandon();
}
