/**
 * From a diagram to the schedule that it shows. Its steps are looked up in runs of the model one after the other; where the next step is in another
 * column, the schedule switches there.
 */
import { HeddleError } from '../errors.js';
import type { Executor } from '../executor/executor.js';
import type { TracedExecution } from '../executor/types.js';
import { INVARIANTS, taskLabel } from '../findings/place.js';
import { byTaskAndStep } from '../schedule/hot.js';
import type { HotDeviation, HotSchedule } from '../schedule/schedule.js';
import { type Diagram, type DiagramRow, plainStep, printedStep } from './read-diagram.js';
import { type Draft, draftsOf, NO_STEP } from './rows.js';

/** So many steps of a task are named where the wanted one is not among them. */
const NAMED = 6;

/** @throws HeddleError HDL_SCHEDULE_SYNTAX naming the line, and what could not be placed. */
export function placeDiagram(executor: Executor, diagram: Diagram): HotSchedule {
  return new Placing(executor, diagram).run();
}

class Placing {
  private hot: HotSchedule;
  private traced: TracedExecution;
  private drafts: Draft[] = [];
  /** Index of the last step that was placed, in `drafts`. */
  private at = -1;
  /** Who has got the processor since, without a step, and the entry of the trace by which; `null` if nobody has. */
  private arrived: { readonly task: number; readonly at: number } | null = null;

  constructor(
    private readonly executor: Executor,
    private readonly diagram: Diagram,
  ) {
    this.hot = { events: eventsOf(executor, diagram), deviations: [], choices: [] };
    this.traced = executor.trace(this.hot);
    this.read();
  }

  run(): HotSchedule {
    let hidden = 0;
    let isGapBefore = false;
    for (const row of this.diagram.rows) {
      if (row.kind === 'gap') {
        hidden += row.hidden || 1;
        isGapBefore = true;
        continue;
      }
      if (this.diagram.columns[row.column] === INVARIANTS) continue;
      const task = this.taskOf(row);
      if (task !== this.running) this.switchTo(task, isGapBefore, row);
      isGapBefore = false;
      if (row.text === NO_STEP) {
        this.arrive(task);
        hidden += 1;
        continue;
      }
      this.place(row, task, hidden);
      this.arrived = null;
      hidden = 0;
    }
    return this.executor.run(this.hot).recorded;
  }

  /** Who made the last step; at the start, who begins by default. */
  private get running(): number {
    return this.arrived?.task ?? (this.drafts[this.at] ?? this.drafts[0])?.task ?? 0;
  }

  /** The task has the processor, and the next line is another task's: that one goes on at the task's next decision. */
  private arrive(task: number): void {
    const from = this.arrived?.at ?? this.drafts[this.at]?.at ?? -1;
    const at = this.traced.trace.findIndex(({ kind, value }, i) => i > from && kind === 'switch' && value === task);
    this.arrived = { task, at: at < 0 ? from : at };
  }

  private read(): void {
    const { manifest } = this.executor;
    const { trace, tasks, findings, recorded } = this.traced;
    this.drafts = draftsOf({ manifest, tasks, trace, finding: findings[0] ?? null, deviations: recorded.deviations });
  }

  private rerun(hot: HotSchedule): void {
    this.hot = hot;
    this.traced = this.executor.trace(hot);
    this.read();
  }

  private taskOf(row: DiagramRow): number {
    const { tasks } = this.traced;
    const name = this.diagram.columns[row.column] ?? '';
    const labels = tasks.map(
      ({ slot, name: plain, path }) => [slot, taskLabel(tasks, slot), plain, `${plain} [task ${path}]`] as const,
    );
    const exact = labels.find((words) => words.slice(1).includes(name));
    // Of two columns with one name, the first is the first task of that name.
    const nth = this.diagram.columns.slice(0, row.column).filter((other) => other === name).length;
    const same = labels.filter(([, , plain]) => plain === name || plain.split('(')[0] === name);
    const found = same[nth] ?? exact ?? same[0];
    if (found) return found[0];
    throw this.error(
      row,
      `no task is called “${name}” when this step comes`,
      `there are: ${labels.map(([, label]) => label).join(', ')}`,
    );
  }

  /** After the last step the other task goes on: at the next decision, or, if steps are left out there, where the task waits or ends. */
  private switchTo(target: number, isGapBefore: boolean, row: DiagramRow): void {
    const { trace } = this.traced;
    const last = this.arrived ? undefined : this.drafts[this.at];
    const from = this.arrived?.at ?? last?.at ?? -1;
    const task = this.running;
    const isStop = last !== undefined && (last.step.kind === 'block' || last.step.kind === 'exit');
    const next = isStop
      ? last.step
      : trace
          .slice(from + 1)
          .find(
            ({ kind, task: t, step }) =>
              t === task && step >= 0 && kind !== 'finding' && (!isGapBefore || kind === 'block' || kind === 'exit'),
          );
    if (next === undefined)
      throw this.error(row, `${this.label(task)} makes no further decision at which ${this.label(target)} could go on`);
    const other = this.hot.deviations.filter(({ task: t, step }) => t !== task || step !== next.step);
    const deviation: HotDeviation = { task, step: next.step, target };
    const deviations = [...other, deviation].sort(byTaskAndStep);
    this.rerun({ ...this.hot, deviations });
  }

  private place(row: DiagramRow, task: number, hidden: number): void {
    const choice = /^(?:[\w$.<>]+: )?.*: (\d+)$/.exec(row.text);
    if (choice) {
      this.choose(row, task, Number(choice[1]), hidden);
      return;
    }
    const exact = this.at + 1 + hidden;
    const fits = (draft: Draft | undefined): boolean =>
      draft !== undefined && draft.task === task && isSame(draft, row);
    const found = fits(this.drafts[exact]) ? exact : this.drafts.findIndex((draft, i) => i > this.at && fits(draft));
    if (found < 0) throw this.missing(row, task);
    this.at = found;
  }

  /** `choose: 2`: the task's next choice in that function behind so many hidden steps answers it. The run has no step for it yet. */
  private choose(row: DiagramRow, task: number, value: number, hidden: number): void {
    const { trace } = this.traced;
    const where = row.text.split(': ')[0];
    const next = (from: number): number =>
      trace.findIndex(
        ({ kind, task: t, site }, i) =>
          i > from && kind === 'choose' && t === task && this.executor.manifest.sites[site]?.function === where,
      );
    const last = this.drafts[this.at]?.at ?? -1;
    const exact = next(this.drafts[this.at + hidden]?.at ?? last);
    const index = exact < 0 ? next(last) : exact;
    if (index < 0) throw this.missing(row, task);
    const nth = trace.slice(0, index).filter(({ kind, task: t }) => kind === 'choose' && t === task).length;
    const choices = [...this.hot.choices, { task, nth, value }].sort((a, b) => a.task - b.task || a.nth - b.nth);
    this.rerun({ ...this.hot, choices });
    this.at = this.drafts.findIndex((draft) => draft.at >= index);
  }

  private missing(row: DiagramRow, task: number): HeddleError {
    const after = this.drafts.slice(this.at + 1).filter((draft) => draft.task === task);
    const state = this.traced.tasks.find(({ slot }) => slot === task)?.state;
    const next = after.slice(0, NAMED).map(({ text }) => text);
    const hint =
      next.length > 0
        ? `its steps after the line before are: ${next.join('; ')}${after.length > NAMED ? '; …' : ''}`
        : state === 'done'
          ? 'it has ended'
          : 'it makes no further step: it waits, or the run has ended';
    return this.error(row, `${this.label(task)} does not come to “${row.text}” here`, hint);
  }

  private label(task: number): string {
    return taskLabel(this.traced.tasks, task);
  }

  private error(row: DiagramRow, message: string, hint = 'docs/explaining.md says what a diagram means'): HeddleError {
    return new HeddleError('HDL_SCHEDULE_SYNTAX', `${this.diagram.origin}:${row.line}: ${message}`, { hint });
  }
}

/** The step in full; its last part (`balance read`); or a function alone, for its first step. */
function isSame({ text, function: name }: Draft, { text: wanted, printed }: DiagramRow): boolean {
  if (printedStep(text) === printedStep(printed)) return true;
  const plain = plainStep(text);
  if (plain === wanted || name === wanted.replace(/\(\)$/, '')) return true;
  const [where, what] = splitStep(wanted);
  const [ownWhere, ownWhat] = splitStep(plain);
  return (where === '' || where === ownWhere) && what !== '' && (ownWhat === what || ownWhat.endsWith(`.${what}`));
}

function splitStep(text: string): [string, string] {
  const [, where = '', what = ''] = /^(?:([\w$.<>]+): )?(.*)$/.exec(text) ?? [];
  return [where, what];
}

/** The columns that are events, in their order; a name without arguments stands for the scene's. What is no event is started by one. */
function eventsOf(executor: Executor, { columns, origin, line }: Diagram): HotSchedule['events'] {
  const declared = executor.declarations.events;
  const scene = [...executor.sceneSchedule().events];
  const events = columns.flatMap((column) => {
    const [, name = column, list] = /^(.+?)(?:\(([-\d, ]*)\))?(?: \[(?:task )?[\d.]+\])?$/.exec(column) ?? [];
    const event = declared.findIndex((one) => one.name === name);
    if (event < 0) return [];
    if (list !== undefined)
      return [
        {
          event,
          args: list
            .split(',')
            .filter((word) => word.trim() !== '')
            .map(Number),
        },
      ];
    const inScene = scene.findIndex((call) => call.event === event);
    const args = scene.splice(inScene, inScene < 0 ? 0 : 1)[0]?.args ?? [];
    return [{ event, args }];
  });
  if (events.length > 0) return events;
  throw new HeddleError(
    'HDL_SCHEDULE_SYNTAX',
    `${origin}:${line}: no column is an event of ${executor.manifest.name}`,
    {
      hint: `it declares: ${declared.map(({ name }) => name).join(', ')}`,
    },
  );
}
