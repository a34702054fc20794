/** The hot form's normal form and identity. Mutators and the minimizer give normal schedules only. */
import { type HotChoice, type HotDeviation, type HotSchedule, LIMITS } from './schedule.js';
import { INT_MAX, INT_MIN, isInt, TASKS_MAX } from './validate.js';

/**
 * Sorted by task and step; of two decisions at one place the first in the list stays; without choices of the default
 * and without numbers that no executor has; within `LIMITS`. A deviation to the task itself stays: at a yield and in a
 * spinning loop the default is another task, and then "go on" is a decision. The input is not copied where it is in
 * order.
 */
export function normaliseHot(schedule: HotSchedule): HotSchedule {
  const deviations = schedule.deviations.filter(
    ({ task, step, target }) => isSlot(task) && isInt(step, 0, INT_MAX) && isSlot(target),
  );
  const choices = schedule.choices.filter(
    ({ task, nth, value }) => isSlot(task) && isInt(nth, 0, INT_MAX) && isInt(value, 1, INT_MAX),
  );
  return {
    events: schedule.events.slice(0, LIMITS.events),
    deviations: sortedUnique(deviations, stepOf).slice(0, LIMITS.deviations),
    choices: sortedUnique(choices, nthOf).slice(0, LIMITS.choices),
  };
}

/** The order in which an executor wants deviations. */
export const byTaskAndStep = (a: Pick<HotDeviation, 'task' | 'step'>, b: Pick<HotDeviation, 'task' | 'step'>): number =>
  a.task - b.task || a.step - b.step;

/** Whether `normaliseHot` would leave it as it is. */
export function isNormalHot(schedule: HotSchedule): boolean {
  const { events, deviations, choices } = normaliseHot(schedule);
  return (
    events.length === schedule.events.length &&
    sameList(deviations, schedule.deviations) &&
    sameList(choices, schedule.choices) &&
    events.every(({ args }) => args.length <= LIMITS.args && args.every((arg) => isInt(arg, INT_MIN, INT_MAX)))
  );
}

/** Equal for schedules that mean the same, whatever the order of their decisions. */
export function hotKey(schedule: HotSchedule): string {
  const events = schedule.events.map(({ event, args }) => [event, ...args].join(','));
  const deviations = sortedUnique(schedule.deviations, stepOf).map(
    ({ task, step, target }) => `${task},${step},${target}`,
  );
  const choices = sortedUnique(schedule.choices, nthOf).map(({ task, nth, value }) => `${task},${nth},${value}`);
  return [events, deviations, choices].map((list) => list.join(';')).join('|');
}

function stepOf(deviation: HotDeviation): number {
  return deviation.step;
}

function nthOf(choice: HotChoice): number {
  return choice.nth;
}

function sortedUnique<T extends { readonly task: number }>(
  list: readonly T[],
  place: (item: T) => number,
): readonly T[] {
  const isAscending = list.every((item, i) => {
    const before = list[i - 1];
    return (
      before === undefined || before.task < item.task || (before.task === item.task && place(before) < place(item))
    );
  });
  if (isAscending) return list;
  // The sort is stable, so the first in the list comes first among equals.
  const sorted = [...list].sort((a, b) => a.task - b.task || place(a) - place(b));
  return sorted.filter((item, i) => {
    const before = sorted[i - 1];
    return before === undefined || before.task !== item.task || place(before) !== place(item);
  });
}

function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

function isSlot(slot: number): boolean {
  return isInt(slot, 0, TASKS_MAX - 1);
}
