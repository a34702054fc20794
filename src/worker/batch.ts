/** Runs one batch: stages of executions, each strategy inside Wasm. No threads here; `entry.ts` puts it into one. */
import { Executor, INTEREST } from '../executor/executor.js';
import { learntApart } from '../executor/learnt-apart.js';
import { Observations } from '../executor/observed.js';
import { LEARNT } from '../executor/layout.js';
import { countKinds, isBetterSaid } from '../executor/oracles.js';
import { portableOf } from '../executor/portable.js';
import type { ExecutionResult, Glanced, RawFinding, TaskInfo } from '../executor/types.js';
import { provisionalSymptom } from '../findings/facts.js';
import type { SeenChoice } from '../schedule/draft.js';
import type { HotSchedule } from '../schedule/schedule.js';
import { CostlyOracles } from './costly.js';
import {
  type BatchRequest,
  type BatchResult,
  type Bucket,
  type Discovery,
  isSameBucket,
  type Sample,
  type Sighting,
  type Stage,
  type WorkerSetup,
} from './protocol.js';

/** Executions between two looks at the clock. */
const SLICE = 1024;
/** In one batch of so many, findings that are known are noticed again, each once: so that it can be told when they were last seen. */
const AGAIN_EVERY = 64;

/** Decisions by slot. */
export function stepsBySlot(tasks: readonly TaskInfo[]): number[] {
  const steps: number[] = [];
  for (const task of tasks) steps[task.slot] = task.steps;
  return Array.from(steps, (n) => n ?? 0);
}

/** What a batch has so far. */
interface Progress {
  readonly executions: readonly number[];
  readonly discoveries: Discovery[];
  readonly samples: Sample[];
  readonly sightings: Sighting[];
  readonly again: Bucket[];
  readonly known: readonly Bucket[];
  readonly exhausted: number[];
  readonly leftOut: number[];
  /** Its time is up. */
  isOver(): boolean;
}

export class BatchRunner {
  private readonly executors = new Map<string, Executor>();
  private readonly observations = new Observations();
  private batches = 0;
  /** Of batches only: what is run again to look at it closer tells nothing of how often states show. */
  private executions = 0;
  private linked: WebAssembly.Module | null = null;
  readonly costly: CostlyOracles;

  /**
   * `announce` is called before a stage runs, with the executor's memory. `now` is the clock of time budgets, in milliseconds; `worker` the
   * number of this worker, from 0.
   */
  constructor(
    private readonly setup: WorkerSetup,
    private readonly now: () => number,
    private readonly worker: number,
    private readonly announce: (id: number, scene: string, memory: SharedArrayBuffer) => void = () => {},
  ) {
    this.costly = new CostlyOracles(setup);
  }

  /** The executor of a scene, made at its first use. */
  executor(scene: string): Executor {
    let executor = this.executors.get(scene);
    if (!executor) {
      const { artefact, design, options, stepLimit, fuelLimit } = this.setup;
      executor = Executor.create({
        artefact,
        configuration: { design, scene, options },
        limits: { steps: stepLimit, fuel: fuelLimit },
        visibleOnly: this.setup.visibleOnly,
      });
      countKinds(executor, this.setup.oracles);
      executor.share(this.worker, this.setup.workers);
      if (this.linked) executor.relink(this.linked);
      this.executors.set(scene, executor);
    }
    return executor;
  }

  /** The executor of a scene, announced: if it hangs now, what it was running can be read. */
  open(id: number, scene: string): Executor {
    const executor = this.executor(scene);
    this.announced(id, scene, executor);
    return executor;
  }

  /** The same for an executor of somebody else. */
  announced(id: number, scene: string, { view }: Executor): void {
    this.announce(id, scene, view.buffer as SharedArrayBuffer);
  }

  /** Executors run this module from now on. */
  private relink(linked: WebAssembly.Module | null): void {
    if (!linked || this.linked) return;
    this.linked = linked;
    for (const executor of this.executors.values()) executor.relink(linked);
  }

  run(request: BatchRequest): BatchResult {
    const begin = this.now();
    this.relink(request.linked);
    const discoveries: Discovery[] = [];
    const samples: Sample[] = [];
    const sightings: Sighting[] = [];
    const again: Bucket[] = [];
    this.batches += 1;
    const executions: number[] = [];
    const stagePoints: number[] = [];
    const stageMs: number[] = [];
    const stageStates: number[] = [];
    const [exhausted, leftOut]: [number[], number[]] = [[], []];
    const adopted = new Set<Executor>();
    let points = 0;
    let knownHits = 0;
    for (const [index, stage] of request.stages.entries()) {
      const isOver = (): boolean =>
        (request.budgetMs !== null && this.now() - begin > request.budgetMs) ||
        (request.stopOnFirst && sightings.some(({ bucket }) => this.isReported(bucket)));
      if (isOver()) {
        for (const list of [executions, stagePoints, stageMs, stageStates]) list.push(0);
        continue;
      }
      const executor = this.open(request.id, stage.scene);
      if (!adopted.has(executor)) this.adopt(executor, request);
      adopted.add(executor);
      const before = executor.totals();
      executor.seed(request.seed ^ (BigInt(index + 1) * 0x9e3779b97f4a7c15n));
      const { known } = request;
      const progress = { executions, discoveries, samples, sightings, again, exhausted, leftOut, isOver, known };
      const run = () => this.runStage(executor, stage, index, progress);
      const ran = learntApart(executor, stage.strategy, stage.schedule.events, run);
      executions.push(ran.executions);
      stageMs.push(ran.ms);
      const after = executor.totals();
      points += after.points - before.points;
      stagePoints.push(after.points - before.points);
      stageStates.push(after.states - before.states);
      knownHits += after.knownFindings - before.knownFindings;
    }
    const totals = [...this.executors.values()].map((e) => e.totals());
    const sum = (field: 'states' | 'statesOnce'): number => totals.reduce((n, t) => n + t[field], 0);
    for (const n of executions) this.executions += n;
    const observed = new Observations();
    for (const executor of adopted) observed.add(this.observations.add(executor.observed()));
    return {
      type: 'batch',
      id: request.id,
      discoveries,
      samples,
      sightings,
      again,
      executions,
      stagePoints,
      stageMs,
      stageStates,
      exhausted,
      leftOut,
      worker: this.worker,
      workerExecutions: this.executions,
      statesOnce: sum('statesOnce'),
      points,
      knownHits,
      fullTables: [...this.costly.fullTables],
      states: sum('states'),
      observed: observed.all(),
    };
  }

  private isReported({ kind }: Bucket): boolean {
    return this.setup.oracles?.includes(kind) ?? true;
  }

  /** Takes over what others have seen and found. */
  private adopt(executor: Executor, request: BatchRequest): void {
    const shared = new Uint8Array(this.setup.coverage);
    const map = executor.coverage();
    for (let i = 0; i < map.length; i++) if (shared[i]) map[i] = 1;
    if (this.batches % AGAIN_EVERY === 0) executor.forget();
    else for (const bucket of request.known) executor.acknowledge(bucket);
  }

  private runStage(
    executor: Executor,
    stage: Stage,
    index: number,
    batch: Progress,
  ): { executions: number; ms: number } {
    const { discoveries } = batch;
    const offset = batch.executions.reduce((sum, n) => sum + n, 0);
    prepareStage(executor, stage);
    const { samples = 0 } = stage;
    const slice = Math.min(SLICE, Math.ceil(stage.executions / Math.max(1, samples)));
    let done = 0;
    let ms = 0;
    while (done < stage.executions && !(done > 0 && batch.isOver())) {
      const began = this.now();
      const ran = executor.batch(Math.min(slice, stage.executions - done));
      ms += this.now() - began;
      done += ran;
      const interest = executor.interest();
      if (ran === 0) {
        batch.exhausted.push(index);
        if (executor.view.i32(LEARNT.LEFT_OUT) !== 0) batch.leftOut.push(index);
        break;
      }
      if (interest === 0) {
        if (samples > 0) this.sample(executor, stage, index, batch);
        continue;
      }
      const result = executor.result();
      const seed = executor.randomState();
      const fresh = interest & INTEREST.finding ? result.findings.filter((f) => !executor.isKnown(f)) : [];
      for (const finding of fresh) executor.acknowledge(finding);
      const buckets = this.newBuckets(executor, result, fresh, batch);
      const seen = { stage: index, scene: stage.scene, schedule: result.recorded, executions: offset + done };
      const isKept = buckets.length > 0 || (interest & INTEREST.features) !== 0;
      this.sight(seen, buckets, isKept && this.setup.costly, batch);
      if (interest & INTEREST.features) {
        discoveries.push(this.discover(executor, stage.scene, index, result.recorded));
      }
      // Looking closer has used the executor: the stage goes on where it was.
      prepareStage(executor, stage);
      executor.seed(seed);
    }
    return { executions: done, ms };
  }

  /** Looks at the last execution, and leaves the stage where it was. */
  private sample(executor: Executor, stage: Stage, index: number, { samples }: Progress): void {
    const seed = executor.randomState();
    samples.push({ stage: index, features: executor.features(executor.result().recorded) });
    prepareStage(executor, stage);
    executor.seed(seed);
  }

  /** Of findings that the executor did not know: those whose kind, place and symptom nobody has reported. */
  private newBuckets(
    executor: Executor,
    { recorded, tasks }: ExecutionResult,
    fresh: readonly RawFinding[],
    batch: Progress,
  ): Bucket[] {
    const buckets: Bucket[] = [];
    for (const finding of fresh) {
      const { kind, site, message } = finding;
      const bucket = { kind, site, message, symptom: provisionalSymptom(executor, recorded, finding, tasks) };
      const isIn = (list: readonly Bucket[]): boolean => list.some((b) => isSameBucket(b, bucket));
      if (!isIn(batch.known)) {
        if (!isIn(batch.sightings.map((s) => s.bucket)) && !isIn(buckets)) buckets.push(bucket);
      } else if (!isIn(batch.again)) batch.again.push(bucket);
    }
    return buckets;
  }

  /** What a schedule has shown becomes sightings; the costly oracles may say more, and say better why nobody could go on. */
  private sight(seen: Omit<Sighting, 'bucket'>, buckets: readonly Bucket[], costly: boolean, batch: Progress): void {
    const look = costly ? this.costly.look(seen.scene, seen.schedule, [...batch.known, ...buckets]) : null;
    for (const bucket of buckets) {
      if (!isBetterSaid(bucket.kind, look?.kinds ?? [])) batch.sightings.push({ ...seen, bucket });
    }
    for (const bucket of look?.fresh ?? []) {
      const earlier = bucket.kind === 'lock-order' ? { earlier: look?.earlier ?? [] } : {};
      batch.sightings.push({ ...seen, bucket, ...earlier });
    }
  }

  /** What `recorded` reaches, and its portable form. */
  discover(executor: Executor, scene: string, stage: number, recorded: HotSchedule): Discovery {
    return this.discovered(executor, scene, stage, recorded.events, executor.glance(recorded));
  }

  /** The same of a run that was looked at; `events` are those that it was given. */
  discovered(
    executor: Executor,
    scene: string,
    stage: number,
    events: HotSchedule['events'],
    looked: Glanced,
  ): Discovery {
    const counts = new Map<number, number>();
    const choices: SeenChoice[] = [];
    for (const step of looked.trace) {
      if (step.kind !== 'choose') continue;
      const nth = counts.get(step.task) ?? 0;
      counts.set(step.task, nth + 1);
      choices.push({ task: step.task, nth, n: step.address });
    }
    const { schedule: portable, numbers } = portableOf(executor, events, looked, this.setup.modelName);
    return {
      ...{ stage, scene, schedule: looked.recorded, portable, numbers, choices },
      features: looked.features,
      steps: stepsBySlot(looked.tasks),
      points: looked.points,
      hash: looked.hash,
    };
  }
}

function prepareStage(executor: Executor, stage: Stage): void {
  const length = stage.steps.reduce((sum, n) => sum + n, 0);
  executor.strategy(stage.strategy, stage.parameter, length || 50);
  const steps = stage.steps.map((n, slot) => ({ slot, steps: n }));
  executor.setParent(stage.schedule, steps, stage.choices);
}
