/** Everything that `explain` says of a finding, as data; the formats render it. */
import type { Executor } from '../executor/executor.js';
import { movesOf, Stepper } from '../executor/stepping.js';
import type { RawFinding, TracedExecution, TraceStep } from '../executor/types.js';
import { classReader } from '../findings/analyse.js';
import type { FindingRecord } from '../findings/finding.js';
import { bucketOf, taskLabel } from '../findings/place.js';
import { SameBug } from '../findings/same-bug.js';
import { preemptionPlaces } from '../findings/turns.js';
import type { HotSchedule } from '../schedule/schedule.js';
import { type Causality, causalityOf, type Cause } from './causality.js';
import { type Conflict, aroundFailure } from './conflicts.js';
import { futureOf } from './future.js';
import { type Likelihood, likelihoodOf } from './likelihood.js';
import { TraceNames } from './names.js';
import { type Gap, madeLater, operationText, type Row, rowsOf, type Scene } from './rows.js';
import { sourceLines } from './source-lines.js';
import { summaryOf } from './summary.js';
import { viewRun } from './view-run.js';
import type { ViewerData } from './viewer-data.js';

/** One step of a run in words. */
export interface StepText {
  readonly task: string;
  readonly function: string;
  /** `Device.iommu write`. */
  readonly operation: string;
}

export interface PairText {
  readonly first: StepText;
  readonly second: StepText;
}

/** An order that the failure needs. */
export interface OrderText extends PairText {
  /** How it was turned round; of a `set`, none matters alone. */
  readonly flipped: Cause['flipped'];
  /** Further pairs of the set. */
  readonly members: readonly PairText[];
  /** Other pairs of the same turns that are needed as well. */
  readonly alike: readonly PairText[];
  /** Indices of the orders that follow from this one. */
  readonly leadsTo: readonly number[];
}

export interface CausalityText extends Omit<Causality, 'causes'> {
  readonly causes: readonly OrderText[];
}

export interface LikelihoodText {
  readonly continuations: number;
  /** Shares by steps made. */
  readonly points: readonly { readonly steps: number; readonly share: number }[];
  readonly turningPoint: (StepText & { readonly before: number; readonly after: number }) | null;
}

export interface Explanation {
  readonly record: FindingRecord;
  /** The diagram as data: tasks in columns, rows in order. */
  readonly tasks: readonly { readonly slot: number; readonly name: string }[];
  readonly rows: readonly (Row | Gap)[];
  readonly causality: CausalityText;
  readonly likelihood: LikelihoodText | null;
  readonly summary: string;
  /** The run step by step, for the interleaving viewer. */
  readonly viewer: ViewerData;
}

export interface ExplainInput {
  readonly executor: Executor;
  /** As `executor`, but `eager`. */
  readonly eager: Executor;
  readonly hot: HotSchedule;
  /** What `analyseFinding` has made of it. */
  readonly record: FindingRecord;
}

/** Runs the schedule some thousand times, changed in one order or continued by chance. The same answer on every machine. */
export function explainFinding({ executor, eager, hot, record }: ExplainInput): Explanation {
  const bug = new SameBug(executor, record.bucket);
  bug.learn(hot);
  const stepper = new Stepper(eager);
  const traced = executor.trace(hot);
  const finding = findingOf(traced, executor, record);
  const { manifest } = executor;
  const scene = sceneOf(executor, traced, finding);
  const words = new Words(scene);
  const rows = rowsOf(scene);
  const moves = movesOf(stepper, hot);
  const isBug = (findings: readonly RawFinding[]): boolean => findings.some((raw) => bug.isOfBucket(raw));
  const likelihood = likelihoodOf(stepper, hot, moves, finding, isBug);
  const future = futureOf(executor, stepper, hot, moves, traced, finding);
  const trace = [...aroundFailure(traced.trace, finding), ...future];
  const causality = causalityOf({ executor, stepper, bug, hot, trace, finding });
  const texts = {
    causality: { ...causality, causes: causality.causes.map((cause) => words.order(cause)) },
    likelihood: likelihood === null ? null : words.likelihood(likelihood),
  };
  const tasks = [...new Set(rows.map(({ task }) => task))]
    .sort((a, b) => a - b)
    .map((slot) => ({ slot, name: taskLabel(traced.tasks, slot) }));
  const later = madeLater(scene, preemptionPlaces(traced, manifest));
  const summary = summaryOf(record, { ...texts, later });
  const explained = { summary, causes: causality.causes, likelihood };
  const sourceLine = sourceLines(manifest);
  const viewer = viewRun({ executor, eager, hot, traced, scene, rows, record, explained, sourceLine });
  return { record, tasks, rows, ...texts, summary, viewer };
}

/** Any run for the viewer, without asking why it fails: with the finding of the record, or with none. */
export function viewOfRun(
  executor: Executor,
  eager: Executor,
  hot: HotSchedule,
  record: FindingRecord | null,
): ViewerData {
  const traced = executor.trace(hot);
  const finding = record === null ? null : findingOf(traced, executor, record);
  const { manifest } = executor;
  const scene = sceneOf(executor, traced, finding);
  const sourceLine = sourceLines(manifest);
  return viewRun({ executor, eager, hot, traced, scene, rows: rowsOf(scene), record, explained: null, sourceLine });
}

function sceneOf(executor: Executor, { tasks, trace, recorded }: TracedExecution, finding: RawFinding | null): Scene {
  const { manifest } = executor;
  return { manifest, tasks, trace, finding, deviations: recorded.deviations, classAt: classReader(executor) };
}

function findingOf(traced: TracedExecution, { manifest }: Executor, { bucket }: FindingRecord): RawFinding {
  const found = traced.findings.find((raw) => bucketOf(raw, manifest) === bucket);
  if (found === undefined) throw new Error(`the run does not show ${bucket}`);
  return found;
}

/** Steps of one run by name. */
class Words {
  private readonly names: TraceNames;

  constructor(private readonly scene: Scene) {
    this.names = new TraceNames(scene);
  }

  order({ conflict, flipped, members, alike, leadsTo }: Cause): OrderText {
    const others = members.filter((member) => member !== conflict);
    const pairs = (list: readonly Conflict[]): PairText[] => list.map((one) => this.pair(one));
    return { ...this.pair(conflict), flipped, members: pairs(others), alike: pairs(alike), leadsTo };
  }

  likelihood({ continuations, points, turningPoint }: Likelihood): LikelihoodText {
    const shares = points.map(({ moves, failed }) => ({ steps: moves, share: failed / continuations }));
    if (turningPoint === null) return { continuations, points: shares, turningPoint };
    const { move, before, after } = turningPoint;
    // What a task does after it was woken is its next step.
    const step = this.scene.trace.find(
      ({ kind, task, step }) => kind === 'access' && task === move.task && step >= move.at,
    );
    const text = step
      ? this.step(step)
      : { task: taskLabel(this.scene.tasks, move.task), function: '', operation: '(ends)' };
    return { continuations, points: shares, turningPoint: { ...text, before, after } };
  }

  private pair({ firstStep, secondStep }: Conflict): PairText {
    return { first: this.step(firstStep), second: this.step(secondStep) };
  }

  private step(step: TraceStep): StepText {
    const { manifest, tasks } = this.scene;
    const site = manifest.sites[step.site];
    return {
      task: taskLabel(tasks, step.task),
      function: site?.function ?? '',
      operation: operationText(step, site, this.names),
    };
  }
}
