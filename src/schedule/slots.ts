/**
 * Task slots: the numbers of the hot form. With E events, event i is slot i, and the n-th spawn (from 0) of event p is
 * slot E + n·E + p, so a task's slot does not depend on who spawned first. Only children of events have such slots:
 * spawns of spawned tasks, and those whose slot is above the last, get the highest free one. The true path of a task
 * of a run is in its `TaskInfo`.
 */
import type { HotChoice, HotDeviation, HotSchedule, TaskPath } from './schedule.js';
import { isTaskPath, TASKS_MAX } from './validate.js';

/**
 * The slot of the n-th spawn of `parent`, or -1 if it has none: the parent is itself spawned, or the slots are used
 * up.
 */
export function slotOf(events: number, parent: number, n: number): number {
  if (parent < 0 || parent >= events || n < 0) return -1;
  const slot = events + n * events + parent;
  return slot < TASKS_MAX ? slot : -1;
}

/** The event that a slot belongs to: itself or its parent. */
export function eventOfSlot(events: number, slot: number): number {
  return slot % events;
}

/** `'1'` for an event, `'1.0'` for its first spawn. */
export function pathOfSlot(events: number, slot: number): TaskPath {
  if (slot < events) return String(slot);
  return `${slot % events}.${Math.floor(slot / events) - 1}`;
}

/** The inverse of `pathOfSlot`; -1 if that task has no slot. */
export function slotOfPath(events: number, path: TaskPath): number {
  if (!isTaskPath(path)) return -1;
  const [event = 0, n, ...deeper] = path.split('.').map(Number);
  if (event >= events || deeper.length > 0) return -1;
  return n === undefined ? event : slotOf(events, event, n);
}

/**
 * From this spawn on a slot number is taken for that of a deeper task: the executor hands those out from the highest
 * slot down, so they do not depend on the events. More than 16 spawns of one event are rarer than spawns of spawned
 * tasks.
 */
const DEEP_FROM = 16;

/**
 * The slot after events moved: `map[i]` is the new position of event i, or -1 if it is gone. -1 if the task is gone.
 * Whose a deeper task is cannot be told from its number: it stays, and where it is gone the executor ignores it.
 */
export function remapSlot(slot: number, eventsBefore: number, eventsAfter: number, map: readonly number[]): number {
  const nth = Math.floor(slot / eventsBefore) - 1;
  if (nth >= DEEP_FROM) return slot;
  const event = map[eventOfSlot(eventsBefore, slot)] ?? -1;
  return event < 0 || nth < 0 ? event : slotOf(eventsAfter, event, nth);
}

/** The decisions of the tasks that are still there, with their new numbers. */
export function remapDecisions(
  schedule: HotSchedule,
  eventsAfter: number,
  map: readonly number[],
): { deviations: HotDeviation[]; choices: HotChoice[] } {
  const renumber = (slot: number) => remapSlot(slot, schedule.events.length, eventsAfter, map);
  return {
    deviations: schedule.deviations
      .map((deviation) => ({ ...deviation, task: renumber(deviation.task), target: renumber(deviation.target) }))
      .filter(({ task, target }) => task >= 0 && target >= 0),
    choices: schedule.choices
      .map((choice) => ({ ...choice, task: renumber(choice.task) }))
      .filter(({ task }) => task >= 0),
  };
}
