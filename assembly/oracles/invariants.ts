// Invariants: functions of the model that must answer true. They run as a pseudo task that is never preempted and must not wait.
import { siteOr } from '../executor/access';
import { STACK_SIZE, TASKS_MAX } from '../executor/layout';
import { abandon, arguments_length, setTaskLocals, stack_pointer, stackOf } from '../executor/scheduler';
import { control, END_INVARIANTS, head, STEP_INVARIANTS } from '../executor/state';
import { readFor, watchCells } from '../search/locations';
import { INVARIANT, report } from './finding';

/** The pseudo task's number: its stack follows those of the tasks. */
const INSPECTOR: i32 = TASKS_MAX;

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
  for (let i = 0; i < n && (all || !head.fatal); i++) {
    const entry = list + (<usize>i << 3);
    inspect();
    if (isBroken(call_indirect<i32>(load<i32>(entry)))) report(INVARIANT, site, 0, load<u32>(entry + 4));
  }
  takeBack();
}

export function checkStepInvariants(site: i32): void {
  if (SEARCH) watchCells(true);
  check(STEP_INVARIANTS, control.stepInvariants, site, false);
  if (SEARCH) watchCells(false);
}
/** Nothing runs any more, so one that fails hides none behind it: that a later one always held could not be said otherwise. */
export function checkEndInvariants(): void {
  check(END_INVARIANTS, control.endInvariants, 0, true);
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
  inspect();
  if (SEARCH) readFor(current);
  const broken = isBroken(call_indirect<i32>(index, argument));
  if (SEARCH) readFor(-1);
  takeBack();
  if (broken) report(INVARIANT, siteOr(site), 0, name, true);
  if (head.fatal) abandon();
}
