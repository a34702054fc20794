/** `heddle coverage`: runs the schedules of a campaign's corpus again and reports which sites of the model they reached. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Colors } from 'picocolors/types.js';
import { buildModel } from '../build/index.js';
import { findModel } from './model-path.js';
import { runCampaign } from '../campaign/campaign.js';
import { modelFrom, readHeader, type StoredHeader } from '../campaign/header.js';
import { SEARCH_MEMORY_BYTES } from '../campaign/types.js';
import { CorpusStore } from '../corpus/store.js';
import { byFunction, type FunctionCoverage } from '../coverage/sites.js';
import { type Vacuity, vacuityLines, vacuityOf } from '../coverage/vacuity.js';
import { Executor } from '../executor/executor.js';
import type { ModelArtefact } from '../executor/instance.js';
import { type Observed, Observations } from '../executor/observed.js';
import { fromPortable } from '../executor/portable.js';
import { formatShare, plural } from '../ui/format.js';
import { campaignOptions, type FuzzFlags } from './fuzz-options.js';
import { interruptible } from './signals.js';
import type { Terminal } from './terminal.js';

export interface CoverageFlags
  extends Pick<
    FuzzFlags,
    'design' | 'scene' | 'option' | 'jobs' | 'seed' | 'maxTime' | 'maxExecs' | 'json' | 'quiet'
  > {}

/** Time for a model without a campaign, unless a budget is given. */
const FUZZ_MS = 5_000;

interface Source {
  readonly artefact: ModelArtefact;
  readonly design: string;
  readonly options: Readonly<Record<string, number>>;
  readonly directory: string;
}

export async function coverage(
  target: string,
  flags: CoverageFlags,
  command: Command,
  terminal: Terminal,
): Promise<void> {
  const header = readHeader(target);
  if (header) return report(await campaignSource(target, header), flags, terminal);
  const temporary = mkdtempSync(join(tmpdir(), 'heddle-coverage-'));
  try {
    await report(await fuzzedSource(target, flags, command, temporary), flags, terminal);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** A campaign has one design and one set of options; what was said about others does not concern it. */
async function campaignSource(directory: string, header: StoredHeader): Promise<Source> {
  const { design, options } = header;
  const { wasm, manifest } = await buildModel((await findModel(modelFrom(directory, header))).path);
  return {
    artefact: { wasm, manifest },
    design,
    options,
    directory,
  };
}

async function fuzzedSource(model: string, flags: CoverageFlags, command: Command, directory: string): Promise<Source> {
  const { wasm, manifest } = await buildModel((await findModel(model)).path);
  const artefact = { wasm, manifest };
  const budget = flags.maxTime === undefined && flags.maxExecs === undefined ? { maxTime: FUZZ_MS } : {};
  const rest = {
    maxSteps: 20_000,
    searchMemory: SEARCH_MEMORY_BYTES,
    strategy: 'portfolio',
    oracles: 'cheap',
    minimize: false,
    ui: 'none',
    out: directory,
  } as const;
  const options = campaignOptions(
    model,
    artefact,
    Executor.describe(artefact),
    { ...rest, ...flags, ...budget },
    command,
  );
  await interruptible((signal) => runCampaign(options, {}, signal));
  return { artefact, design: options.design, options: options.options, directory };
}

async function report(source: Source, flags: CoverageFlags, terminal: Terminal): Promise<void> {
  const { manifest } = source.artefact;
  const { reached, schedules, observed } = runCorpus(source, terminal);
  const functions = byFunction(manifest, reached);
  const vacuity = vacuityOf(manifest, Executor.describe(source.artefact), {
    design: source.design,
    scene: null,
    reached: [...reached],
    observed,
  });
  const total = functions.reduce((sum, f) => sum + f.total, 0);
  const count = functions.reduce((sum, f) => sum + f.reached, 0);
  const head = { model: manifest.name, design: source.design, schedules, reached: count, total };
  if (flags.json) terminal.printJson({ schema: 'heddle.coverage/1', ...head, functions, vacuity });
  else terminal.print(renderCoverage(head, functions, vacuity, terminal.out));
}

function runCorpus(
  { artefact, design, options, directory }: Source,
  terminal: Terminal,
): { reached: Set<number>; schedules: number; observed: Observed } {
  const executors = new Map<string, Executor>();
  const reached = new Set<number>();
  let schedules = 0;
  const store = new CorpusStore(join(directory, 'corpus'));
  for (const { schedule } of store.load((file, reason) => terminal.log(`warning: ${file} is left out: ${reason}`))) {
    if (schedule.design !== design) continue;
    const executor =
      executors.get(schedule.scene) ??
      Executor.create({ artefact, configuration: { design, scene: schedule.scene, options } });
    executors.set(schedule.scene, executor);
    // A feature below the number of sites is the site itself.
    for (const feature of executor.features(fromPortable(executor, schedule).hot)) reached.add(feature);
    schedules++;
  }
  const observations = new Observations();
  for (const executor of executors.values()) observations.add(executor.observed());
  return { reached, schedules, observed: observations.all() };
}

function renderCoverage(
  head: { model: string; design: string; schedules: number; reached: number; total: number },
  functions: readonly FunctionCoverage[],
  vacuity: Vacuity,
  colors: Colors,
): string {
  const { model, design, schedules, reached, total } = head;
  const lines = [
    `${model} ${design}: ${plural(schedules, 'schedule')} reached ${reached} of ${total} sites (${formatShare(reached, total)})`,
  ];
  for (const f of functions) {
    const conditions = (vacuity.oneSided ?? []).filter((c) => c.function === f.function && c.file === f.file);
    if (f.missing.length + conditions.length === 0) continue;
    const state = vacuity.neverEntered.includes(f.function)
      ? colors.red('entered by no task')
      : `${f.reached} of ${f.total}`;
    lines.push('', `${colors.bold(f.function)} ${colors.dim(f.file)}: ${state}`);
    for (const { line, operation, field } of f.missing)
      lines.push(`  ${f.file}:${line}  never: ${`${operation} ${field}`.trim()}`);
    for (const { line, column, never } of conditions)
      lines.push(`  ${f.file}:${line}:${column}  condition never ${never}`);
  }
  // Sites and conditions are listed above.
  const { partly: _, oneSided: __, conditions: ___, ...rest } = vacuity;
  lines.push('', ...vacuityLines({ ...rest, partly: [] }, Number.POSITIVE_INFINITY).slice(1));
  return lines.join('\n');
}
