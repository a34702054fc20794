/**
 * One executor with one booted model: the only place, with `instance.ts`, that touches WebAssembly. Everything that crosses the boundary
 * is plain data (`types.ts`).
 */
import type { Manifest } from '../build/manifest.js';
import { HeddleError } from '../errors.js';
import type { HotSchedule } from '../schedule/schedule.js';
import { bootModel, indexOf } from './boot.js';
import { coveredApart } from './covered.js';
import type { Declarations } from './declarations.js';
import { describeModel } from './describe.js';
import { writeDecisions, writeEvents, writeParentRun } from './input.js';
import {
  type ExecutorBuild,
  type ExecutorExports,
  type Instance,
  instantiate,
  type ModelArtefact,
} from './instance.js';
import {
  CONTROL,
  END_INVARIANTS,
  HEAD,
  MEMORY,
  OPTIONS,
  STEP_INVARIANTS,
  STRATEGIES,
  type StrategyName,
} from './layout.js';
import type { MemoryView } from './memory-view.js';
import { type Observed, readObserved, takeBootMarks } from './observed.js';
import { type FindingKey, knownBits } from './known.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { writeSiteFlags } from './oracles.js';
import { readCounters, readFindings, readRecorded, readTasks } from './result.js';
import { relinked } from './relink.js';
import { readTotals, type Totals } from './totals.js';
import { trapNumber } from './traps.js';
import { readBareTrace, readTrace } from './trace.js';
import type { ExecutionResult, Glanced, TracedExecution } from './types.js';

export { DEFAULT_LIMITS, type Limits };

/** What a model is booted with. Names are resolved against the declarations. */
export interface Configuration {
  readonly design?: string;
  readonly scene?: string;
  readonly options?: Readonly<Record<string, number>>;
}

export interface ExecutorOptions {
  readonly artefact: ModelArtefact;
  readonly configuration?: Configuration;
  readonly limits?: Limits;
  readonly build?: ExecutorBuild;
  /** Memory, at least PAGES; more is for the search builds. */
  readonly pages?: number;
  /** Exports of the set of visited states, for the search builds. */
  readonly visited?: WebAssembly.ModuleImports;
  /** Runs in the place of the build's own module. */
  readonly module?: WebAssembly.Module;
  /** Unwind at every switch, so that an execution can be saved in the middle. */
  readonly eager?: boolean;
  /** POS, SURW and reads-from decide before visible events only: docs/strategies.md. */
  readonly visibleOnly?: boolean;
}

export const INTEREST = { features: 1, finding: 4 } as const;

export class Executor {
  readonly build: ExecutorBuild;
  readonly manifest: Manifest;
  readonly declarations: Declarations;
  readonly design: string;
  readonly scene: string;
  readonly options: Readonly<Record<string, number>>;
  private x: ExecutorExports;
  private instance: Instance;
  readonly view: MemoryView;
  private bootMarks: readonly number[] = [];
  private boot: (instance: Instance) => void = () => {};

  private constructor(instance: Instance, options: ExecutorOptions, declarations: Declarations) {
    this.instance = instance;
    this.x = instance.exports;
    this.view = instance.view;
    this.build = options.build ?? 'release';
    this.manifest = options.artefact.manifest;
    this.declarations = declarations;
    const c = options.configuration ?? {};
    this.design = c.design || (declarations.designs[0]?.name ?? '');
    this.scene = c.scene || (declarations.scenes[0]?.name ?? '');
    this.options = c.options ?? {};
  }

  /** Reads what a model declares, without running it. */
  static describe(artefact: ModelArtefact): Declarations {
    return describeModel(artefact, DEFAULT_LIMITS, 'release');
  }

  /** @throws HeddleError for an unknown design, scene or option, and for a model that fails while it starts. */
  static create(options: ExecutorOptions): Executor {
    const { artefact, build = 'release', pages, visited, module } = options;
    const declarations = describeModel(artefact, DEFAULT_LIMITS, build, pages);
    const instance = instantiate(artefact, build, pages, visited, module);
    const executor = new Executor(instance, options, declarations);
    executor.configure(options);
    return executor;
  }

  private configure(options: ExecutorOptions): void {
    const { declarations: d, view } = this;
    const word = (name: keyof typeof CONTROL, value: number): void =>
      view.setI32(MEMORY.CONTROL + CONTROL[name], value);
    const scene = indexOf(d.scenes, this.scene, 'scene', this.manifest.name);
    word('design', indexOf(d.designs, this.design, 'design', this.manifest.name));
    word('scene', scene);
    word('eager', options.eager ? 1 : 0);
    word('visibleOnly', options.visibleOnly ? 1 : 0);
    if (options.build === 'oracles' || options.build === 'search-oracles') writeSiteFlags(view, this.manifest);
    d.options.forEach((o, i) => {
      const value = this.options[o.name] ?? o.default;
      if (!Number.isInteger(value) || value < o.min || value > o.max) {
        throw new HeddleError('HDL_USAGE', `option “${o.name}” of ${this.manifest.name} cannot be ${value}`, {
          hint: `it takes ${o.min} to ${o.max}`,
        });
      }
      view.setI32(OPTIONS + i * 4, value);
    });
    for (const name of Object.keys(this.options)) indexOf(d.options, name, 'option', this.manifest.name);
    const limits = options.limits ?? DEFAULT_LIMITS;
    word('designs', d.designs.length);
    word('options', d.options.length);
    word('stepLimit', limits.steps);
    word('fuelLimit', limits.fuel);
    this.boot = (instance) => bootModel(instance, this.manifest, limits, d.scenes[scene] ?? null);
    this.boot(this.instance);
    this.bootMarks = takeBootMarks(view, this.manifest);
    this.setInvariants();
    this.setEvents(this.sceneSchedule());
  }

  private setInvariants(): void {
    const lists = { end: { at: END_INVARIANTS, n: 0 }, always: { at: STEP_INVARIANTS, n: 0 } };
    this.declarations.invariants.forEach((invariant, index) => {
      const list = lists[invariant.when];
      this.view.setI32(list.at + list.n * 8, invariant.entry);
      this.view.setI32(list.at + list.n * 8 + 4, index);
      list.n++;
    });
    this.view.setI32(MEMORY.CONTROL + CONTROL.endInvariants, lists.end.n);
    this.view.setI32(MEMORY.CONTROL + CONTROL.stepInvariants, lists.always.n);
  }

  /** Exports for `search.ts`, its other half. */
  get wasm(): ExecutorExports {
    return this.x;
  }

  /** The configured scene's events under the default scheduler. */
  sceneSchedule(): HotSchedule {
    const scene = this.declarations.scenes.find((s) => s.name === this.scene);
    const events = (scene?.events ?? []).map((call) => ({
      event: this.declarations.events.findIndex((e) => e.name === call.event),
      args: call.args,
    }));
    return { events, deviations: [], choices: [] };
  }

  /** Sets the events of the following executions. */
  setEvents(schedule: HotSchedule): void {
    writeEvents(this.view, schedule, this.declarations);
  }

  /** Goes on with the module that `link` made of a release executor and the model: the same executions, faster. */
  relink(linked: WebAssembly.Module): void {
    this.instance = relinked(this.instance, linked, this.boot);
    this.x = this.instance.exports;
  }

  // ---- running ----
  /** Runs one schedule. Deviations must be sorted by (task, step). */
  run(schedule: HotSchedule): ExecutionResult {
    this.strategy('replay');
    this.setEvents(schedule);
    writeDecisions(this.view, 'INPUT', schedule);
    return this.alone(() => this.execute());
  }

  /** Runs one schedule and tells every step. */
  trace(schedule: HotSchedule): TracedExecution {
    return this.traced(schedule, readTrace);
  }

  private traced<Step>(schedule: HotSchedule, read: (view: MemoryView) => Step[]): ExecutionResult & { trace: Step[] } {
    this.setTracing(true);
    try {
      return { ...this.run(schedule), trace: read(this.view) };
    } finally {
      this.setTracing(false);
    }
  }

  /** Whether the following executions keep a trace. */
  setTracing(on: boolean): void {
    this.view.setI32(MEMORY.CONTROL + CONTROL.tracing, on ? 1 : 0);
  }

  /** Runs the decisions in `path` (see enumeration.ts of the executor), then the default scheduler. */
  enumerate(schedule: HotSchedule, path: Uint8Array): ExecutionResult {
    this.strategy('enumeration');
    this.setEvents(schedule);
    this.view.bytes.set(path, MEMORY.INPUT + MEMORY.PATH);
    this.view.setI32(MEMORY.CONTROL + CONTROL.path, path.length);
    return this.alone(() => this.execute());
  }

  /** Chooses a strategy for `batch`. `parameter`: see the strategy's file. */
  strategy(name: StrategyName, parameter = 0, lengthEstimate = 0): void {
    this.view.setI32(MEMORY.CONTROL + CONTROL.strategy, STRATEGIES.indexOf(name));
    this.view.setI32(MEMORY.CONTROL + CONTROL.parameter, parameter);
    this.view.setI32(MEMORY.CONTROL + CONTROL.lengthEstimate, lengthEstimate);
  }

  /** Which part of an enumeration is this executor's: `share` of `shares`, from 0. */
  share(share: number, shares: number): void {
    this.view.setI32(MEMORY.CONTROL + CONTROL.share, share);
    this.view.setI32(MEMORY.CONTROL + CONTROL.shares, shares);
  }

  /** Seeds the strategies' randomness; 64 bits, not 0. */
  seed(value: bigint): void {
    this.view.setU64(MEMORY.CONTROL + CONTROL.random, BigInt.asUintN(64, value) || 1n);
  }

  /** The strategies' randomness as it stands, for `seed`. */
  randomState(): bigint {
    return this.view.u64(MEMORY.CONTROL + CONTROL.random);
  }

  /** The schedule that the mutation strategy starts from, with the steps of each task and the number of choices in its run. */
  setParent(schedule: HotSchedule, steps: readonly { slot: number; steps: number }[], choices: number): void {
    this.setEvents(schedule);
    writeDecisions(this.view, 'BASE', schedule);
    writeParentRun(this.view, steps, choices);
  }

  /**
   * Runs at most n executions of the chosen strategy; ends early after an interesting one, and when an enumeration has nothing left. Answers
   * how many ran.
   */
  batch(n: number): number {
    const before = this.view.u64(MEMORY.CONTROL + CONTROL.executions);
    try {
      return this.x.runBatch(n);
    } catch (error) {
      this.recover(error);
      return Number(this.view.u64(MEMORY.CONTROL + CONTROL.executions) - before);
    }
  }

  /** Bits of INTEREST: why the last batch ended early; 0 if it did not. */
  interest(): number {
    return this.view.i32(MEMORY.CONTROL + CONTROL.interest);
  }

  private execute(): void {
    try {
      this.x.run();
    } catch (error) {
      this.recover(error);
    }
  }

  /** A trap is a finding of the model like any other; a stack overflow as well. */
  private recover(error: unknown): void {
    this.x.trapped(trapNumber(error));
  }

  // ---- executions that stop at every decision ----
  /** Starts an execution that pauses at each decision; the executor must be eager. False: it has ended already. */
  begin(schedule: HotSchedule): boolean {
    this.strategy('replay');
    this.setEvents(schedule);
    writeDecisions(this.view, 'INPUT', { ...schedule, deviations: [] });
    return this.x.begin() !== 0;
  }

  /** Takes the pending decision (null: the default scheduler's) and runs to the next. False: the execution has ended. */
  proceed(next: number | null): boolean {
    return this.x.proceed(next ?? -1) !== 0;
  }

  /** Ends a stepped execution: leaks and invariants at the end are checked. */
  finish(): ExecutionResult {
    return this.alone(() => this.x.finishExecution());
  }

  /** Ends one execution that is no part of a batch: its final state is judged whatever it is, and counts nowhere. */
  private alone(end: () => unknown): ExecutionResult {
    this.view.setI32(MEMORY.CONTROL + CONTROL.single, 1);
    end();
    this.view.setI32(MEMORY.CONTROL + CONTROL.single, 0);
    return this.result();
  }

  /** Slots of the tasks that can run at the pending decision. */
  ready(): number[] {
    const sets = [this.view.u64(MEMORY.HEAD + HEAD.readyLow), this.view.u64(MEMORY.HEAD + HEAD.readyHigh)];
    return sets.flatMap((set, k) =>
      Array.from({ length: 64 }, (_, t) => k * 64 + t).filter((t) => (set >> BigInt(t & 63)) & 1n),
    );
  }

  /** A copy of the paused execution. @throws RangeError if it is larger than the save area. */
  save(): Uint8Array {
    const bytes = this.x.save();
    if (bytes === 0) throw new RangeError('the execution is too large to be saved');
    return this.view.bytes.slice(MEMORY.SAVE, MEMORY.SAVE + bytes);
  }

  /** Brings a saved execution back, to be continued with `proceed`. It must be of this executor. */
  restore(saved: Uint8Array): void {
    this.view.bytes.set(saved, MEMORY.SAVE);
    this.x.restore(saved.length);
  }

  // ---- results ----
  result(): ExecutionResult {
    const { view } = this;
    return {
      findings: readFindings(view, this.declarations),
      hash: view.u64(MEMORY.HEAD + HEAD.hash),
      points: view.i32(MEMORY.HEAD + HEAD.total),
      recorded: readRecorded(view, this.declarations),
      tasks: readTasks(view, this.declarations, this.instance.functionName),
    };
  }

  /** Findings of this kind at this place, if it says so with who did it to what, are known from now on: they do not end a batch again. */
  acknowledge(finding: FindingKey): void {
    for (const bit of knownBits(finding, this.declarations)) {
      const at = MEMORY.KNOWN + (bit >> 3);
      this.view.bytes[at] = (this.view.bytes[at] ?? 0) | (1 << (bit & 7));
    }
  }

  /** Nothing is known any more. */
  forget(): void {
    this.view.bytes.fill(0, MEMORY.KNOWN, MEMORY.TRACE);
  }

  isKnown(finding: FindingKey): boolean {
    return knownBits(finding, this.declarations).every(
      (bit) => (((this.view.bytes[MEMORY.KNOWN + (bit >> 3)] ?? 0) >> (bit & 7)) & 1) === 1,
    );
  }

  /** The features of one schedule's execution, sorted; what was seen before is left out of account. */
  features(schedule: HotSchedule): number[] {
    return coveredApart(this.coverage(), () => this.run(schedule)).features;
  }

  /** As `look`, with no more of the trace than its places need. */
  glance(schedule: HotSchedule): Glanced {
    const { made, features } = coveredApart(this.coverage(), () => this.traced(schedule, readBareTrace));
    return { ...made, features };
  }

  /** `trace` and `features` of one and the same execution. */
  look(schedule: HotSchedule): TracedExecution & { readonly features: readonly number[] } {
    const { made, features } = coveredApart(this.coverage(), () => this.trace(schedule));
    return { ...made, features };
  }

  /** What executions have passed since the executor was made. */
  observed(): Observed {
    return readObserved(this.view, this.manifest, this.bootMarks);
  }

  /** Named counters (`count`) of the last execution. */
  counters(): ReadonlyMap<string, number> {
    return readCounters(this.view);
  }

  totals(): Totals {
    return readTotals(this.view);
  }

  /** The coverage map itself: one byte a feature. */
  coverage(): Uint8Array {
    return this.view.bytes.subarray(MEMORY.COVERAGE, MEMORY.COVERAGE + MEMORY.COVERAGE_SIZE);
  }

  /** State hash recomputed from scratch. */
  recomputeHash(): bigint {
    return BigInt.asUintN(64, this.x.recomputeHash());
  }
}
