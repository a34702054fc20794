/** One design in one scene: fuzzed, shown the other designs' schedules, and searched. Collects what each of them finds. */
import type { Manifest } from '../build/manifest.js';
import { runCampaign } from '../campaign/campaign.js';
import { now } from '../clock.js';
import { CorpusStore } from '../corpus/store.js';
import { byFunction } from '../coverage/sites.js';
import { within } from '../deadline.js';
import type { Declarations } from '../executor/declarations.js';
import { Executor } from '../executor/executor.js';
import { fromPortable } from '../executor/portable.js';
import type { RawFinding, TaskInfo } from '../executor/types.js';
import { analyseFinding } from '../findings/analyse.js';
import { provisionalSymptom } from '../findings/facts.js';
import type { FindingRecord } from '../findings/finding.js';
import { minimizeFinding } from '../findings/minimize.js';
import { bucketOf, bucketWith } from '../findings/place.js';
import { findingDir, saveFinding } from '../findings/store.js';
import type { HotSchedule, Schedule } from '../schedule/schedule.js';
import { type VerifyProgress, verify } from '../verify/verify.js';
import { rowOf } from './matrix.js';
import type { CompareOptions, Origin, Reached, Run, SearchOutcome, SeenFinding } from './types.js';

/** Schedules run between two looks at the signal. */
const SLICE = 20;

export class DesignRun {
  readonly findings: SeenFinding[] = [];
  /** Indices of the sites that were reached. */
  readonly sites = new Set<number>();
  private fuzzed: Run['fuzz'] = null;
  private search: SearchOutcome | null = null;
  private replayed = 0;
  /** Kind, place and symptom of what was seen. */
  private readonly buckets = new Set<string>();

  constructor(
    private readonly options: CompareOptions,
    private readonly declarations: Declarations,
    readonly design: string,
    readonly scene: string,
    readonly outDir: string,
    private readonly warn: (message: string) => void,
  ) {}

  /** Whether exhaustive search has covered every schedule. */
  get isExhausted(): boolean {
    return this.search?.exhausted ?? false;
  }

  result(): Run {
    const { design, scene, replayed, search, findings } = this;
    const sites = reachedOf(this.options.fast.manifest, this.sites);
    return { design, scene, fuzz: this.fuzzed, replayed, search, sites, findings };
  }

  /** A campaign from an empty corpus. */
  async fuzz(signal: AbortSignal): Promise<void> {
    const { options, design, scene, outDir } = this;
    const { budget, fast, jobs, seed, deterministic, stepLimit, fuelLimit, hangMs, modelArgument } = options;
    const summary = await runCampaign(
      {
        ...{ modelArgument, artefact: fast, design, scene, options: options.options, jobs, seed, deterministic },
        ...{ stepLimit, fuelLimit, hangMs, outDir },
        maxTimeMs: budget.ms,
        maxExecutions: budget.executions,
        stopOnFirst: false,
        strategy: 'portfolio',
        oracles: null,
        minimize: true,
      },
      {
        finding: (record, seenMs) => this.keep(record, 'fuzz', record.executions, seenMs),
        warning: (message) => this.warn(`${design}, ${scene}: ${message}`),
      },
      signal,
    );
    this.fuzzed = { executions: summary.executions, elapsedMs: summary.elapsedMs, corpus: summary.corpus };
    for (const { sidecar } of this.corpus()) this.reach(sidecar?.features ?? []);
  }

  /** Schedules that are worth a look in another design: the corpus, and what is minimized. */
  schedules(): Schedule[] {
    return [...this.corpus().map(({ schedule }) => schedule), ...this.findings.map(({ record }) => record.schedule)];
  }

  private corpus(): ReturnType<CorpusStore['load']> {
    return new CorpusStore(`${this.outDir}/corpus`).load((file, reason) => this.warn(`${file} is left out: ${reason}`));
  }

  /** Runs schedules of other designs as far as their decisions have a place here. */
  async replay(schedules: readonly Schedule[], signal: AbortSignal): Promise<void> {
    const executor = this.createExecutor();
    const begin = now();
    for (const [i, schedule] of schedules.entries()) {
      if (i % SLICE === 0) await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) return;
      const { hot } = fromPortable(executor, schedule);
      this.reach(executor.features(hot));
      this.replayed += 1;
      const { findings, tasks } = executor.result();
      for (const raw of findings) this.look(executor, hot, raw, tasks, now() - begin);
    }
  }

  private createExecutor(): Executor {
    const { fast, stepLimit, fuelLimit, options } = this.options;
    return Executor.create({
      artefact: fast,
      configuration: { design: this.design, scene: this.scene, options },
      limits: { steps: stepLimit, fuel: fuelLimit },
    });
  }

  /** Keeps a finding of a replay if it is the first of its kind at its place that shows its symptom. */
  private look(executor: Executor, hot: HotSchedule, raw: RawFinding, tasks: readonly TaskInfo[], ms: number): void {
    const bucket = bucketOf(raw, executor.manifest);
    const whole = bucketWith(bucket, provisionalSymptom(executor, hot, raw, tasks));
    if (this.buckets.has(whole)) return;
    this.buckets.add(whole);
    const minimized = minimizeFinding(executor, hot, bucket, { keepEvents: true });
    this.keep(analyseFinding(executor, minimized.hot, bucket, { minimized: true }), 'replay', this.replayed, ms);
  }

  /** Exhaustive search. What is known already is passed over. */
  async verify(progress: (p: VerifyProgress) => void, signal: AbortSignal): Promise<void> {
    const { exact, fast, search: budget, options, stepLimit, fuelLimit } = this.options;
    if (exact === null) return;
    const setup = {
      ...{ exact, fast, design: this.design, scene: this.scene, options, stepLimit, fuelLimit },
      ...{ oracles: null, reduce: true, all: true, known: this.buckets, memoryBytes: budget.memoryBytes },
    };
    const { result, isOver } = await within(budget.maxTimeMs, signal, async (ends) => {
      const verified = await verify(setup, progress, ends);
      return { result: verified, isOver: ends.aborted && !signal.aborted };
    });
    const { exhausted, states, transitions, elapsedMs, mayRepeat, collision } = result;
    const cut = exhausted ? '' : isOver ? 'its time was up' : result.cut;
    this.search = { exhausted, states, transitions, elapsedMs, cut, mayRepeat, collision };
    this.reach(result.reached);
    for (const record of result.records) this.keep(record, 'verify', 0, null);
  }

  private keep(record: FindingRecord, origin: Origin, executions: number, ms: number | null): void {
    const { design, scene, outDir } = this;
    const hasSymptoms = this.declarations.symptoms.length > 0;
    this.buckets.add(bucketWith(record.bucket, hasSymptoms ? record.symptom : ''));
    const row = rowOf(record, hasSymptoms);
    if (this.findings.some((f) => f.record.signature === record.signature && f.row === row)) return;
    saveFinding(outDir, record);
    this.findings.push({ design, scene, row, origin, executions, ms, record, folder: findingDir(outDir, record) });
  }

  private reach(features: readonly number[]): void {
    // A feature below the number of sites is the site itself.
    const { length } = this.options.fast.manifest.sites;
    for (const feature of features) if (feature < length) this.sites.add(feature);
  }
}

/** Of the scheduling points of the model's functions, as `heddle coverage` counts them. */
export function reachedOf(manifest: Manifest, sites: ReadonlySet<number>): Reached {
  const functions = byFunction(manifest, sites);
  return {
    reached: functions.reduce((sum, f) => sum + f.reached, 0),
    total: functions.reduce((sum, f) => sum + f.total, 0),
  };
}
