/** Counters of a campaign and the speeds that follow from them. */
import type { Manifest } from '../build/manifest.js';
import { now } from '../clock.js';
import type { BatchResult } from '../worker/protocol.js';
import type { PlannedStage } from './plan.js';
import type { CampaignStatus, SceneSearch } from './types.js';

/** Span of the “now” speed. */
const WINDOW_MS = 5_000;

interface Yield {
  executions: number;
  entries: number;
  findings: number;
}

export class Statistics {
  executions = 0;
  private points = 0;
  private knownHits = 0;
  private states = 0;
  /** By worker, for the estimate of what is left. */
  private readonly once = new Map<number, { readonly states: number; readonly executions: number }>();
  private replacedWorkers = 0;
  private unsteadyFindings = 0;
  private imported = 0;
  private refused = 0;
  private lastNewMs: number | null = null;
  private lastFindingMs: number | null = null;
  private readonly begin = now();
  private readonly strategies: Record<string, Yield> = {};
  private readonly window: { at: number; executions: number }[] = [];
  private readonly sites: readonly number[];

  constructor(
    private readonly workers: number,
    manifest: Manifest,
    private readonly seen: Uint8Array,
  ) {
    const model = manifest.sites.flatMap((site, i) => (site && !site.file.startsWith('~lib/') ? [i] : []));
    this.sites = model;
  }

  /** Milliseconds since the campaign began. */
  elapsed(): number {
    return now() - this.begin;
  }

  private of(strategy: string): Yield {
    this.strategies[strategy] ??= { executions: 0, entries: 0, findings: 0 };
    return this.strategies[strategy];
  }

  batch(result: BatchResult, planned: readonly PlannedStage[]): void {
    result.executions.forEach((n, i) => {
      this.executions += n;
      const strategy = planned[i]?.strategy;
      if (strategy) this.of(strategy).executions += n;
    });
    this.points += result.points;
    this.knownHits += result.knownHits;
    this.states = Math.max(this.states, result.states);
    this.once.set(result.worker, { states: result.statesOnce, executions: result.workerExecutions });
  }

  entry(strategy: string): void {
    this.of(strategy).entries += 1;
    this.lastNewMs = this.elapsed();
  }

  finding(strategy: string): void {
    this.of(strategy).findings += 1;
    this.lastFindingMs = this.elapsed();
  }

  replaced(): void {
    this.replacedWorkers += 1;
  }

  unsteady(): void {
    this.unsteadyFindings += 1;
  }

  shared(isAdmitted: boolean): void {
    if (isAdmitted) this.imported += 1;
    else this.refused += 1;
  }

  private chanceOfNew(): number {
    const workers = [...this.once.values()];
    const executions = workers.reduce((sum, w) => sum + w.executions, 0);
    return executions > 0 ? Math.min(1, workers.reduce((sum, w) => sum + w.states, 0) / executions) : 1;
  }

  snapshot(corpus: number, findings: number, searches: readonly SceneSearch[]): CampaignStatus {
    const elapsedMs = this.elapsed();
    this.window.push({ at: elapsedMs, executions: this.executions });
    while (this.window.length > 2 && elapsedMs - (this.window[0]?.at ?? 0) > WINDOW_MS) this.window.shift();
    const first = this.window[0] ?? { at: 0, executions: 0 };
    const span = elapsedMs - first.at;
    return {
      elapsedMs,
      executions: this.executions,
      executionsPerSecond: rate(this.executions, elapsedMs),
      executionsPerSecondNow:
        span > 0 ? rate(this.executions - first.executions, span) : rate(this.executions, elapsedMs),
      points: this.points,
      corpus,
      features: this.seen.reduce((sum, x) => sum + x, 0),
      states: this.states,
      findings,
      knownHits: this.knownHits,
      lastNewMs: this.lastNewMs,
      lastFindingMs: this.lastFindingMs,
      workers: this.workers,
      workersReplaced: this.replacedWorkers,
      unsteady: this.unsteadyFindings,
      imported: this.imported,
      refused: this.refused,
      chanceOfNew: this.chanceOfNew(),
      strategies: structuredClone(this.strategies),
      sitesReached: this.sites.filter((i) => this.seen[i]).length,
      sitesTotal: this.sites.length,
      searches,
    };
  }
}

function rate(executions: number, ms: number): number {
  return ms > 0 ? Math.round((executions * 1000) / ms) : 0;
}
