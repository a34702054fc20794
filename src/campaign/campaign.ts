/**
 * A campaign: keeps every worker busy with batches, admits what reaches new features to the corpus, has findings minimized, and tells how
 * it goes. It runs in the main thread and never executes a model itself, except entries of an existing folder when it starts.
 */
import { join } from 'node:path';
import { now } from '../clock.js';
import { writeFileAtomic } from '../corpus/atomic.js';
import { CorpusStore } from '../corpus/store.js';
import { type Vacuity, vacuityOf } from '../coverage/vacuity.js';
import { HeddleError } from '../errors.js';
import type { Declarations, SceneDeclaration } from '../executor/declarations.js';
import { Executor } from '../executor/executor.js';
import { MEMORY } from '../executor/layout.js';
import { Observations } from '../executor/observed.js';
import { isCostly } from '../executor/oracles.js';
import { fromPortable } from '../executor/portable.js';
import type { FindingRecord } from '../findings/finding.js';
import { saveFinding } from '../findings/store.js';
import { createRandom, type Random } from '../schedule/prng.js';
import type { HotSchedule, Schedule } from '../schedule/schedule.js';
import { stepsBySlot } from '../worker/batch.js';
import type { BatchResult, Bucket, Discovery, Sighting, WorkerSetup } from '../worker/protocol.js';
import { Entries } from './entries.js';
import { type PlannedStage, planBatch, STAGES } from './plan.js';
import { OwnThread } from './own-thread.js';
import { WorkerLost, WorkerPool, type Workers } from './pool.js';
import { Statistics } from './statistics.js';
import type { CampaignHooks, CampaignOptions, CampaignSummary } from './types.js';

/** How long a batch should take: long enough that messages cost nothing, short enough to answer Ctrl-C at once. */
const BATCH_MS = 200;
/** Executions of a stage before the speed is known, and always in deterministic campaigns. */
const STAGE_EXECUTIONS = 2_000;
const STATUS_MS = 250;
/** Workers lost in a row before the campaign gives up: the model or the machine is broken. */
const LOST_MAX = 10;

export async function runCampaign(
  options: CampaignOptions,
  hooks: CampaignHooks,
  signal: AbortSignal,
): Promise<CampaignSummary> {
  const campaign = new Campaign(options, hooks);
  return campaign.run(signal);
}

class Campaign {
  private readonly declarations: Declarations;
  private readonly scenes: readonly SceneDeclaration[];
  private readonly coverage = new SharedArrayBuffer(MEMORY.COVERAGE_SIZE);
  private readonly seen = new Uint8Array(this.coverage);
  private readonly entries = new Entries();
  private readonly store: CorpusStore;
  private readonly pool: Workers;
  private readonly random: Random;
  private readonly statistics: Statistics;
  private readonly known: Bucket[] = [];
  private readonly records = new Map<string, FindingRecord>();
  private readonly analyses = new Set<Promise<void>>();
  private readonly hangs: string[] = [];
  private readonly observations = new Observations();
  private requests = 0;
  private batches = 0;
  /** Executions handed out, for --max-execs. */
  private granted = 0;
  private executionsPerStage = STAGE_EXECUTIONS;
  private stopped: CampaignSummary['reason'] | null = null;
  private lostInARow = 0;
  private fatal: Error | null = null;

  constructor(
    private readonly options: CampaignOptions,
    private readonly hooks: CampaignHooks,
  ) {
    const { artefact } = options;
    this.declarations = Executor.describe(artefact);
    const { scenes } = this.declarations;
    this.scenes = options.scene === null ? scenes : scenes.filter((scene) => scene.name === options.scene);
    // Unknown names and models that fail while they start are told before any thread is.
    Executor.create({
      artefact,
      configuration: { design: options.design, scene: options.scene ?? '', options: options.options },
    });
    const setup: WorkerSetup = {
      modelName: artefact.manifest.name,
      artefact: { wasm: artefact.wasm, manifest: artefact.manifest },
      design: options.design,
      options: options.options,
      stepLimit: options.stepLimit,
      fuelLimit: options.fuelLimit,
      costly: options.oracles?.some(isCostly) ?? false,
      oracles: options.oracles,
      coverage: this.coverage,
    };
    const jobs = options.deterministic ? 1 : Math.max(1, options.jobs);
    this.store = new CorpusStore(join(options.outDir, 'corpus'));
    this.random = createRandom(Number(options.seed & 0xffffffffn), Number((options.seed >> 32n) & 0xffffffffn));
    this.statistics = new Statistics(jobs, artefact.manifest, this.seen);
    this.writeHeader();
    this.pool =
      options.jobs === 0 ? new OwnThread(setup) : new WorkerPool(jobs, setup, this.declarations, options.hangMs);
  }

  async run(signal: AbortSignal): Promise<CampaignSummary> {
    const { options } = this;
    const interrupt = (): void => this.stop('interrupted');
    if (signal.aborted) interrupt();
    signal.addEventListener('abort', interrupt);
    const timer = options.maxTimeMs === null ? null : setTimeout(() => this.stop('max-time'), options.maxTimeMs);
    const ticker = setInterval(() => this.tell(), STATUS_MS);
    try {
      this.resume();
      const jobs = options.deterministic ? 1 : Math.max(1, options.jobs);
      await Promise.all(Array.from({ length: jobs }, () => this.keepBusy()));
      await Promise.all(this.analyses);
    } finally {
      clearInterval(ticker);
      if (timer) clearTimeout(timer);
      signal.removeEventListener('abort', interrupt);
      await this.pool.close();
    }
    if (this.fatal) throw this.fatal;
    this.tell();
    return {
      ...this.snapshot(),
      reason: this.stopped ?? 'max-execs',
      seed: options.seed.toString(),
      records: [...this.records.values()],
      hangs: this.hangs,
      vacuity: this.vacuity(),
    };
  }

  private stop(reason: CampaignSummary['reason']): void {
    this.stopped ??= reason;
  }

  // ---- batches ----
  private async keepBusy(): Promise<void> {
    while (this.stopped === null) {
      const planned = this.plan();
      if (planned.length === 0) return this.stop('max-execs');
      const id = ++this.requests;
      const started = now();
      try {
        const result = await this.pool.run({
          type: 'batch',
          id,
          seed: this.batchSeed(),
          stages: planned.map(({ stage }) => stage),
          budgetMs: this.options.deterministic ? null : 2 * BATCH_MS,
          stopOnFirst: this.options.stopOnFirst,
          known: this.known,
        });
        this.lostInARow = 0;
        if (result.type === 'batch') this.absorb(result, planned, now() - started);
      } catch (error) {
        this.bury(error);
      }
      // Deterministic: findings are in before the next plan is made.
      if (this.options.deterministic) await Promise.all(this.analyses);
    }
  }

  private batchSeed(): bigint {
    this.batches += 1;
    return BigInt.asUintN(64, (this.options.seed + BigInt(this.batches)) * 0xbf58476d1ce4e5b9n) || 1n;
  }

  /** The next batch, cut to what is left of --max-execs. */
  private plan(): PlannedStage[] {
    const { options, declarations, scenes, entries, random } = this;
    const left = options.maxExecutions === null ? Number.POSITIVE_INFINITY : options.maxExecutions - this.granted;
    if (left <= 0) return [];
    const executionsPerStage = Math.max(1, Math.min(this.executionsPerStage, Math.ceil(left / STAGES)));
    const planned = planBatch({
      declarations,
      scenes,
      strategy: options.strategy,
      entries,
      random,
      executionsPerStage,
    });
    let sum = 0;
    const cut = planned.filter(() => {
      const fits = sum + executionsPerStage <= left;
      if (fits) sum += executionsPerStage;
      return fits;
    });
    this.granted += sum;
    return cut;
  }

  private absorb(result: BatchResult, planned: readonly PlannedStage[], elapsedMs: number): void {
    const executions = result.executions.reduce((sum, n) => sum + n, 0);
    const before = this.statistics.executions;
    this.granted -= planned.reduce((sum, { stage }) => sum + stage.executions, 0) - executions;
    if (!this.options.deterministic && elapsedMs > 0 && executions > 0) {
      const fitting = (executions / elapsedMs) * (BATCH_MS / STAGES);
      this.executionsPerStage = Math.max(100, Math.min(4 * this.executionsPerStage, Math.round(fitting)));
    }
    this.statistics.batch(result, planned);
    this.observations.add(result.observed);
    for (const discovery of result.discoveries) {
      const plan = planned[discovery.stage];
      if (plan) this.admit(discovery, plan);
    }
    for (const sighting of result.sightings) this.sight(sighting, planned, before + sighting.executions);
  }

  private admit(discovery: Discovery, plan: PlannedStage): void {
    const fresh = discovery.features.filter((feature) => !this.seen[feature]);
    if (fresh.length === 0) return;
    for (const feature of fresh) this.seen[feature] = 1;
    const { portable, features, scene, schedule, steps, choices } = discovery;
    const id = this.store.add(portable, {
      parent: plan.parent,
      origin: plan.origin,
      model: this.options.artefact.manifest.hash,
      features: [...features],
      state: discovery.hash.toString(16),
    });
    const parent = this.entries.find(plan.parent);
    if (parent) parent.children += 1;
    if (!this.entries.find(id))
      this.entries.add({ id, scene, schedule, steps, choices, features, chosen: 0, children: 0 });
    this.statistics.entry(plan.stage.strategy);
  }

  // ---- findings ----
  private sight(sighting: Sighting, planned: readonly PlannedStage[], executions: number): void {
    const { bucket } = sighting;
    const isKnown = this.known.some(
      (b) =>
        b.kind === bucket.kind &&
        b.site === bucket.site &&
        b.message === bucket.message &&
        b.otherSite === bucket.otherSite,
    );
    if (isKnown) return;
    this.known.push(bucket);
    if (this.options.oracles && !this.options.oracles.includes(bucket.kind)) return;
    const strategy = planned[sighting.stage]?.stage.strategy ?? 'random';
    const seen = { executions, ms: this.statistics.elapsed() };
    const analysis = this.analyse(sighting, strategy, seen).finally(() => this.analyses.delete(analysis));
    this.analyses.add(analysis);
  }

  private async analyse(
    sighting: Sighting,
    strategy: string,
    seen: { readonly executions: number; readonly ms: number },
  ): Promise<void> {
    try {
      const result = await this.pool.run({
        type: 'analyse',
        id: ++this.requests,
        sighting,
        minimize: this.options.minimize,
        keepEvents: this.scenes.length === 1,
      });
      if (result.type !== 'analyse') return;
      if (!result.record) {
        this.hooks.warning?.(
          `a ${sighting.bucket.kind} did not recur when it was run again: this is a bug of Heddle, please report it`,
        );
        return;
      }
      this.keep({ ...result.record, executions: seen.executions }, strategy, seen.ms);
    } catch (error) {
      this.bury(error);
    }
  }

  private keep(record: FindingRecord, strategy: string, seenMs: number): void {
    if (this.records.has(record.signature) || this.options.knownSignatures?.has(record.signature)) return;
    this.records.set(record.signature, record);
    this.statistics.finding(strategy);
    saveFinding(this.options.outDir, record);
    this.hooks.finding?.(record, seenMs);
    if (this.options.stopOnFirst) this.stop('first-finding');
    const { stopOnSymptoms = [] } = this.options;
    const found = new Set([...this.records.values()].map(({ symptom }) => symptom));
    if (stopOnSymptoms.length > 0 && stopOnSymptoms.every((name) => found.has(name))) this.stop('symptoms-found');
  }

  // ---- trouble ----
  private bury(error: unknown): void {
    if (!(error instanceof WorkerLost)) {
      this.fatal ??= error as Error;
      this.stop('interrupted');
      return;
    }
    const { reason, scene, schedule } = error.casualty;
    this.statistics.replaced();
    this.lostInARow += 1;
    let where = 'it had not begun to execute';
    if (schedule) {
      const file = join(this.options.outDir, 'hangs', `hang-${this.hangs.length + 1}.json`);
      const { design } = this.options;
      writeFileAtomic(
        file,
        `${JSON.stringify({ schema: 'heddle.hang/1', reason, design, scene, schedule }, null, 2)}\n`,
      );
      this.hangs.push(file);
      where = `the schedule that it ran is in ${file}`;
    }
    this.hooks.warning?.(`${reason} and was replaced; ${where}`);
    if (this.lostInARow >= LOST_MAX) {
      this.fatal ??= new Error(`${LOST_MAX} workers in a row were lost; the last: ${reason}`);
      this.stop('interrupted');
    }
  }

  // ---- start and status ----
  private writeHeader(): void {
    const { options } = this;
    const { manifest } = options.artefact;
    const header = {
      schema: 'heddle.campaign/1',
      model: manifest.name,
      modelArgument: options.modelArgument,
      modelHash: manifest.hash,
      design: options.design,
      scene: options.scene,
      options: options.options,
      seed: options.seed.toString(),
      strategy: options.strategy,
      deterministic: options.deterministic,
    };
    writeFileAtomic(join(options.outDir, 'campaign.json'), `${JSON.stringify(header, null, 2)}\n`);
  }

  /** Entries of an earlier campaign in the same folder are run again and taken over if they still add something. */
  private resume(): void {
    const { artefact, design, options } = this.options;
    const executors = new Map<string, Executor>();
    for (const { id, schedule } of this.store.load((file, reason) =>
      this.hooks.warning?.(`${file} is left out: ${reason}`),
    )) {
      const scene = this.scenes.find((s) => s.name === schedule.scene);
      if (!scene || schedule.design !== design) continue;
      const executor =
        executors.get(scene.name) ??
        Executor.create({ artefact, configuration: { design, scene: scene.name, options } });
      executors.set(scene.name, executor);
      const hot = this.hotOf(id, executor, schedule);
      if (!hot) continue;
      const features = executor.features(hot);
      const { recorded, tasks } = executor.result();
      for (const feature of features) this.seen[feature] = 1;
      this.observations.add(executor.observed());
      this.entries.add({
        id,
        scene: scene.name,
        schedule: recorded,
        steps: stepsBySlot(tasks),
        choices: [],
        features,
        chosen: 0,
        children: 0,
      });
    }
  }

  /** null: the model was edited and has no such events any more. */
  private hotOf(id: string, executor: Executor, schedule: Schedule): HotSchedule | null {
    try {
      return fromPortable(executor, schedule).hot;
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error;
      this.hooks.warning?.(`${id} is left out: ${error.message}`);
      return null;
    }
  }

  private vacuity(): Vacuity {
    const { artefact, design, scene } = this.options;
    const reached = artefact.manifest.sites.flatMap((site, i) => (site && this.seen[i] ? [i] : []));
    const observed = this.observations.all();
    return vacuityOf(artefact.manifest, this.declarations, { design, scene, reached, observed });
  }

  private snapshot(): ReturnType<Statistics['snapshot']> {
    return this.statistics.snapshot(this.entries.size, this.records.size);
  }

  private tell(): void {
    const status = this.snapshot();
    this.hooks.status?.(status);
    try {
      writeFileAtomic(
        join(this.options.outDir, 'stats.json'),
        `${JSON.stringify({ schema: 'heddle.stats/1', ...status })}\n`,
      );
    } catch (error) {
      this.hooks.warning?.((error as Error).message);
    }
  }
}
