/**
 * Compares designs of one model on the same events, seeds and budget, scene by scene: each design is fuzzed, is shown the schedules that
 * were interesting in the others, and is searched exhaustively as far as that fits. Campaign, replay and search are those of `heddle fuzz`,
 * `replay` and `verify`.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { now } from '../clock.js';
import { writeFileAtomic } from '../corpus/atomic.js';
import { HeddleError } from '../errors.js';
import type { Declarations } from '../executor/declarations.js';
import { Executor } from '../executor/executor.js';
import { plural } from '../ui/format.js';
import type { VerifyProgress } from '../verify/verify.js';
import { sampleCounters } from './counters.js';
import { DesignRun, reachedOf } from './design-run.js';
import { explain, safeName } from './explain.js';
import { matrixOf, rowsOf } from './matrix.js';
import type { CompareOptions, Comparison, CounterSample, Explanation, Reached } from './types.js';

export interface CompareHooks {
  /** What begins now, of how many steps: `fuzzing v6.6, walk-client`. */
  step?(text: string, done: number, steps: number): void;
  search?(text: string, progress: VerifyProgress): void;
  warning?(message: string): void;
}

/** Marks the folder as ours, so that what an earlier comparison left can be replaced. */
const MARKER = 'comparison';
const RUNS = 'runs';

/** @throws HeddleError for unknown names and options, and for a folder with something else in it. */
export async function compare(options: CompareOptions, hooks: CompareHooks, signal: AbortSignal): Promise<Comparison> {
  return new Comparing(options, hooks, signal).run();
}

class Comparing {
  private readonly begin = now();
  private readonly declarations: Declarations;
  private readonly runs: DesignRun[] = [];
  private readonly unfinished: string[] = [];
  private readonly warnings: string[] = [];
  private readonly explanations: Explanation[] = [];
  private readonly counters: CounterSample[] = [];
  private readonly steps: number;
  private done = 0;

  constructor(
    private readonly options: CompareOptions,
    private readonly hooks: CompareHooks,
    private readonly signal: AbortSignal,
  ) {
    const { fast, designs, scenes, sweep, exact, pairs } = options;
    this.declarations = Executor.describe(fast);
    this.checkConfigurations();
    this.prepareFolder();
    const phases = (this.isFuzzed ? 2 : 0) + (exact ? 1 : 0);
    this.steps = scenes.length * designs.length * (phases + (sweep?.values.length ?? 1)) + pairs.length;
    for (const scene of scenes) {
      for (const design of designs) {
        const outDir = join(options.outDir, RUNS, this.folderName('designs', design), this.folderName('scenes', scene));
        this.runs.push(new DesignRun(options, this.declarations, design, scene, outDir, (text) => this.warn(text)));
      }
    }
  }

  private get isFuzzed(): boolean {
    const { executions, ms } = this.options.budget;
    return executions !== null || ms !== null;
  }

  async run(): Promise<Comparison> {
    const { scenes, pairs, designs, sweep } = this.options;
    for (const scene of scenes) await this.compareScene(this.runs.filter((run) => run.scene === scene));
    const runs = this.runs.map((run) => run.result());
    for (const pair of pairs) {
      await this.step(`explaining ${pair[0]} and ${pair[1]}`, () => {
        this.explanations.push(explain(this.options, pair, runs));
      });
    }
    for (const scene of scenes) {
      for (const design of designs) {
        for (const value of sweep?.values ?? [null]) {
          const at = sweep === null ? '' : `, ${sweep.option}=${value}`;
          await this.step(`counting ${design}, ${scene}${at}`, () => {
            this.counters.push(sampleCounters(this.options, design, scene, value));
          });
        }
      }
    }
    this.checkDivisor();
    return this.comparison();
  }

  /** Counters are not declared: whether there is one of that name shows only when all have been measured. */
  private checkDivisor(): void {
    const { per } = this.options;
    const names = new Set(this.counters.flatMap(({ rows }) => rows.map(({ name }) => name)));
    if (per === null || names.has(per) || this.counters.length === 0) return;
    const list = names.size > 0 ? `there are: ${[...names].sort().join(', ')}` : 'the model counts nothing';
    this.warn(`no execution has the counter “${per}” that --per names; ${list}`);
  }

  private async compareScene(runs: readonly DesignRun[]): Promise<void> {
    const { signal } = this;
    if (this.isFuzzed) {
      for (const run of runs) await this.step(`fuzzing ${run.design}, ${run.scene}`, () => run.fuzz(signal));
      // What is shown is fixed before anything is found by it: the order of the designs must not matter.
      const shown = new Map(runs.map((run) => [run, run.schedules()]));
      for (const run of runs) {
        const others = runs.filter((other) => other !== run).flatMap((other) => shown.get(other) ?? []);
        await this.step(`replaying ${plural(others.length, 'schedule')} of others in ${run.design}, ${run.scene}`, () =>
          run.replay(others, signal),
        );
      }
    }
    if (this.options.exact === null) return;
    for (const run of runs) {
      const text = `verifying ${run.design}, ${run.scene}`;
      await this.step(text, () => run.verify((progress) => this.hooks.search?.(text, progress), signal));
    }
    await this.showViolations(runs);
  }

  /** What only the search has found is shown to the others, too: one that could not be exhausted may have it as well. */
  private async showViolations(runs: readonly DesignRun[]): Promise<void> {
    const shown = runs.map((run) => ({
      run,
      schedules: run.findings.filter(({ origin }) => origin === 'verify').map(({ record }) => record.schedule),
    }));
    for (const run of runs.filter((one) => !one.isExhausted)) {
      const others = shown.filter((other) => other.run !== run).flatMap(({ schedules }) => schedules);
      if (others.length > 0 && !this.signal.aborted) await run.replay(others, this.signal);
    }
  }

  /** Does it unless it was interrupted before; what an interrupt cut or left out is remembered. */
  private async step(text: string, work: () => void | Promise<void>): Promise<void> {
    if (!this.signal.aborted) {
      this.hooks.step?.(text, this.done, this.steps);
      this.done += 1;
      await work();
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (this.signal.aborted) this.unfinished.push(text);
  }

  private comparison(): Comparison {
    const { options, declarations, unfinished, warnings, explanations, counters } = this;
    const { designs, scenes, fast, exact, search } = options;
    const { symptoms } = declarations;
    const runs = this.runs.map((run) => run.result());
    const rows = rowsOf(symptoms, runs);
    const sitesIn =
      (own: readonly DesignRun[]) =>
      (design: string): Reached => {
        const all = own.filter((run) => run.design === design).flatMap((run) => [...run.sites]);
        return reachedOf(fast.manifest, new Set(all));
      };
    const byScene = scenes.map((scene) => {
      const own = this.runs.filter((run) => run.scene === scene);
      const input = { symptoms, designs, runs: own.map((run) => run.result()), sites: sitesIn(own) };
      return { scene, cells: matrixOf(input, rows).cells };
    });
    return {
      model: fast.manifest.name,
      modelHash: fast.manifest.hash,
      modelArgument: options.modelArgument,
      designs,
      scenes,
      ...{ options: options.options, sweep: options.sweep, per: options.per },
      seed: options.seed.toString(),
      deterministic: options.deterministic,
      budget: options.budget,
      search: exact ? search : null,
      elapsedMs: now() - this.begin,
      unfinished,
      warnings,
      matrix: matrixOf({ symptoms, designs, runs, sites: sitesIn(this.runs) }, rows),
      byScene,
      runs,
      explanations,
      counters,
    };
  }

  private warn(message: string): void {
    this.warnings.push(message);
    this.hooks.warning?.(message);
  }

  // ---- before anything is run ----
  /** Unknown names and values are told before the first campaign starts. */
  private checkConfigurations(): void {
    const { fast, designs, scenes, options, sweep } = this.options;
    const create = (design: string, scene: string, value: number | null): void => {
      const swept = sweep === null || value === null ? {} : { [sweep.option]: value };
      Executor.create({ artefact: fast, configuration: { design, scene, options: { ...options, ...swept } } });
    };
    const [design = ''] = designs;
    const [scene = ''] = scenes;
    for (const one of designs) create(one, scene, null);
    for (const one of scenes) create(design, one, null);
    for (const value of sweep ? [Math.min(...sweep.values), Math.max(...sweep.values)] : [])
      create(design, scene, value);
  }

  /** A comparison starts from nothing, so that each design has the same chances; an earlier one's folder is replaced. */
  private prepareFolder(): void {
    const { outDir } = this.options;
    const marker = join(outDir, MARKER);
    if (existsSync(outDir) && readdirSync(outDir).length > 0 && !existsSync(marker)) {
      throw new HeddleError('HDL_USAGE', `${outDir} is not empty, and no comparison wrote it`, {
        hint: 'name another folder with -o',
      });
    }
    for (const part of [RUNS, 'explain']) rmSync(join(outDir, part), { recursive: true, force: true });
    writeFileAtomic(marker, 'The folder of a comparison: the next one replaces what is in it.\n');
  }

  /** Different names of one list have different folders. */
  private folderName(list: 'designs' | 'scenes', name: string): string {
    const names = this.options[list];
    const safe = safeName(name);
    const same = names.filter((other) => safeName(other) === safe);
    return same.length === 1 ? safe : `${safe}-${names.indexOf(name) + 1}`;
  }
}
