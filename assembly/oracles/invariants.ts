// Invariants: functions of the model that must answer true. They run as a pseudo task that is never preempted and must not wait.
import { STACK_SIZE, TASKS_MAX } from '../executor/layout';
import { arguments_length, setTaskLocals, stack_pointer, stackOf } from '../executor/scheduler';
import { control, END_INVARIANTS, head, STEP_INVARIANTS } from '../executor/state';
import { INVARIANT, report } from './finding';

/** The pseudo task's number: its stack follows those of the tasks. */
const INSPECTOR: i32 = TASKS_MAX;

function check(list: usize, n: i32, site: i32): void {
  const current = head.current;
  const gap = head.gap;
  const granted = head.granted;
  const depth = head.depth;
  const callSite = head.callSite;
  const lastSite = head.lastSite;
  const target = head.target;
  const args = arguments_length;
  const sp = stack_pointer;
  const stack = stackOf(INSPECTOR);
  head.current = INSPECTOR;
  head.depth = 0;
  for (let i = 0; i < n && !head.fatal; i++) {
    store<u32>(stack, <u32>stack + 8);
    store<u32>(stack + 4, <u32>(stack + STACK_SIZE));
    head.gap = i32.MAX_VALUE;
    const holds = call_indirect<i32>(load<i32>(list + (<usize>i << 3)));
    if (head.asyncifyState) head.asyncifyState = 0; // it ended with a finding of its own
    else if (!holds) {
      head.current = current;
      report(INVARIANT, site, 0, load<u32>(list + (<usize>i << 3) + 4));
      head.current = INSPECTOR;
    }
  }
  head.current = current;
  head.gap = gap;
  head.granted = granted;
  head.depth = depth;
  head.callSite = callSite;
  head.lastSite = lastSite;
  head.target = target;
  setTaskLocals(args, sp);
}

export function checkStepInvariants(site: i32): void {
  check(STEP_INVARIANTS, control.stepInvariants, site);
}
export function checkEndInvariants(): void {
  check(END_INVARIANTS, control.endInvariants, 0);
}
