/**
 * Exhaustive verification of one scene: every schedule, by search over exact states. “Verified” is said only when nothing was cut.
 * The calling thread searches in slices, so that progress can be shown and an interrupt is heard; helpers join when it takes longer.
 */
import { now } from '../clock.js';
import { Search, type SearchEvent, UNBOUNDED, type Violation } from '../executor/search.js';
import { Observations, type Observed } from '../executor/observed.js';
import type { RawFinding } from '../executor/types.js';
import { Visited } from '../executor/visited.js';
import { aborted } from './aborted.js';
import { type Checkpoint, loadCheckpoint } from './checkpoint.js';
import { addCounts, countsOf, missed, reachedSites } from './counts.js';
import { CUTS, TOLD_TO_END } from './cuts.js';
import { fewestPreemptions } from './fewest.js';
import { Liveness } from './liveness/liveness.js';
import { Keeper } from './keeper.js';
import { type SearchSetup, SLICE, VISITED_START } from './protocol.js';
import { sampleSchedules } from './sample.js';
import { SCOUTS_AT, scout } from './scout.js';
import { Team } from './team.js';
import type { Verdict, VerifyOptions, VerifyProgress, VerifyResult } from './types.js';
import { Violations } from './violations.js';

/** The part of the memory that holds visited states; the rest is for the paths. */
const VISITED_PART = 0.75;
/** Bytes for the path of one thread, at least and at most. */
const PATH_MIN = 1 << 20;
const PATH_MAX = 256 << 20;
/** Starting a helper costs about as much as a search of this time. */
const HELPERS_AFTER_MS = 500;
/** From then on violations are looked at when they are met. */
const REPORT_AFTER_MS = 1_000;

/** One search; `close` it in any case. */
export class Verification {
  private readonly begin = now();
  private readonly setup: SearchSetup;
  protected readonly search: Search;
  protected readonly visited: Visited;
  protected readonly violations: Violations;
  /** Findings that no thread need tell again. */
  private readonly acknowledged: RawFinding[] = [];
  private readonly maxLog2: number;
  private readonly earlier: Checkpoint | null;
  protected log2: number;
  protected team: Team | null = null;
  /** Paths that wait for a thread. */
  protected readonly waiting: Uint8Array[] = [];
  protected isIdle = false;
  private restarts = 0;
  /** What an earlier part of this pass has counted. */
  private base = { states: 0, transitions: 0 };
  private readonly keeper: Keeper | null;
  private readonly liveness: Liveness | null;
  protected cut = '';
  /** Another process left something out for a bound. */
  protected boundedElsewhere = false;
  /** Violations that were not looked at yet. */
  private readonly found: Violation[] = [];
  /** Milliseconds for what is made of violations: minimizing, fewest preemptions. */
  private reportingMs = 0;
  /** Of the whole search: a listener for each wait would pile up. */
  private readonly aborted: Promise<void>;

  constructor(
    protected readonly options: VerifyOptions,
    protected readonly signal: AbortSignal,
  ) {
    this.aborted = aborted(signal);
    const { design, scene, memoryBytes, bitstate = false, costly = false, liveness = false, jobs = 1 } = options;
    const configuration = { design, scene, options: options.options };
    const limits = { steps: options.stepLimit, fuel: options.fuelLimit };
    this.earlier = options.checkpoint?.resume ? loadCheckpoint(options.checkpoint.file, options) : null;
    this.liveness = liveness ? new Liveness(memoryBytes / 2) : null;
    const forStates = liveness ? memoryBytes / 2 : memoryBytes;
    this.maxLog2 = Math.max(10, Math.floor(Math.log2((forStates * VISITED_PART) / 8)));
    this.log2 = bitstate ? this.maxLog2 : Math.min(VISITED_START, this.maxLog2);
    const rest = (forStates - 8 * 2 ** this.maxLog2) / jobs;
    this.setup = {
      artefact: options.exact,
      configuration,
      limits,
      reduce: options.reduce,
      costly,
      liveness,
      shared: options.board !== undefined,
      bounds: options.bounds ?? UNBOUNDED,
      pathBytes: Math.min(PATH_MAX, Math.max(PATH_MIN, rest)),
    };
    this.keeper = options.checkpoint && !bitstate ? new Keeper(options.checkpoint.file, options) : null;
    this.visited = Visited.create(this.log2, bitstate);
    this.search = new Search({ ...this.setup, visited: this.visited });
    const criteria = { costly, liveness, oracles: options.oracles, known: options.known ?? new Set<string>() };
    this.violations = new Violations({ artefact: options.fast, configuration, limits }, criteria);
  }

  async close(): Promise<void> {
    await this.team?.close();
  }

  async run(progress: (p: VerifyProgress) => void): Promise<VerifyResult> {
    if (this.earlier) this.resume(this.earlier);
    else {
      this.search.learn();
      this.search.start();
    }
    const ended = await this.exhaust(progress);
    this.report();
    const exhausted = ended && this.cut === '';
    const checkpoint = await this.keep(exhausted);
    if (exhausted && this.liveness && (this.options.all || this.violations.size === 0)) {
      await this.liveness.judge(this.setup, this.search.learned(), this.violations, this.signal);
    }
    if (exhausted && this.setup.costly) {
      this.violations.mergeOrders();
      if (this.options.all || this.violations.size === 0) this.sample();
    }
    const counts = this.snapshot();
    const exhaustMs = now() - this.begin - this.reportingMs;
    const fewest =
      this.options.fewest && this.violations.size > 0
        ? await fewestPreemptions(this.violations, this.setup, this.search.learned(), this.signal)
        : {};
    if (this.violations.isCut) this.cut ||= 'locks were taken in more orders than are kept';
    if (exhausted && this.violations.unconfirmed.length > 0) {
      this.cut = `${this.violations.unconfirmed.join('; ')}: seen by the search, not shown by a replay`;
    }
    const bounded = addCounts(this.counts).bounded || this.earlier?.bounded || this.boundedElsewhere;
    const isWhole = exhausted && this.cut === '';
    const verdict: Verdict =
      this.violations.size > 0
        ? 'violated'
        : !isWhole || this.options.bitstate
          ? 'incomplete'
          : bounded
            ? 'bounded'
            : 'verified';
    return {
      ...counts,
      elapsedMs: now() - this.begin,
      exhaustMs,
      verdict,
      cut: this.cut || (this.options.bitstate && verdict === 'incomplete' ? 'visited states were kept as bits' : ''),
      exhausted: isWhole && !this.options.bitstate,
      mayRepeat: !this.liveness && this.violations.wants('step-limit') && this.search.repeats,
      threads: 1 + (this.team?.counts.length ?? 0),
      depthMax: Math.max(addCounts(this.counts).depthMax, this.earlier?.depthMax ?? 0),
      collision: missed(counts.states, this.options.bitstate ? this.log2 : null),
      records: this.violations.all,
      fewest,
      reached: this.reached(),
      observed: this.observed(),
      checkpoint,
      shared: null,
    };
  }

  private sample(): void {
    const { configuration, limits } = this.setup;
    sampleSchedules(
      { artefact: this.options.fast, ...(configuration ? { configuration } : {}), ...(limits ? { limits } : {}) },
      this.violations,
    );
  }

  protected get counts(): ReturnType<typeof countsOf>[] {
    return [countsOf(this.search), ...(this.team?.counts ?? [])];
  }

  protected reached(): number[] {
    const here = reachedSites(this.search.executor);
    const all = new Set([...here, ...(this.team?.reached ?? []), ...(this.earlier?.reached ?? [])]);
    return [...all].sort((a, b) => a - b);
  }

  protected observed(): Observed | null {
    if (this.earlier) return null;
    const all = new Observations();
    all.add(this.search.executor.observed());
    if (this.team) all.add(this.team.observations.all());
    return all.all();
  }

  protected snapshot(): VerifyProgress {
    const elapsedMs = now() - this.begin + (this.earlier?.elapsedMs ?? 0);
    const { states, transitions, depth } = addCounts(this.counts);
    const before = this.base;
    return {
      elapsedMs,
      states: states + before.states,
      transitions: transitions + before.transitions,
      statesPerSecond: elapsedMs > 0 ? Math.round(((states + before.states) * 1000) / elapsedMs) : 0,
      depth,
      restarts: this.restarts,
      findings: this.violations.size + this.found.length,
      queue: this.counts.reduce((sum, c) => sum + c.depth, 0) + this.waiting.length,
    };
  }

  /** The search itself. Answers whether it came to its end. */
  protected async exhaust(progress: (p: VerifyProgress) => void): Promise<boolean> {
    for (;;) {
      if (this.isIdle && this.waiting.length > 0) this.adopt(this.waiting.shift());
      if (!this.isIdle) {
        const event = this.search.run(SLICE);
        this.liveness?.add(this.search.takeEdges());
        await this.react(event, () => this.search.violations());
      }
      if (this.liveness?.isFull) this.cut = 'the graph of states is full';
      await this.hear();
      if (now() - this.begin > REPORT_AFTER_MS) this.report();
      if (this.isStopped) return false;
      if (this.isIdle && this.waiting.length === 0 && !this.team) return true;
      progress(this.snapshot());
      if (this.keeper?.isDue) await this.keepForResume(this.keeper);
      if (this.signal.aborted) {
        this.cut = TOLD_TO_END;
        return false;
      }
      await this.recruit();
      this.adopt(this.team?.balance(this.search, this.isIdle) ?? undefined);
      if (this.isIdle && this.waiting.length === 0) {
        if (!this.team?.busy) {
          // Lets the last messages in.
          await new Promise((resolve) => setImmediate(resolve));
          if (!this.team?.busy && !(await this.hear())) return true;
        } else await Promise.race([this.team.listen(), this.aborted]);
      }
      // Lets the signal and timers in.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** There is no use in going on. */
  protected get isStopped(): boolean {
    return this.cut !== '' || (this.violations.size > 0 && !this.options.all);
  }

  private adopt(path: Uint8Array | undefined): void {
    if (!path) return;
    if (!this.search.adopt(path)) this.cut = 'a path of the search could not be walked again';
    this.isIdle = false;
  }

  /** Long searches get helpers. */
  private async recruit(): Promise<void> {
    const helpers = (this.options.jobs ?? 1) - 1;
    if (this.team || helpers < 1 || now() - this.begin < (this.options.helpersAfterMs ?? HELPERS_AFTER_MS)) return;
    if (this.search.admitThreads()) {
      await this.abandon();
      await this.beginPass();
    }
    this.team = new Team(helpers, this.setup, this.visited.memory, this.search.learned(), (records) =>
      this.liveness?.add(records),
    );
    for (const finding of this.acknowledged) this.team.acknowledge(finding);
  }

  /** What helpers tell. Answers whether there was anything. */
  private async hear(): Promise<boolean> {
    let heard = false;
    for (let news = this.team?.takeNews(); news; news = this.team?.takeNews()) {
      heard = true;
      if (news.type === 'violations') this.take(news.violations);
      else if (news.type === 'order') this.violations.learnOrder(news.schedule);
      else if (news.type === 'restart') await this.restart(news.learned);
      else if (news.type === 'visited-full') await this.grow();
      else this.cut = CUTS[news.event] ?? news.event;
    }
    return heard;
  }

  protected async react(event: SearchEvent, violations: () => Violation[]): Promise<void> {
    if (event === 'finished') this.isIdle = true;
    else if (event === 'finding') this.take(violations());
    else if (event === 'order') this.violations.learnOrder(this.search.schedule());
    else if (event === 'restart') await this.restart(null);
    else if (event === 'visited-full') await this.grow();
    else if (event !== 'more') this.cut = CUTS[event] ?? event;
  }

  private take(violations: readonly Violation[]): void {
    const begin = now();
    const [first] = violations;
    if (this.setup.costly && first) this.violations.learnOrder(first.schedule);
    for (const { finding } of violations) {
      this.search.executor.acknowledge(finding);
      this.team?.acknowledge(finding);
      this.acknowledged.push(finding);
    }
    this.found.push(...violations);
    this.reportingMs += now() - begin;
    if (!this.options.all || this.setup.shared) this.report();
  }

  /** What replays and minimizes uses other code than the search: a search that is short is done before that is compiled. */
  private report(): void {
    const begin = now();
    for (const violation of this.found.splice(0)) this.violations.add(violation);
    if (this.violations.isEndless) this.cut = 'a run reached the step limit, and whether it repeats is not known';
    this.reportingMs += now() - begin;
  }

  /** The pass relied on what is not so: it begins anew with what was learned. */
  protected async restart(learned: Uint8Array | null): Promise<void> {
    this.restarts++;
    await this.abandon();
    if (learned) this.search.teach(learned);
    if (this.restarts === SCOUTS_AT) await scout(this.search, this.visited, this.maxLog2, this.signal);
    await this.beginPass();
  }

  /** Of what the pass has done nothing counts. */
  protected async abandon(): Promise<void> {
    await this.team?.halt();
    this.waiting.length = 0;
    this.base = { states: 0, transitions: 0 };
    this.liveness?.clear();
  }

  protected async beginPass(): Promise<void> {
    this.visited.clear(this.log2, this.options.bitstate ?? false);
    this.search.start();
    this.isIdle = false;
    this.team?.pass(this.search.learned());
  }

  private async grow(): Promise<void> {
    if (this.log2 >= this.maxLog2) {
      this.cut = CUTS['visited-full'] ?? '';
      return;
    }
    await this.team?.halt();
    this.visited.grow(++this.log2);
    this.team?.go();
  }

  private resume(checkpoint: Checkpoint): void {
    const { learned, keys, paths, log2, records, acknowledged, orders, isVoid, states, transitions } = checkpoint;
    this.search.teach(learned);
    this.search.start();
    this.restarts = checkpoint.restarts;
    this.violations.restore(records);
    for (const schedule of orders) this.violations.learnOrder(schedule);
    for (const finding of acknowledged) {
      this.acknowledged.push(finding);
      this.search.executor.acknowledge(finding);
    }
    if (isVoid) return;
    // `start` has counted the first state again.
    this.base = { states: states - 1, transitions };
    this.log2 = Math.min(log2, this.maxLog2);
    this.visited.clear(VISITED_START, false);
    this.visited.load(keys, this.log2);
    this.waiting.push(...paths);
    this.isIdle = true;
  }

  /** Now and then: a search that is killed can go on from here. Not while what a thread has learned or found is not heard of yet. */
  private async keepForResume(keeper: Keeper): Promise<void> {
    const begin = now();
    const left = (await this.team?.halt()) ?? [];
    if (!this.team?.hasNews && !addCounts(this.counts).isVoid) {
      keeper.save(this.checkpoint(left));
      keeper.rest(begin);
    }
    this.team?.go();
  }

  /** After an interrupt: what is needed to go on. Answers the file, or nothing. */
  private async keep(exhausted: boolean): Promise<string> {
    const { keeper } = this;
    if (!keeper) return '';
    if (exhausted || this.cut !== TOLD_TO_END) {
      keeper.remove();
      return '';
    }
    const left = (await this.team?.halt()) ?? [];
    return keeper.save(this.checkpoint(left)) ? (this.options.checkpoint?.file ?? '') : '';
  }

  /** `left`: what the helpers, all halted, have not tried. */
  private checkpoint(left: readonly Uint8Array[]): Checkpoint {
    const { depthMax, bounded, isVoid } = addCounts(this.counts);
    // Nor are edges between states kept: the pass begins anew.
    const lost = isVoid || this.team?.hasNews === true || this.liveness !== null;
    const paths = [...this.waiting, ...left, ...(this.isIdle ? [] : [this.search.path()])];
    const { elapsedMs, states, transitions, restarts } = this.snapshot();
    return {
      ...{ elapsedMs, states, transitions, depthMax, restarts, bounded, log2: this.log2, isVoid: lost },
      records: this.violations.all,
      acknowledged: this.acknowledged,
      orders: this.violations.orders,
      reached: this.reached(),
      learned: this.search.learned(),
      keys: lost ? new Uint8Array() : this.visited.keys(),
      paths: lost ? [] : paths.filter((path) => path.length > 0),
    };
  }
}
