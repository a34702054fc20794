/** From the violations that a search runs into to records: minimized, named, and shown with as few preemptions as possible. */
import { misfit } from '../campaign/foreign.js';
import { parseEntry } from '../corpus/read-entry.js';
import { HeddleError } from '../errors.js';
import { Executor, type ExecutorOptions } from '../executor/executor.js';
import { isCostly, learnLockOrder } from '../executor/oracles.js';
import { fromPortable } from '../executor/portable.js';
import type { Violation } from '../executor/search.js';
import type { FindingKind, RawFinding } from '../executor/types.js';
import { analyseFinding } from '../findings/analyse.js';
import type { FindingRecord } from '../findings/finding.js';
import { minimizeFinding } from '../findings/minimize.js';
import { provisionalSymptom } from '../findings/facts.js';
import { bucketOf, bucketWith, type RawBucket } from '../findings/place.js';
import type { HotSchedule } from '../schedule/schedule.js';
import { otherConfiguration } from '../worker/inspect.js';

/** Kinds that say where a limit was reached: the search counts the steps of one transition, a replay those of the run. */
const LIMIT_KINDS: readonly FindingKind[] = ['step-limit', 'no-progress'];
/** What a deadlock is called where the costly oracles look at it. */
const STUCK: readonly FindingKind[] = ['deadlock', 'lost-wakeup'];
/** What a run at the step limit is called where it is told what repeats. */
const ENDLESS: readonly FindingKind[] = ['step-limit', 'livelock', 'starvation'];
/** Orders of locks that are tried with an inversion found in one of them. */
const ORDERS_MAX = 1024;

export interface Criteria {
  /** The costly oracles judge as well. */
  readonly costly: boolean;
  /** What repeats for ever is told from what is merely long. */
  readonly liveness: boolean;
  /** Kinds that count as violations; null: all. */
  readonly oracles: readonly FindingKind[] | null;
  /** Buckets that are no news: `bucketOf`, whatever the symptom, or `bucketWith`. Their findings are passed over. */
  readonly known: ReadonlySet<string>;
}

export class Violations {
  /** What the search saw and no replay showed: then nothing is proved. */
  readonly unconfirmed: string[] = [];
  /** Kind, place and symptom of what was added. */
  private readonly told = new Set<string>();
  /** By signature. */
  private readonly records = new Map<string, FindingRecord>();
  /** Schedules whose order of locks was news. */
  readonly orders: HotSchedule[] = [];
  /** Not all of them were kept. */
  isCut = false;
  /** A run was as long as the step limit allows, and whether it repeats is not known. */
  isEndless = false;
  /** Made when they are needed: most searches find nothing. */
  private cheap: Executor | null = null;
  private oracles: Executor | null = null;

  constructor(
    private readonly options: ExecutorOptions,
    private readonly criteria: Criteria,
  ) {}

  get all(): FindingRecord[] {
    return [...this.records.values()];
  }
  get size(): number {
    return this.records.size;
  }

  /** What an earlier part of the search has found. */
  restore(records: readonly FindingRecord[]): void {
    for (const record of records) this.records.set(record.signature, record);
  }

  /** A schedule in which locks were taken in an order that is new. */
  learnOrder(schedule: HotSchedule): void {
    if (this.orders.length < ORDERS_MAX) this.orders.push(schedule);
    else this.isCut = true;
  }

  /** Inversions between orders that different threads, or parts of a search, have met: each of them knows its own only. */
  mergeOrders(): void {
    if (this.orders.length === 0) return;
    const executor = this.executorFor('lock-order');
    const told = new Set(this.all.map(({ bucket }) => bucket));
    learnLockOrder(executor, this.orders);
    for (const schedule of this.orders) {
      for (const finding of executor.run(schedule).findings) {
        const bucket = bucketOf(finding, executor.manifest);
        if (finding.kind !== 'lock-order' || told.has(bucket)) continue;
        told.add(bucket);
        this.add({ finding, schedule, adjacent: [] });
        learnLockOrder(executor, this.orders);
      }
    }
  }

  wants(kind: FindingKind): boolean {
    return !this.criteria.oracles || this.criteria.oracles.includes(kind);
  }

  /** Does a finding of this kind at this place count? */
  counts(bucket: RawBucket): boolean {
    return this.wants(bucket.kind) && !this.criteria.known.has(bucketOf(bucket, this.options.artefact.manifest));
  }

  /** Minimizes a violation and adds its record, if it counts and nobody has told its kind, place and symptom. */
  add(violation: Violation): void {
    this.tell(violation, true);
  }

  /**
   * A schedule of which another process says that it fails: it is run here, and counts for what it shows here. Passed over if it is no schedule,
   * or none of this scene.
   */
  addForeign(bytes: Uint8Array): void {
    const { schedule } = parseEntry(bytes, 'the hub', null);
    const executor = this.executorFor('use-after-free');
    if (schedule?.model !== executor.manifest.name) return;
    const scenes = executor.declarations.scenes.filter(({ name }) => name === executor.scene);
    if (misfit(executor.declarations, scenes, schedule) !== null) return;
    try {
      if (otherConfiguration(executor, schedule) !== null) return;
      const { hot } = fromPortable(executor, schedule);
      for (const finding of executor.run(hot).findings) this.add({ finding, schedule: hot, adjacent: [] });
    } catch (error) {
      // No such event or argument, or a run that no file can hold.
      if (!(error instanceof HeddleError)) throw error;
    }
  }

  /** Answers its bucket if it counts; its record is added if its signature is new. */
  private tell(violation: Violation, isAdded: boolean): RawBucket | null {
    const { finding, schedule, adjacent } = violation;
    const executor = this.executorFor(finding.kind);
    if (finding.kind === 'lock-order') learnLockOrder(executor, this.orders);
    const shown = asReplayed(executor, violation, this.criteria.liveness);
    const { kind, site, message, otherSite } = shown;
    const bucket: RawBucket = { kind, site, message, ...(otherSite ? { otherSite } : {}) };
    if (!this.counts(bucket)) {
      if (this.criteria.liveness && kind === 'step-limit') this.isEndless = true;
      return null;
    }
    if (isAdded && !this.isNews(executor, schedule, bucket)) return null;
    const shows = (one: HotSchedule): boolean =>
      executor
        .run(one)
        .findings.some((raw) => bucketOf(raw, executor.manifest) === bucketOf(bucket, executor.manifest));
    const start = [schedule, ...adjacent].find(shows) ?? schedule;
    const minimized = minimizeFinding(executor, start, bucket, { keepEvents: true });
    if (!minimized.reproduced) {
      this.unconfirmed.push(bucketOf(bucket, executor.manifest));
      return null;
    }
    const record = analyseFinding(executor, minimized.hot, bucket, {
      modelName: executor.manifest.name,
      minimized: true,
      ...(kind === 'lock-order' ? { earlier: this.orders } : {}),
    });
    const old = this.records.get(record.signature);
    if (!old || record.preemptions < old.preemptions) this.records.set(record.signature, record);
    return bucket;
  }

  /** Is it the first of this kind at this place to show this symptom? */
  private isNews(executor: Executor, schedule: HotSchedule, bucket: RawBucket): boolean {
    const name = bucketOf(bucket, executor.manifest);
    const raw = executor.run(schedule).findings.find((found) => bucketOf(found, executor.manifest) === name);
    const whole = raw ? bucketWith(name, provisionalSymptom(executor, schedule, raw)) : name;
    if (this.told.has(whole) || this.criteria.known.has(whole)) return false;
    this.told.add(whole);
    return true;
  }

  /** A schedule of the same bucket with fewer preemptions takes a record's place, under the same signature or its own. */
  improve(violation: Violation): void {
    const before = new Map(this.records);
    const bucket = this.tell(violation, false);
    if (!bucket) return;
    const name = bucketOf(bucket, this.options.artefact.manifest);
    const of = (records: Map<string, FindingRecord>): FindingRecord[] =>
      [...records.values()].filter((record) => record.bucket === name);
    const worst = of(before);
    for (const record of of(this.records)) {
      const better = worst.filter((old) => old.preemptions > record.preemptions && old.signature !== record.signature);
      for (const old of better) this.records.delete(old.signature);
    }
  }

  /** What the schedule repeats for ever, if it does so in a replay. */
  repeats(schedule: HotSchedule, kind: FindingKind): RawFinding | undefined {
    return this.executorFor(kind)
      .run(schedule)
      .findings.find((finding) => finding.kind === kind);
  }

  private executorFor(kind: FindingKind): Executor {
    const { costly, liveness } = this.criteria;
    const isBetterSaid = (costly && STUCK.includes(kind)) || (liveness && ENDLESS.includes(kind));
    if (!isCostly(kind) && !isBetterSaid) {
      this.cheap ??= Executor.create(this.options);
      return this.cheap;
    }
    this.oracles ??= Executor.create({ ...this.options, build: 'oracles' });
    return this.oracles;
  }
}

/** The finding as the executor that replays names it. */
function asReplayed(executor: Executor, { finding, schedule }: Violation, liveness: boolean): RawFinding {
  const lists = liveness ? [ENDLESS, LIMIT_KINDS, STUCK] : [LIMIT_KINDS, STUCK];
  const kinds = lists.find((list) => list.includes(finding.kind));
  if (!kinds) return finding;
  const same = (kind: FindingKind): boolean => (kinds !== LIMIT_KINDS ? kinds.includes(kind) : kind === finding.kind);
  return executor.run(schedule).findings.find(({ kind }) => same(kind)) ?? finding;
}
