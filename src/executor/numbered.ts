/**
 * The numbers of a schedule's decisions in one build of its model, as a campaign keeps them beside an entry of its corpus: the hot form without a
 * run that looks for it. Whoever uses it runs it and compares what ran with the schedule, so numbers that are wrong cost one execution and
 * nothing else.
 */
import { byTaskAndStep, isNormalHot } from '../schedule/hot.js';
import type { HotSchedule, Schedule } from '../schedule/schedule.js';
import { slotOfPath } from '../schedule/slots.js';
import type { Executor } from './executor.js';
import { hotEvents } from './portable.js';

/**
 * The hot form of a schedule whose n-th decision, deviations first, is its task's own decision or choice number `numbers[n]`; null if that is none,
 * or if a task is deeper than a child of an event, whose slot only a run tells.
 *
 * @throws HeddleError HDL_SCHEDULE_MODEL if the model has not the events.
 */
export function fromNumbers(executor: Executor, schedule: Schedule, numbers: readonly number[]): HotSchedule | null {
  if (numbers.length !== schedule.deviations.length + schedule.choices.length) return null;
  const events = hotEvents(executor, schedule);
  const slot = (path: string): number => slotOfPath(events.length, path);
  const deviations = schedule.deviations
    .map(({ task, target }, i) => ({ task: slot(task), step: numbers[i] ?? -1, target: slot(target) }))
    .sort(byTaskAndStep);
  const choices = schedule.choices
    .map(({ task, value }, i) => ({ task: slot(task), nth: numbers[deviations.length + i] ?? -1, value }))
    .sort((a, b) => a.task - b.task || a.nth - b.nth);
  const hot = { events, deviations, choices };
  return isNormalHot(hot) ? hot : null;
}
