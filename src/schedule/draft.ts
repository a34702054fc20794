/**
 * A schedule under mutation, with what is known of its parent's last run. Operators change it in place; it stays
 * private to one call of `mutate`.
 */
import type { Random } from './prng.js';
import { type HotChoice, type HotDeviation, type HotEvent, type HotSchedule, LIMITS } from './schedule.js';
import { remapDecisions, remapSlot } from './slots.js';

/** A declared event. Its index in `MutationContext.events` is its number in the hot form. */
export interface EventDomain {
  readonly name: string;
  /** Both ends belong to the domain. */
  readonly args: readonly { readonly min: number; readonly max: number }[];
  /** How many of it a schedule may have; 0 = any number. */
  readonly atMost: number;
}

/** A `choose` or `fault` that the parent's last run came to. */
export interface SeenChoice {
  readonly task: number;
  readonly nth: number;
  /** Number of alternatives: the values are 0 … n − 1. */
  readonly n: number;
}

/** What operators may use; slots are those of the parent. Empty lists are fine: then the operators guess. */
export interface MutationContext {
  readonly events: readonly EventDomain[];
  /** A fixed scene: the events and their arguments stay, only their start order may change. */
  readonly fixedEvents: boolean;
  /** Decisions that each task took in the parent's last run, by slot; 0 or absent = no such task. */
  readonly steps: readonly number[];
  readonly choices: readonly SeenChoice[];
}

/** Assumed for a task of which nothing is known. */
const STEPS_GUESS = 16;

export class Draft implements HotSchedule {
  events: HotEvent[];
  deviations: HotDeviation[];
  choices: HotChoice[];
  seen: SeenChoice[];
  private steps: number[];
  private tasksCache: number[] | null = null;

  constructor(parent: HotSchedule, context: MutationContext) {
    this.events = [...parent.events];
    this.deviations = [...parent.deviations];
    this.choices = [...parent.choices];
    this.seen = [...context.choices];
    this.steps = [...context.steps];
  }

  /** Slots that a run may have: the events, and what the last run spawned. */
  get tasks(): readonly number[] {
    this.tasksCache ??= this.listTasks();
    return this.tasksCache;
  }

  stepsOf(slot: number): number {
    return this.steps[slot] || STEPS_GUESS;
  }

  /** A task and one of its steps; every step of the last run is equally likely. */
  pickStep(random: Random): { task: number; step: number } {
    let total = 0;
    for (const task of this.tasks) total += this.stepsOf(task);
    let rest = random.below(Math.max(1, total));
    for (const task of this.tasks) {
      const steps = this.stepsOf(task);
      if (rest < steps) return { task, step: rest };
      rest -= steps;
    }
    return { task: 0, step: 0 };
  }

  /** Another task than this one, or -1 if there is none. */
  pickOther(task: number, random: Random): number {
    const own = this.tasks.indexOf(task);
    const others = this.tasks.length - (own < 0 ? 0 : 1);
    if (others === 0) return -1;
    const at = random.below(others);
    return this.tasks[own >= 0 && at >= own ? at + 1 : at] ?? -1;
  }

  hasDeviation(task: number, step: number): boolean {
    return this.deviations.some((deviation) => deviation.task === task && deviation.step === step);
  }

  /** `false` if there is no room, or a deviation at that step, or nobody to run. */
  addDeviation(task: number, step: number, target: number): boolean {
    if (this.deviations.length >= LIMITS.deviations || step < 0 || target < 0 || target === task) return false;
    if (this.hasDeviation(task, step)) return false;
    this.deviations.push({ task, step, target });
    return true;
  }

  /**
   * Replaces the events. Each new one says which old one it is (-1 = none); the decisions of a task follow its event,
   * and those of a lost event are lost.
   */
  replaceEvents(next: readonly { readonly event: HotEvent; readonly from: number }[]): void {
    const before = this.events.length;
    const map = this.events.map((_, i) => next.findIndex(({ from }) => from === i));
    const { deviations, choices } = remapDecisions(this, next.length, map);
    const steps: number[] = new Array<number>(next.length).fill(0);
    for (const [slot, count] of this.steps.entries()) {
      const moved = count > 0 ? remapSlot(slot, before, next.length, map) : -1;
      if (moved >= 0) steps[moved] = count;
    }
    this.seen = this.seen
      .map((choice) => ({ ...choice, task: remapSlot(choice.task, before, next.length, map) }))
      .filter(({ task }) => task >= 0);
    this.events = next.map(({ event }) => event);
    this.deviations = deviations;
    this.choices = choices;
    this.steps = steps;
    this.tasksCache = null;
  }

  private listTasks(): number[] {
    const tasks = this.events.map((_, i) => i);
    // Assigning past the end leaves holes; they are absent tasks too.
    for (let slot = tasks.length; slot < this.steps.length; slot += 1) if (this.steps[slot]) tasks.push(slot);
    return tasks;
  }
}
