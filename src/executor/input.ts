/** Writes schedules into the executor's memory. */
import type { HotSchedule } from '../schedule/schedule.js';
import type { Declarations } from './declarations.js';
import { CONTROL, MEMORY } from './layout.js';
import type { MemoryView } from './memory-view.js';
import { noteEvent } from './observed.js';

/** The events of the following executions. @throws RangeError for an event that the model does not declare. */
export function writeEvents(view: MemoryView, schedule: HotSchedule, declarations: Declarations): void {
  schedule.events.forEach((call, i) => {
    const at = MEMORY.INPUT + MEMORY.EVENTS + i * 32;
    const event = declarations.events[call.event];
    if (!event) throw new RangeError(`event ${call.event} does not exist`);
    noteEvent(view, call.event);
    const words = [event.entry, event.arity, call.args[0] ?? 0, call.args[1] ?? 0, call.args[2] ?? 0, call.event];
    words.forEach((word, k) => {
      view.setI32(at + k * 4, word);
    });
  });
  view.setI32(MEMORY.CONTROL + CONTROL.events, schedule.events.length);
}

/** Deviations and choices: of the schedule to run (INPUT), or of the one that mutation starts from (BASE). */
export function writeDecisions(view: MemoryView, area: 'INPUT' | 'BASE', schedule: HotSchedule): void {
  schedule.deviations.forEach((d, i) => {
    const at = MEMORY[area] + MEMORY.DEVIATIONS + i * 8;
    view.setI32(at, d.step);
    view.setU16(at + 4, d.target);
    view.setU16(at + 6, d.task);
  });
  schedule.choices.forEach((c, i) => {
    const at = MEMORY[area] + MEMORY.CHOICES + i * 8;
    view.setI32(at, c.nth);
    view.setU16(at + 4, c.value);
    view.setU16(at + 6, c.task);
  });
  const [deviations, choices] =
    area === 'INPUT' ? (['deviations', 'choices'] as const) : (['baseDeviations', 'baseChoices'] as const);
  view.setI32(MEMORY.CONTROL + CONTROL[deviations], schedule.deviations.length);
  view.setI32(MEMORY.CONTROL + CONTROL[choices], schedule.choices.length);
}

/** What mutation knows of its parent's run: the decisions of each task, and the number of choices. */
export function writeParentRun(
  view: MemoryView,
  steps: readonly { slot: number; steps: number }[],
  choices: number,
): void {
  const at = MEMORY.BASE + MEMORY.BASE_STEPS;
  view.bytes.fill(0, at, at + MEMORY.TASKS_MAX * 4);
  let total = 0;
  for (const task of steps) {
    view.setI32(at + task.slot * 4, task.steps);
    total += task.steps;
  }
  view.setI32(MEMORY.CONTROL + CONTROL.baseTotal, total);
  view.setI32(MEMORY.CONTROL + CONTROL.baseChoiceCount, choices);
}
