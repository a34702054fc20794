/** What a corpus command works on: a folder with a corpus, its model, and workers that run what is in it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildModel } from '../build/index.js';
import { findModel } from './model-path.js';
import { modelFrom, readHeader, type StoredHeader } from '../campaign/header.js';
import { WorkerPool } from '../campaign/pool.js';
import { type Inspector, inspectAll, measureAll } from '../campaign/take-over.js';
import { CorpusStore } from '../corpus/store.js';
import { HeddleError } from '../errors.js';
import { DEFAULT_LIMITS, Executor } from '../executor/executor.js';
import type { ModelArtefact } from '../executor/instance.js';
import { MEMORY } from '../executor/layout.js';
import type { Schedule } from '../schedule/schedule.js';
import { otherConfiguration } from '../worker/inspect.js';
import type { Inspectable, Inspected, MeasureResult } from '../worker/protocol.js';
import { HANG_MS } from './fuzz-options.js';

/**
 * The corpus of a campaign's folder, or a folder that is itself one.
 *
 * @throws HeddleError HDL_USAGE if there is none, HDL_FORMAT_VERSION if the campaign's header cannot be read.
 */
export function corpusAt(folder: string): { readonly store: CorpusStore; readonly header: StoredHeader | null } {
  if (!existsSync(folder)) {
    throw new HeddleError('HDL_USAGE', `${folder} does not exist`, { hint: 'Name the folder of a campaign.' });
  }
  const inner = join(folder, 'corpus');
  const header = readHeader(folder);
  return { store: new CorpusStore(header !== null || existsSync(inner) ? inner : folder), header };
}

export interface CorpusFlags {
  readonly model?: string;
  readonly design?: string;
  readonly option?: Readonly<Record<string, number>>;
  readonly maxSteps?: number;
  readonly jobs: number;
  readonly json?: boolean;
}

/** Workers for one design of a model, and the model. */
export interface CorpusWorkers {
  readonly artefact: ModelArtefact;
  readonly design: string;
  readonly inspector: Inspector;
  /** Whether it is of this model, design and options. A corpus may have others, which have nothing to do here. */
  belongs(schedule: Schedule): boolean;
  inspect(entries: readonly Inspectable[]): Promise<(Inspected | undefined)[]>;
  measure(schedules: readonly Schedule[]): Promise<MeasureResult[]>;
  close(): Promise<void>;
}

/** @throws HeddleError HDL_USAGE if neither a flag nor the folder tells the model, HDL_CAMPAIGN_MODEL if they tell two. */
export async function openWorkers(
  folder: string,
  header: StoredHeader | null,
  flags: CorpusFlags,
): Promise<CorpusWorkers> {
  const argument = flags.model ?? (header === null ? undefined : modelFrom(folder, header));
  if (argument === undefined) {
    throw new HeddleError('HDL_USAGE', `${folder} does not say of which model it is`, {
      hint: 'Add --model <name or path>.',
    });
  }
  const { wasm, manifest } = await buildModel((await findModel(argument)).path);
  if (header !== null && header.model !== manifest.name) {
    throw new HeddleError('HDL_CAMPAIGN_MODEL', `${folder} is a campaign of ${header.model}, not of ${manifest.name}`, {
      hint: 'Leave out --model, or name the model of the campaign.',
    });
  }
  const artefact = { wasm, manifest };
  const declarations = Executor.describe(artefact);
  const design = flags.design || header?.design || (declarations.designs[0]?.name ?? '');
  const options = flags.option ?? header?.options ?? {};
  const stepLimit = flags.maxSteps ?? header?.maxSteps ?? DEFAULT_LIMITS.steps;
  const setup = {
    ...{ modelName: manifest.name, artefact, design, options },
    ...{ stepLimit, fuelLimit: DEFAULT_LIMITS.fuel, costly: false, oracles: null },
    visibleOnly: false,
    workers: 1,
    begun: new SharedArrayBuffer(4),
    coverage: new SharedArrayBuffer(MEMORY.COVERAGE_SIZE),
  };
  const pool = new WorkerPool(flags.jobs, setup, declarations, HANG_MS);
  let requests = 0;
  const inspector: Inspector = { run: pool.run.bind(pool), nextId: () => ++requests };
  return {
    artefact,
    design,
    inspector,
    belongs: (schedule) =>
      schedule.model === manifest.name && otherConfiguration({ design, options, declarations }, schedule) === null,
    inspect: (entries) => inspectAll(inspector, entries, flags.jobs),
    measure: (schedules) => measureAll(inspector, schedules, flags.jobs),
    close: () => pool.close(),
  };
}
