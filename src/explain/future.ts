/** What other tasks would still have done: a failure that ends the run cuts off the very steps that came too late. */
import type { Executor } from '../executor/executor.js';
import type { Move, Stepper } from '../executor/stepping.js';
import type { RawFinding, TracedExecution, TraceStep } from '../executor/types.js';
import { turnsOf } from '../findings/turns.js';
import type { HotSchedule } from '../schedule/schedule.js';
import { runHeld } from './flip.js';

/** A step that nobody makes: who waits for it waits until nobody else can go on. */
const NEVER: Move = { task: -1, at: -1 };

/** The steps that follow the run if the failing task does not take its last turn; behind a switch. Empty if the others have ended. */
export function futureOf(
  executor: Executor,
  stepper: Stepper,
  hot: HotSchedule,
  moves: readonly Move[],
  { trace, tasks }: TracedExecution,
  finding: RawFinding,
): TraceStep[] {
  const isOpen = tasks.some(({ slot, state }) => slot !== finding.task && state === 'ready');
  const turn = turnsOf(trace).findLast(({ task }) => task === finding.task);
  const at = turn?.steps.find(({ step }) => step >= 0)?.step;
  const last = trace.at(-1);
  if (!isOpen || at === undefined || last === undefined) return [];
  const { schedule } = runHeld(stepper, hot, moves, { task: finding.task, at, until: [NEVER] });
  const made = new Map<number, number>();
  for (const { task, step, kind } of trace) if (kind !== 'switch') made.set(task, Math.max(step, made.get(task) ?? -1));
  const steps = executor
    .trace(schedule)
    .trace.filter(
      ({ kind, task, step }) => kind === 'access' && task !== finding.task && step > (made.get(task) ?? -1),
    );
  return steps.length === 0 ? [] : [{ ...last, kind: 'switch', task: finding.task }, ...steps];
}
