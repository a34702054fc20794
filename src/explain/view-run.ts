/**
 * A run as data for the interleaving viewer: the trace, the diagram, the causes and the curve that `explain` has computed, and beside them what
 * memory held after each step, which is read while the host steps the run once more.
 */
import type { Executor } from '../executor/executor.js';
import { observeRun, type ObservedMove, type ObservedRun, type Use } from '../executor/observed-memory.js';
import { Stepper } from '../executor/stepping.js';
import type { TaskInfo, TracedExecution, TraceStep } from '../executor/types.js';
import type { FindingRecord } from '../findings/finding.js';
import { taskLabel } from '../findings/place.js';
import { preemptionPlaces } from '../findings/turns.js';
import type { HotSchedule } from '../schedule/schedule.js';
import { TraceNames } from './names.js';
import { type Draft, draftsOf, type Gap, type Row, type Scene } from './rows.js';
import { type Change, ViewObjects } from './view-objects.js';
import { type Explained, pairsOf } from './view-pairs.js';
import type {
  Arrival,
  StepKind,
  UseChange,
  ViewedFinding,
  ViewedLikelihood,
  ViewedObject,
  ViewedStep,
  ViewedSync,
  ViewedTask,
  ViewerData,
} from './viewer-data.js';
import { windowed } from './view-window.js';

export interface ViewInput {
  readonly executor: Executor;
  /** As `executor`, but `eager`. */
  readonly eager: Executor;
  readonly hot: HotSchedule;
  readonly traced: TracedExecution;
  readonly scene: Scene;
  /** The diagram of the run. */
  readonly rows: readonly (Row | Gap)[];
  /** null: a run without a finding, or one that was not explained. */
  readonly record: FindingRecord | null;
  readonly explained: Explained | null;
  /** A line of the model's source; empty if it is not there. */
  readonly sourceLine: (file: string, line: number) => string;
}

/** The same on every machine. */
export function viewRun(input: ViewInput): ViewerData {
  return new RunView(input).data();
}

/** A step without its task's lane, which is known when all steps are. */
type Made = Omit<ViewedStep, 'task'> & { readonly slot: number };

class RunView {
  private readonly run: ObservedRun;
  private readonly objects: ViewObjects;
  private readonly drafts: readonly Draft[];
  private readonly names: TraceNames;
  private readonly steps: Made[] = [];
  /** Steps made before each move, and after the last one. */
  private readonly stepsBefore: number[] = [];
  private readonly stepOfEntry = new Map<number, number>();
  private readonly syncs: { readonly address: number; readonly name: string }[] = [];
  private readonly born = new Map<number, number>();
  private readonly freed = new Map<number, number>();
  private readonly preempted: ReadonlySet<string>;
  private uses: ReadonlyMap<number, Use> = new Map();
  /** The entry of the trace up to which there are steps. */
  private lastEntry = -1;

  constructor(private readonly input: ViewInput) {
    const { executor, eager, hot, scene, traced } = input;
    this.run = observeRun(new Stepper(eager), hot, traced.trace);
    if (this.run.trace.length !== traced.trace.length) throw new Error('the stepped run is another one');
    this.names = new TraceNames(scene);
    this.drafts = draftsOf(scene);
    this.preempted = preemptionPlaces(traced, executor.manifest);
    const taskName = (slot: number): string => taskLabel(traced.tasks, slot);
    const { manifest } = executor;
    this.objects = new ViewObjects({ manifest, view: eager.view, run: this.run, names: this.names, taskName });
  }

  data(): ViewerData {
    const { executor, record, explained, traced } = this.input;
    const objectValues = this.objects.objects.map(({ fields }, o) => fields.map((_, f) => this.objects.value(o, f)));
    this.makeSteps();
    const slots = [...new Set(this.steps.map(({ slot }) => slot))].sort((a, b) => a - b);
    const lane = (slot: number): number => slots.indexOf(slot);
    const lanesOf = (list: readonly number[]): number[] => list.map(lane).filter((one) => one >= 0);
    const steps = this.steps.map(
      ({ slot, uses, ...rest }): ViewedStep => ({
        task: lane(slot),
        ...rest,
        uses: uses.map(([sync, holders, waiters]) => [sync, lanesOf(holders), lanesOf(waiters)]),
      }),
    );
    const { pairs, later } = pairsOf(
      { trace: traced.trace, manifest: executor.manifest, explained, finding: this.input.scene.finding },
      { names: this.names, stepOfEntry: (at) => this.stepOfEntry.get(at), failed: this.failedStep(), lane },
    );
    return windowed({
      schema: 'heddle.viewer/1',
      model: executor.manifest.name,
      design: executor.design,
      scene: executor.scene,
      finding: record === null ? null : viewedFinding(record),
      summary: explained?.summary ?? '',
      tasks: slots.map((slot) => this.task(slot)),
      steps,
      window: { before: 0, total: steps.length },
      objects: this.viewedObjects(objectValues),
      syncs: this.syncs.map(({ name }): ViewedSync => ({ name, holders: [], waiters: [] })),
      pairs,
      later,
      likelihood: this.likelihood(),
    });
  }

  /** Move by move, the rows that it made, with what it changed. */
  private makeSteps(): void {
    const { run, drafts, steps } = this;
    const rows = rowNumbers(this.input.rows);
    let next = 0;
    const add = (until: number): void => {
      for (; next < drafts.length && (drafts[next]?.at ?? 0) < until; next++) {
        const draft = drafts[next];
        if (draft) steps.push(this.step(draft, rows[next] ?? -1));
      }
    };
    add(run.entries);
    for (const move of run.moves) {
      const first = steps.length;
      this.stepsBefore.push(first);
      const changes = this.objects.apply(move);
      const uses = move.uses === null ? [] : this.useChanges(move.uses);
      add(move.entries);
      const isVisible = changes.length + uses.length + move.published.length + move.freed.length > 0;
      if (steps.length === first && isVisible) steps.push(this.resumed(move));
      this.note(first, changes, uses);
      for (const start of move.published) this.born.set(start, first);
      for (const start of move.freed) this.freed.set(start, first);
    }
    this.stepsBefore.push(steps.length);
    add(Number.POSITIVE_INFINITY);
  }

  /** Tells a move's first step what it changed; who waited for a task to end can go on with its last one, when it has. */
  private note(first: number, changes: readonly Change[], uses: readonly UseChange[]): void {
    const last = this.steps.length - 1;
    const step = this.steps[first];
    if (step === undefined) return;
    const isEnd = ([sync]: UseChange): boolean => first < last && (this.syncs[sync]?.name.startsWith(END) ?? false);
    const own = changes.find(({ object, field }) => object === step.object && field === step.field);
    const after = step.kind === 'write' && step.field >= 0 ? this.objects.value(step.object, step.field) : step.value;
    this.steps[first] = {
      ...step,
      value: after,
      before: step.kind === 'write' ? (own?.before ?? after) : '',
      changes: changes.map(({ object, field, after }) => [object, field, after]),
      uses: uses.filter((use) => !isEnd(use)),
    };
    const end = this.steps[last];
    if (end && first < last) this.steps[last] = { ...end, uses: uses.filter(isEnd) };
  }

  private step(draft: Draft, row: number): Made {
    const { step, at, mark, text, function: name } = draft;
    const site = this.input.executor.manifest.sites[step.site];
    const kind = kindOf(step, site?.operation ?? '');
    const isTouch = step.kind === 'access' || step.kind === 'finding';
    const [object, field] = isTouch ? this.objects.placeOf(step) : [-1, -1];
    // Entries of the same operation that have no row of their own.
    for (let i = at; i >= 0 && !this.stepOfEntry.has(i) && this.run.trace[i]?.task === step.task; i--)
      this.stepOfEntry.set(i, this.steps.length);
    return {
      ...EMPTY,
      slot: step.task,
      kind,
      text: name === '' ? text : text.slice(name.length + 2),
      function: name,
      file: site?.file ?? '',
      line: site?.line ?? 0,
      source: site ? this.input.sourceLine(site.file, site.line) : '',
      object,
      field,
      value: kind === 'read' || kind === 'write' ? this.names.value(step) : '',
      mark,
      // The switch away from a task is how the next one got the processor.
      arrival: this.arrival(step.kind === 'switch' ? at - 1 : at),
      row,
    };
  }

  /** What a task does between being chosen and its next point, without a scheduling point of its own. */
  private resumed({ task, at, entries }: ObservedMove): Made {
    const kind = at < 0 ? 'start' : 'resume';
    const text = at < 0 ? '(starts)' : '(goes on)';
    return { ...EMPTY, slot: task, kind, text, arrival: this.arrival(entries - 1) };
  }

  /** How the processor came to who makes the entry: by what the trace says since the last step. */
  private arrival(at: number): Arrival {
    const { trace } = this.run;
    let arrival: Arrival = this.steps.length === 0 ? 'start' : '';
    for (let i = this.lastEntry + 1; i <= at; i++) {
      const entry = trace[i];
      if (entry?.kind !== 'switch' || arrival === 'preemption') continue;
      const before = trace[i - 1]?.kind;
      if (this.preempted.has(`${entry.task},${entry.step}`)) arrival = 'preemption';
      else arrival = before === 'block' ? 'wait' : before === 'exit' ? 'end' : 'yield';
    }
    this.lastEntry = Math.max(at, this.lastEntry);
    return arrival;
  }

  private useChanges(uses: readonly Use[]): UseChange[] {
    const changes: UseChange[] = [];
    const now = new Map(uses.map((use) => [use.address, use]));
    for (const address of new Set([...now.keys(), ...this.uses.keys()])) {
      const { holders = [], waiters = [] } = now.get(address) ?? {};
      const before = this.uses.get(address);
      if (String(before?.holders ?? []) === String(holders) && String(before?.waiters ?? []) === String(waiters))
        continue;
      let sync = this.syncs.findIndex((one) => one.address === address);
      if (sync < 0) sync = this.syncs.push({ address, name: this.objects.nameAt(address) }) - 1;
      changes.push([sync, holders, waiters]);
    }
    this.uses = now;
    return changes;
  }

  private task(slot: number): ViewedTask {
    const { executor, traced, hot } = this.input;
    const info: TaskInfo | undefined = traced.tasks.find((task) => task.slot === slot);
    const call = hot.events[slot];
    const event = call && executor.declarations.events[call.event];
    const args = (call?.args ?? []).slice(0, event?.arity ?? 0);
    return {
      name: taskLabel(traced.tasks, slot),
      event: event?.name ?? info?.name ?? '',
      args: args.map((value, i) => ({ name: event?.args[i]?.name ?? `argument ${i + 1}`, value })),
    };
  }

  private viewedObjects(first: readonly (readonly string[])[]): ViewedObject[] {
    return this.objects.objects.map(({ name, start, fields }, o) => {
      const born = this.born.get(start) ?? -1;
      return {
        name,
        fields: fields.map((field, f) => ({ name: field.name, value: born < 0 ? (first[o]?.[f] ?? '') : '' })),
        born,
        freed: this.freed.get(start) ?? null,
      };
    });
  }

  private likelihood(): ViewedLikelihood | null {
    const likelihood = this.input.explained?.likelihood ?? null;
    if (likelihood === null) return null;
    const { continuations, points, turningPoint } = likelihood;
    const stepsAt = (moves: number): number => this.stepsBefore[moves] ?? this.steps.length;
    const turn =
      turningPoint &&
      this.run.moves.findIndex(({ task, at }) => task === turningPoint.move.task && at === turningPoint.move.at);
    return {
      continuations,
      points: points.map(({ moves, failed }) => ({ steps: stepsAt(moves), share: failed / continuations })),
      turn:
        turningPoint && turn !== null && turn >= 0
          ? { step: stepsAt(turn), before: turningPoint.before, after: turningPoint.after }
          : null,
    };
  }

  /** The step that shows the finding; -1 if none does. */
  private failedStep(): number {
    const kind = this.input.scene.finding?.kind;
    return this.steps.findLastIndex(({ mark }) => mark !== '' && mark === kind);
  }
}

/** How the name of what joins wait for begins. */
const END = 'end of ';

const EMPTY = {
  function: '',
  file: '',
  line: 0,
  source: '',
  object: -1,
  field: -1,
  value: '',
  before: '',
  mark: '',
  row: -1,
  changes: [],
  uses: [],
} as const;

function kindOf({ kind }: TraceStep, operation: string): StepKind {
  if (kind === 'block') return 'wait';
  if (kind === 'exit') return 'end';
  if (kind === 'choose') return 'choice';
  if (kind === 'note') return 'note';
  if (kind === 'finding') return 'fail';
  if (kind === 'spawn') return 'sync';
  if (kind === 'switch') return 'resume';
  if (operation === 'load') return 'read';
  if (operation === 'store') return 'write';
  return operation === 'free' ? 'free' : 'sync';
}

/** For each draft that the diagram's rows come from, the row; -1 where it is left out. */
function rowNumbers(rows: readonly (Row | Gap)[]): number[] {
  return rows.flatMap((row, i) => ('steps' in row ? Array.from({ length: row.steps }, () => -1) : [i]));
}

function viewedFinding({ kind, title, symptom, signature, place }: FindingRecord): ViewedFinding {
  const where = place ? `${place.function} (${place.file}:${place.line})` : '';
  return { kind, title, symptom, signature, place: where };
}
