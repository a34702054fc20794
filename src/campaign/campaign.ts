/**
 * A campaign: keeps every worker busy with batches, admits what reaches new features to the corpus, has findings minimized, and tells how
 * it goes. It runs in the main thread and never executes a model itself, except entries of an existing folder when it starts.
 */
import { now } from '../clock.js';
import type { NewSidecar } from '../corpus/store.js';
import { callAfter } from '../deadline.js';
import { type Vacuity, vacuityOf } from '../coverage/vacuity.js';
import type { Declarations, SceneDeclaration } from '../executor/declarations.js';
import { Executor } from '../executor/executor.js';
import { MEMORY } from '../executor/layout.js';
import { Observations } from '../executor/observed.js';
import { createRandom } from '../schedule/prng.js';
import type { Schedule } from '../schedule/schedule.js';
import { formatSchedule } from '../schedule/text.js';
import type { BatchResult, Discovery, SearchResult, WorkerSetup } from '../worker/protocol.js';
import { Entries } from './entries.js';
import { Exchange } from './exchange.js';
import { Intake, misfit, type Recipient, type Verdict } from './foreign.js';
import { CampaignFolder, findingsOfOthers } from './folder.js';
import { headerOf } from './header.js';
import { executionsOf, type PlannedStage, STAGES } from './plan.js';
import { Notices } from './notices.js';
import { Planner } from './planner.js';
import { OwnThread } from './own-thread.js';
import { WorkerLost, WorkerPool, type Workers } from './pool.js';
import { type Linking, linkingOf } from './linking.js';
import { type Searching, searchingOf } from './searching.js';
import { setupOf } from './setup.js';
import { Sightings } from './sightings.js';
import { Statistics } from './statistics.js';
import { resumeCorpus } from './resume.js';
import type { Inspector } from './take-over.js';
import type { CampaignHooks, CampaignOptions, CampaignSummary } from './types.js';

/** How long a batch should take: long enough that messages cost nothing, short enough to answer Ctrl-C at once. */
const BATCH_MS = 200;
/** Executions of a stage before the speed is known, and always in deterministic campaigns. */
const STAGE_EXECUTIONS = 2_000;
const STATUS_MS = 250;
/** Workers lost in a row before the campaign gives up: the model or the machine is broken. */
const LOST_MAX = 10;
/** Origin of entries that others have found. */
const FOREIGN = 'foreign';
/** Origin of what the exhaustive search has found. */
const SEARCH = 'search';

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
  private readonly entries: Entries;
  private readonly folder: CampaignFolder;
  private readonly intake: Intake;
  private readonly exchange: Exchange | null;
  private readonly pool: Workers;
  private readonly statistics: Statistics;
  private readonly sightings: Sightings;
  private readonly hangs: string[] = [];
  private readonly notices = new Notices((message) => this.hooks.warning?.(message));
  private readonly observations = new Observations();
  private requests = 0;
  private batches = 0;
  /** Executions handed out, for --max-execs. */
  private granted = 0;
  private executionsPerStage = STAGE_EXECUTIONS;
  private stopped: CampaignSummary['reason'] | null = null;
  private lostInARow = 0;
  private fatal: Error | null = null;
  private readonly workers: number;
  private readonly planner: Planner;
  private readonly searching: Searching | null;
  private readonly linking: Linking | null;

  constructor(
    private readonly options: CampaignOptions,
    private readonly hooks: CampaignHooks,
  ) {
    const { artefact } = options;
    this.entries = new Entries(options.energy);
    this.declarations = Executor.describe(artefact);
    const { scenes } = this.declarations;
    this.scenes = options.scene === null ? scenes : scenes.filter((scene) => scene.name === options.scene);
    // Unknown names and models that fail while they start are told before any thread is.
    Executor.create({
      artefact,
      configuration: { design: options.design, scene: options.scene ?? '', options: options.options },
    });
    this.workers = options.deterministic ? 1 : Math.max(1, options.jobs);
    const setup = setupOf(options, this.workers, this.coverage);
    const random = createRandom(Number(options.seed & 0xffffffffn), Number((options.seed >> 32n) & 0xffffffffn));
    const { strategy, deterministic } = options;
    this.planner = new Planner(this.declarations, this.scenes, this.workers, strategy, random, deterministic);
    this.statistics = new Statistics(this.workers, artefact.manifest, this.seen);
    this.folder = CampaignFolder.open(options.outDir, headerOf(options), hooks, (error) => this.bury(error));
    this.pool =
      options.jobs === 0
        ? new OwnThread(setup)
        : new WorkerPool(this.workers, setup, this.declarations, options.hangMs, options.workerHeapMb);
    this.sightings = new Sightings({
      ...{ options, hooks, folder: this.folder, statistics: this.statistics, keepEvents: this.scenes.length === 1 },
      run: (request) => this.pool.run(request),
      nextId: () => ++this.requests,
      stop: (reason) => this.stop(reason),
      bury: (error) => this.bury(error),
    });
    this.searching = this.arm(setup);
    this.linking = linkingOf(options, (message) => this.hooks.warning?.(message));
    this.intake = new Intake(this.recipient(), (verdict) => this.judge(verdict));
    const { shareDir } = options;
    this.exchange = shareDir === undefined ? null : new Exchange(shareDir, this.intake, hooks);
  }

  async run(signal: AbortSignal): Promise<CampaignSummary> {
    const { options } = this;
    const interrupt = (): void => this.stop('interrupted');
    if (signal.aborted) interrupt();
    signal.addEventListener('abort', interrupt);
    const forget = options.maxTimeMs === null ? null : callAfter(options.maxTimeMs, () => this.stop('max-time'));
    const ticker = setInterval(() => this.tell(), STATUS_MS);
    try {
      await this.resume(this.workers);
      this.hooks.begun?.(this.intake);
      await Promise.all(Array.from({ length: this.workers }, () => this.keepBusy()));
      await this.intake.settle();
      await this.sightings.settle();
      this.exchange?.give();
      if (this.fatal) throw this.fatal;
      await this.folder.close(this.snapshot(), this.stopped ?? 'max-execs');
    } finally {
      clearInterval(ticker);
      forget?.();
      signal.removeEventListener('abort', interrupt);
      await this.searching?.close();
      await this.linking?.close();
      await this.pool.close();
      await this.folder.release();
    }
    const status = this.snapshot();
    this.hooks.status?.(status);
    return {
      ...status,
      reason: this.stopped ?? 'max-execs',
      seed: options.seed.toString(),
      records: [...this.sightings.records.values()],
      hangs: this.hangs,
      vacuity: this.vacuity(),
    };
  }

  private stop(reason: CampaignSummary['reason'] | null): void {
    this.stopped ??= reason;
  }

  // ---- batches ----
  private async keepBusy(): Promise<void> {
    while (this.stopped === null) {
      this.exchange?.poll();
      this.intake.round();
      if (await this.searching?.turn()) {
        if (this.options.deterministic) await this.sightings.settle();
        continue;
      }
      const planned = this.plan();
      if (planned.length === 0) {
        this.stop(this.planner.ending());
        // No stop at max-execs: a batch that is under way may not use all that it was granted, and its worker then runs the rest.
        return;
      }
      const started = now();
      try {
        const result = await this.pool.run({
          type: 'batch',
          id: ++this.requests,
          seed: this.batchSeed(),
          stages: planned.map(({ stage }) => stage),
          budgetMs: this.options.deterministic ? null : 2 * BATCH_MS,
          stopOnFirst: this.options.stopOnFirst,
          known: this.sightings.known,
          linked: this.linking?.module ?? null,
        });
        this.lostInARow = 0;
        if (result.type === 'batch') this.absorb(result, planned, now() - started);
      } catch (error) {
        this.granted -= executionsOf(planned);
        this.bury(error);
      }
      // Deterministic: findings are in before the next plan is made.
      if (this.options.deterministic) await this.sightings.settle();
    }
  }

  private batchSeed(): bigint {
    this.batches += 1;
    return BigInt.asUintN(64, (this.options.seed + BigInt(this.batches)) * 0xbf58476d1ce4e5b9n) || 1n;
  }

  /** The next batch, cut to what is left of --max-execs. */
  private plan(): PlannedStage[] {
    const { maxExecutions } = this.options;
    const left = maxExecutions === null ? Number.POSITIVE_INFINITY : maxExecutions - this.granted;
    if (left <= 0) return [];
    const executionsPerStage = Math.max(1, Math.min(this.executionsPerStage, Math.ceil(left / STAGES)));
    const planned = this.planner.plan({ entries: this.entries, left, executionsPerStage });
    this.granted += executionsOf(planned);
    return planned;
  }

  private absorb(result: BatchResult, planned: readonly PlannedStage[], elapsedMs: number): void {
    const executions = result.executions.reduce((sum, n) => sum + n, 0);
    const before = this.statistics.executions;
    this.granted -= executionsOf(planned) - executions;
    if (!this.options.deterministic && planned.length <= STAGES && elapsedMs > 0 && executions > 0) {
      const fitting = (executions / elapsedMs) * (BATCH_MS / STAGES);
      this.executionsPerStage = Math.max(100, Math.min(4 * this.executionsPerStage, Math.round(fitting)));
    }
    this.statistics.batch(result, planned);
    this.observations.add(result.observed);
    this.notices.fullTables(result.fullTables);
    const finds = planned.map(() => 0);
    for (const { stage, features } of result.samples) this.entries.saw(planned[stage]?.parent ?? '', features);
    for (const discovery of result.discoveries) {
      const plan = planned[discovery.stage];
      if (plan && this.admit(discovery, plan, plan.strategy)) {
        finds[discovery.stage] = (finds[discovery.stage] ?? 0) + 1;
      }
    }
    for (const sighting of result.sightings) {
      finds[sighting.stage] = (finds[sighting.stage] ?? 0) + 1;
      const strategy = planned[sighting.stage]?.strategy ?? 'random';
      this.sightings.sight(sighting, strategy, before + sighting.executions);
    }
    this.sightings.again(result.again);
    const cost = this.planner.learn(result, planned, finds);
    this.searching?.earn(cost, elapsedMs, this.planner.searchShare());
  }

  // ---- the exhaustive search ----
  private arm(setup: WorkerSetup): Searching | null {
    return searchingOf(this.options, setup, this.declarations, {
      pool: this.pool,
      scenes: this.scenes.map(({ name }) => name),
      nextId: () => ++this.requests,
      searched: (result, cost) => this.searched(result, cost),
      ended: (event) => this.folder.log({ type: 'searched', ...event }),
      warning: (message) => this.hooks.warning?.(message),
    });
  }

  private searched(result: SearchResult, cost: number): void {
    const plan = { parent: '', origin: SEARCH };
    const admitted = result.discoveries.filter((discovery) => this.admit(discovery, plan, SEARCH)).length;
    for (const sighting of result.sightings) this.sightings.sight(sighting, SEARCH, this.statistics.executions);
    this.planner.learnSearch(result, cost, admitted + result.sightings.length);
  }

  /** Answers whether it added something. */
  private admit(discovery: Discovery, plan: Pick<PlannedStage, 'parent' | 'origin'>, strategy?: string): boolean {
    const fresh = discovery.features.filter((feature) => !this.seen[feature]);
    if (fresh.length === 0) return false;
    const sidecar = this.sidecarOf(discovery, fresh, plan.parent, plan.origin);
    const id = this.folder.entry(discovery.portable, sidecar, fresh.length);
    if (plan.origin !== FOREIGN) this.give(id, discovery.portable, sidecar);
    this.entries.bore(plan.parent, discovery.features);
    this.remember(id, discovery);
    if (strategy !== undefined) this.statistics.entry(strategy);
    return true;
  }

  private sidecarOf({ hash, numbers }: Discovery, features: number[], parent: string, origin: string): NewSidecar {
    const model = this.options.artefact.manifest.hash;
    return { parent, origin, model, features, state: hash.toString(16), numbers: [...numbers] };
  }

  /** Others may have what this campaign has found. */
  private give(id: string, schedule: Schedule, sidecar: NewSidecar): void {
    this.exchange?.offer(id, schedule, sidecar);
    this.hooks.entry?.(id, formatSchedule(schedule), schedule);
  }

  /** Its features are seen from now on, and it can be a parent. */
  private remember(id: string, discovery: Discovery): void {
    for (const feature of discovery.features) this.seen[feature] = 1;
    this.entries.add({ ...discovery, id });
  }

  // ---- trouble ----
  private bury(error: unknown): void {
    if (!(error instanceof WorkerLost)) {
      this.fatal ??= error as Error;
      this.stop('interrupted');
      return;
    }
    this.lostInARow += 1;
    this.autopsy(error);
    const { reason } = error.casualty;
    if (this.lostInARow >= LOST_MAX) {
      this.fatal ??= new Error(`${LOST_MAX} workers in a row were lost; the last: ${reason}`);
      this.stop('interrupted');
    }
  }

  /** Counts a lost worker, and keeps what it was running. */
  private autopsy(error: WorkerLost): void {
    const { reason, scene, schedule } = error.casualty;
    this.statistics.replaced();
    let where = 'it had not begun to execute';
    if (schedule) {
      const { design } = this.options;
      const file = this.folder.quarantine('hang', reason, { design, scene, schedule });
      this.hangs.push(file);
      where = `the schedule that it ran is in ${file}`;
    }
    this.hooks.warning?.(`${reason} and was replaced; ${where}`);
  }

  // ---- start and status ----
  /** What runs schedules that come from files. */
  private inspector(): Inspector {
    return {
      run: (request) => this.pool.run(request),
      nextId: () => ++this.requests,
      observed: (observed) => this.observations.add(observed),
      lost: (error) => this.autopsy(error),
      isStopped: () => this.stopped !== null,
    };
  }

  /** How schedules from elsewhere come in. */
  private recipient(): Recipient {
    return {
      inspector: this.inspector(),
      has: (id) => this.entries.find(id) !== undefined,
      misfit: (schedule) => misfit(this.declarations, this.scenes, schedule),
      admit: (discovery) => this.admit(discovery, { parent: '', origin: FOREIGN }),
      sight: (sighting) => this.sightings.sight(sighting, 'foreign', this.statistics.executions),
    };
  }

  private judge(verdict: Verdict): void {
    if (verdict.outcome !== 'known') this.statistics.shared(verdict.outcome === 'admitted');
    if (verdict.outcome === 'refused') this.notices.refused(verdict.origin, verdict.reason ?? '');
    this.hooks.foreign?.(verdict);
  }

  /** Entries of an earlier campaign in the same folder are run again and taken over, those of another design or scene are left alone. */
  private async resume(jobs: number): Promise<void> {
    const { artefact } = this.options;
    const design = this.options.design || (this.declarations.designs[0]?.name ?? '');
    const { refused, left } = await resumeCorpus({
      ...{ folder: this.folder, inspector: this.inspector(), jobs, model: artefact.manifest.hash },
      ...{ design, scenes: this.scenes.map(({ name }) => name) },
      sight: (sighting) => this.sightings.sight(sighting, 'corpus', 0),
      take: (id, entry, discovery) => {
        const fresh = discovery.features.filter((feature) => !this.seen[feature]);
        this.remember(id, discovery);
        const { parent = '', origin = 'corpus' } = entry.sidecar ?? {};
        const sidecar = this.sidecarOf(discovery, fresh, parent, origin);
        if (origin !== FOREIGN) this.give(id, entry.schedule, sidecar);
        return sidecar;
      },
    });
    for (const [reason, n] of left) this.hooks.warning?.(`${n} of the corpus left out: ${reason}`);
    for (const line of findingsOfOthers(this.folder.dir, design)) this.hooks.warning?.(line);
    if (refused === null) return;
    const { corpus: entries, features } = this.snapshot();
    this.folder.log({ type: 'resume', entries, features, refused });
  }

  private vacuity(): Vacuity {
    const { artefact, design, scene } = this.options;
    const reached = artefact.manifest.sites.flatMap((site, i) => (site && this.seen[i] ? [i] : []));
    const observed = this.observations.all();
    return vacuityOf(artefact.manifest, this.declarations, { design, scene, reached, observed });
  }

  private snapshot(): ReturnType<Statistics['snapshot']> {
    return this.statistics.snapshot(this.entries.size, this.sightings.records.size, this.searching?.status ?? []);
  }

  private tell(): void {
    try {
      const status = this.snapshot();
      this.hooks.status?.(status);
      this.folder.tick(status);
    } catch (error) {
      this.bury(error);
    }
  }
}
