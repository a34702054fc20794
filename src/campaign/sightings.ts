/** What becomes of a failed execution: once for each bucket it is run again, minimized and named; what is new is kept. */
import type { FindingRecord } from '../findings/finding.js';
import { findingId } from '../findings/store.js';
import { type Bucket, isSameBucket, type Request, type Result, type Sighting } from '../worker/protocol.js';
import type { CampaignFolder } from './folder.js';
import type { Statistics } from './statistics.js';
import type { CampaignHooks, CampaignOptions, CampaignSummary } from './types.js';

interface Context {
  readonly options: CampaignOptions;
  readonly hooks: CampaignHooks;
  readonly folder: CampaignFolder;
  readonly statistics: Statistics;
  /** The events are the scene's: minimizing leaves them all. */
  readonly keepEvents: boolean;
  run(request: Request): Promise<Result>;
  nextId(): number;
  stop(reason: CampaignSummary['reason']): void;
  /** A worker was lost, or worse. */
  bury(error: unknown): void;
}

export class Sightings {
  /** Buckets that have been seen; workers do not report them again. */
  readonly known: Bucket[] = [];
  readonly records = new Map<string, FindingRecord>();
  private readonly analyses = new Set<Promise<void>>();
  /** What became of a bucket: the finding's folder. */
  private readonly findings: { readonly bucket: Bucket; readonly id: string }[] = [];

  constructor(private readonly context: Context) {}

  /** `executions`: of the campaign up to the failure. */
  sight(sighting: Sighting, strategy: string, executions: number): void {
    const { bucket } = sighting;
    if (this.known.some((known) => isSameBucket(known, bucket))) return;
    this.known.push(bucket);
    const { oracles } = this.context.options;
    if (oracles && !oracles.includes(bucket.kind)) return;
    const seen = { executions, ms: this.context.statistics.elapsed() };
    const analysis = this.analyse(sighting, strategy, seen).finally(() => this.analyses.delete(analysis));
    this.analyses.add(analysis);
  }

  /** Known buckets have shown again. */
  again(buckets: readonly Bucket[]): void {
    for (const bucket of buckets) {
      const found = this.findings.find((one) => isSameBucket(one.bucket, bucket));
      if (found) this.context.folder.seen(found.id);
    }
  }

  /** Waits for the analyses that are under way. */
  async settle(): Promise<void> {
    await Promise.all(this.analyses);
  }

  private async analyse(
    sighting: Sighting,
    strategy: string,
    seen: { readonly executions: number; readonly ms: number },
  ): Promise<void> {
    const { minimize } = this.context.options;
    try {
      const result = await this.recordOf(sighting, minimize).catch((error: unknown) => {
        this.context.bury(error);
        return minimize ? this.recordOf(sighting, false) : null; // as it was found, rather than not at all
      });
      if (result?.type !== 'analyse') return;
      if (result.record)
        this.keep(sighting.bucket, { ...result.record, executions: seen.executions, foundBy: strategy }, seen.ms);
      else this.doubt(sighting);
    } catch (error) {
      this.context.bury(error);
    }
  }

  private recordOf(sighting: Sighting, minimize: boolean): Promise<Result> {
    const { context } = this;
    const { keepEvents } = context;
    return context.run({ type: 'analyse', id: context.nextId(), sighting, minimize, keepEvents });
  }

  private doubt({ bucket, scene, schedule }: Sighting): void {
    const { statistics, folder, hooks, options } = this.context;
    statistics.unsteady();
    const reason = `a ${bucket.kind} did not recur when it was run again`;
    const file = folder.quarantine('unsteady', reason, { design: options.design, scene, schedule, bucket });
    hooks.warning?.(`${reason}: this is a bug of Heddle, please report it with ${file}`);
  }

  private keep(bucket: Bucket, record: FindingRecord & { readonly foundBy: string }, seenMs: number): void {
    const { options, statistics, folder, hooks, stop } = this.context;
    if (options.knownSignatures?.has(record.signature)) return;
    this.findings.push({ bucket, id: findingId(record) });
    folder.seen(findingId(record));
    if (this.records.has(record.signature)) return;
    this.records.set(record.signature, record);
    statistics.finding(record.foundBy);
    folder.finding(record);
    hooks.finding?.(record, seenMs);
    if (options.stopOnFirst) stop('first-finding');
    const { stopOnSymptoms = [] } = options;
    const found = new Set([...this.records.values()].map(({ symptom }) => symptom));
    if (stopOnSymptoms.length > 0 && stopOnSymptoms.every((name) => found.has(name))) stop('symptoms-found');
  }
}
