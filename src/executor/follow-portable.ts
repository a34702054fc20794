/**
 * Runs a schedule of a file in one execution: each of its decisions is made when its task comes to the place. A step of it costs more than one of
 * a replay, but `fromPortable` needs several executions to find the same.
 */
import { byTaskAndStep } from '../schedule/hot.js';
import {
  type Choice,
  type Deviation,
  type HotChoice,
  type HotDeviation,
  LIMITS,
  type Schedule,
} from '../schedule/schedule.js';
import { siteKey } from '../schedule/site.js';
import { writeDecisions } from './input.js';
import { namedSite } from './named-sites.js';
import { hotEvents, type Resolved } from './portable.js';
import type { Stepper } from './stepping.js';
import { readChoicesSince, tracedSteps } from './trace.js';
import type { TraceKind } from './types.js';

/**
 * The hot form, as `fromPortable` finds it. Where a task chooses (`choose`, `fault`), the execution is saved before the move and the move is made
 * again with the answer that is wanted; a choice in an execution too large to be saved is dropped.
 *
 * @throws HeddleError HDL_SCHEDULE_MODEL if the model has not the events.
 */
export function followPortable(stepper: Stepper, schedule: Schedule): Resolved {
  return new Following(stepper, schedule).run();
}

/** What is open has no number yet. */
class Following {
  private readonly deviations = new Map<string, Deviation>();
  private readonly choices = new Map<string, Choice>();
  private readonly counts = new Map<string, number>();
  private readonly choiceCounts = new Map<number, number>();
  private readonly paths = new Map<number, string>();
  private readonly madeDeviations: HotDeviation[] = [];
  private madeChoices: HotChoice[] = [];
  private readonly dropped: (Deviation | Choice)[] = [];

  constructor(
    private readonly stepper: Stepper,
    private readonly schedule: Schedule,
  ) {
    for (const one of schedule.deviations) this.deviations.set(keyOf(one), one);
    for (const one of schedule.choices) this.choices.set(keyOf(one), one);
  }

  run(): Resolved {
    const { stepper } = this;
    const events = hotEvents(stepper.executor, this.schedule);
    const isTracing = this.choices.size > 0;
    stepper.executor.setTracing(isTracing);
    try {
      stepper.open({ events, deviations: [], choices: [] });
      while (stepper.isOpen) {
        const move = this.decide();
        if (this.choices.size === 0) move();
        else this.withChoices(move);
      }
      stepper.finish();
    } finally {
      stepper.executor.setTracing(false);
    }
    const deviations = this.madeDeviations.sort(byTaskAndStep);
    const dropped = [...this.dropped, ...this.deviations.values(), ...this.choices.values()];
    return { hot: { events, deviations, choices: this.madeChoices }, dropped };
  }

  /** What the schedule wants at the open decision. */
  private decide(): () => void {
    const { stepper } = this;
    const { pendingTask: task, pendingKind: kind, pendingStep: step } = stepper;
    const byDefault = (): void => void stepper.move(null);
    if (task < 0) return byDefault;
    const place = this.arrive(task, kind, stepper.pendingSite);
    const wanted = this.deviations.get(place);
    if (wanted === undefined) return byDefault;
    this.deviations.delete(place);
    const target = this.slotOf(wanted.target);
    const isSelf = target === task && kind === 'access';
    if (target === undefined || !(isSelf || stepper.executor.ready().includes(target))) {
      this.dropped.push(wanted);
      return byDefault;
    }
    this.madeDeviations.push({ task, step, target });
    if (isSelf && stepper.byDefault === task) return () => stepper.goRound();
    return () => void stepper.move(target);
  }

  /** Makes the move as often as it comes to a choice that must answer something else. */
  private withChoices(move: () => void): void {
    const { stepper } = this;
    const { view } = stepper.executor;
    let saved: Uint8Array;
    try {
      saved = stepper.executor.save();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.dropped.push(...this.choices.values());
      this.choices.clear();
      move();
      return;
    }
    const from = tracedSteps(view);
    for (let known = 0; ; ) {
      move();
      const seen = readChoicesSince(view, from);
      for (; known < seen.length; known++) {
        const one = seen[known];
        if (one && this.choose(one)) break;
      }
      if (known === seen.length) return;
      known += 1;
      writeDecisions(view, 'INPUT', { events: [], deviations: [], choices: this.madeChoices });
      stepper.restore(saved);
    }
  }

  /** Whether the choice must answer another value than it did; from now on it does. */
  private choose({ task, site, n, value }: ReturnType<typeof readChoicesSince>[number]): boolean {
    const nth = this.choiceCounts.get(task) ?? 0;
    this.choiceCounts.set(task, nth + 1);
    const place = `choice ${this.arrive(task, 'choose', site)}`;
    const wanted = this.choices.get(place);
    if (wanted === undefined) return false;
    this.choices.delete(place);
    if (wanted.value >= n) {
      this.dropped.push(wanted);
      return false;
    }
    const choices = [...this.madeChoices, { task, nth, value: wanted.value }];
    this.madeChoices = choices.sort((a, b) => a.task - b.task || a.nth - b.nth).slice(0, LIMITS.choices);
    return wanted.value !== value;
  }

  /** The place as a schedule names it. */
  private arrive(task: number, kind: TraceKind, site: number): string {
    const { key: name } = namedSite({ kind, site }, this.stepper.executor.manifest);
    const key = `${task} ${name}`;
    const occurrence = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, occurrence);
    return `${this.pathOf(task)} ${occurrence} ${name}`;
  }

  private pathOf(slot: number): string {
    if (!this.paths.has(slot)) this.readTasks();
    return this.paths.get(slot) ?? '';
  }

  private slotOf(path: string): number | undefined {
    const find = (): number | undefined => [...this.paths].find(([, other]) => other === path)?.[0];
    const found = find();
    if (found !== undefined) return found;
    this.readTasks();
    return find();
  }

  private readTasks(): void {
    for (const { slot, path } of this.stepper.executor.result().tasks) this.paths.set(slot, path);
  }
}

function keyOf(wanted: Deviation | Choice): string {
  const place = `${wanted.task} ${wanted.occurrence} ${siteKey(wanted.site)}`;
  return 'value' in wanted ? `choice ${place}` : place;
}
