/**
 * A search that several processes share, with no memory in common. They agree on a plan: what was learned, and the partitions that follow from
 * it. Each takes a partition at a time and searches what lies below it, over visited states of its own. The verdict rests on one pass:
 * all its partitions were searched to the end, each with exactly the plan's knowledge, and none met anything that is not in it. Who
 * meets something makes the next plan with it; then of the old one nothing counts.
 */
import type { Observed } from '../executor/observed.js';
import type { SearchEvent } from '../executor/search.js';
import { formatSchedule } from '../schedule/text.js';
import type { Board, Done } from './board.js';
import { addCounts, missed } from './counts.js';
import { decodePlan, divide, encodePlan, PARTITIONS, type Plan, planOf } from './partitions.js';
import type { SharedCounts, VerifyOptions, VerifyProgress, VerifyResult } from './types.js';
import { Verification } from './verification.js';
import { TOLD_TO_END } from './cuts.js';

/** Between two looks at what others have done, while there is nothing to do. */
const REST_MS = 100;
const FOREIGN =
  'the plan on the hub is none that this process can follow: it comes from another version, or is damaged; remove it (docs/fleet.md)';

export class SharedVerification extends Verification {
  /** Something was learned in this pass. */
  private isVoid = false;
  /** Of the plan on the board that this process has taken notice of. */
  private revision = 0;
  private plan: Plan | null = null;
  /** What the top of the space, above all partitions, has cost. */
  private top = { states: 0, transitions: 0 };
  private readonly told = new Set<string>();

  constructor(
    options: VerifyOptions,
    signal: AbortSignal,
    private readonly board: Board,
  ) {
    super(options, signal);
  }

  override async run(progress: (p: VerifyProgress) => void): Promise<VerifyResult> {
    const result = await super.run(progress);
    // Two states of different processes can share a key as well.
    const shared = this.shared();
    return { ...result, shared, collision: missed(Math.max(result.states, shared?.states ?? 0), null) };
  }

  /** A plan after the other, until the partitions of one are all done. Answers whether they are. */
  protected override async exhaust(progress: (p: VerifyProgress) => void): Promise<boolean> {
    try {
      for (;;) {
        const paths = await this.agree();
        if (!paths || !this.plan) return false;
        const isDone = await this.work(paths, this.plan, progress);
        await this.board.release();
        if (isDone !== null) return isDone;
      }
    } finally {
      await this.tellViolations();
      await this.board.release();
    }
  }

  /** A new pass is a new plan: it begins when all agree. */
  protected override async beginPass(): Promise<void> {
    this.isVoid = true;
  }

  protected override get isStopped(): boolean {
    if (super.isStopped || this.isVoid) return true;
    return this.isOutdated || (this.board.hasViolations && !this.options.all);
  }

  /** There is a plan after the one that is followed. */
  private get isOutdated(): boolean {
    return (this.board.plan?.revision ?? 0) > this.revision;
  }

  /** The partitions of the plan that all follow. null: it is no use to begin. */
  private async agree(): Promise<Uint8Array[] | null> {
    for (;;) {
      const theirs = this.isOutdated ? this.board.plan : null;
      let expected = '';
      if (theirs) {
        this.revision = theirs.revision;
        const plan = decodePlan(theirs.bytes);
        if (!plan) {
          this.cut = FOREIGN;
          return null;
        }
        this.search.teach(plan.learned);
        expected = plan.hash;
      }
      const learned = this.search.learned();
      const paths = await this.partition();
      if (this.isVoid) continue;
      this.hearViolations();
      if (super.isStopped || !paths) {
        this.cut ||= this.violations.size > 0 ? '' : FOREIGN;
        return null;
      }
      const plan = planOf(learned, paths);
      this.plan = plan;
      if (expected === plan.hash) return paths;
      if (expected !== '') {
        this.cut = FOREIGN;
        return null;
      }
      const revision = await this.board.propose(encodePlan(plan), this.revision);
      if (revision !== null) this.revision = revision;
      // Alone: what is done counts all the same, since the plan's hash names it.
      if (revision !== null || !this.isOutdated) return paths;
    }
  }

  /** Begins a pass. What is met on the way is met by each process. null: it was stopped. */
  private async partition(): Promise<Uint8Array[] | null> {
    await this.abandon();
    this.isVoid = false;
    this.visited.clear(this.log2, false);
    this.search.start();
    const paths = await divide(this.search, this.options.partitions ?? PARTITIONS, async (event: SearchEvent) => {
      await this.react(event, () => this.search.violations());
      return !this.isVoid && !super.isStopped;
    });
    if (!this.isVoid && this.search.isVoid) await this.restart(null);
    this.team?.pass(this.search.learned());
    this.isIdle = true;
    const { states, transitions } = addCounts(this.counts);
    this.top = { states, transitions };
    return paths;
  }

  /** Searches partitions while there are some. Answers whether all are done; null: there is, or must be, a new plan. */
  private async work(
    paths: readonly Uint8Array[],
    { hash }: Plan,
    progress: (p: VerifyProgress) => void,
  ): Promise<boolean | null> {
    for (;;) {
      this.hearViolations();
      if (super.isStopped) return false;
      if (this.isOutdated) return null;
      const next = await this.board.take(hash, paths.length);
      if (next === 'done') return this.conclude();
      if (next === 'wait') {
        progress(this.snapshot());
        if (this.signal.aborted) this.cut = TOLD_TO_END;
        await new Promise((resolve) => setTimeout(resolve, REST_MS));
        continue;
      }
      const before = addCounts(this.counts);
      const path = paths[next];
      if (path) this.waiting.push(path);
      // A part that is half done is gone on with, or of the whole pass nothing counts: what lies below its visited states is not done.
      while (!(await super.exhaust(progress))) {
        this.hearViolations();
        if (super.isStopped) return false;
        if (this.isVoid || this.isOutdated) return null;
      }
      const after = addCounts(this.counts);
      await this.tellViolations();
      await this.board.report(hash, next, {
        states: after.states - before.states,
        transitions: after.transitions - before.transitions,
        depthMax: after.depthMax,
        bounded: after.bounded,
        violations: this.violations.size,
        reached: this.reached(),
      });
    }
  }

  private async conclude(): Promise<boolean> {
    // What says that a partition is done can be heard before what was found in it.
    await this.board.settle();
    this.hearViolations();
    const all = this.parts;
    this.boundedElsewhere = all.some(({ bounded }) => bounded);
    if (this.violations.size === 0 && all.some(({ violations }) => violations > 0)) {
      this.cut = 'another process has told a violation, and here no schedule shows it';
    }
    return this.cut === '';
  }

  private hearViolations(): void {
    for (const text of this.board.takeViolations()) this.violations.addForeign(text);
  }

  private async tellViolations(): Promise<void> {
    for (const { signature, schedule } of this.violations.all) {
      if (this.told.has(signature)) continue;
      this.told.add(signature);
      await this.board.tellViolation(signature, formatSchedule(schedule));
    }
  }

  /** What is known of this plan's partitions. */
  private get parts(): Done[] {
    if (!this.plan) return [];
    const { hash, partitions } = this.plan;
    return [...this.board.done(hash)].flatMap(([i, done]) => (i < partitions ? [done] : []));
  }
  private get others(): Done[] {
    return this.parts.filter(({ peer }) => peer !== this.board.peer);
  }

  private shared(): SharedCounts | null {
    if (!this.plan) return null;
    const all = this.parts;
    const sum = (of: (one: Done) => number): number => all.reduce((total, one) => total + of(one), 0);
    return {
      partitions: this.plan.partitions,
      done: all.length,
      own: all.length - this.others.length,
      processes: new Set(all.map(({ peer }) => peer)).size,
      states: this.top.states + sum((one) => one.states),
      transitions: this.top.transitions + sum((one) => one.transitions),
    };
  }

  protected override reached(): number[] {
    const all = new Set([...super.reached(), ...this.others.flatMap(({ reached }) => reached)]);
    return [...all].filter((site) => this.search.executor.manifest.sites[site]).sort((a, b) => a - b);
  }

  /** What others' schedules passed is not known. */
  protected override observed(): Observed | null {
    return this.others.length > 0 ? null : super.observed();
  }
}
