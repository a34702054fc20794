/** What replay, minimize and explain are given: a finding's folder, a schedule's file, or `-`. With the model that it belongs to. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text as readStream } from 'node:stream/consumers';
import * as v from 'valibot';
import { buildModel, IS_PATH, listModels } from '../build/index.js';
import { findModel } from './model-path.js';
import { modelFrom } from '../campaign/header.js';
import { HeddleError } from '../errors.js';
import { DEFAULT_LIMITS, Executor, type ExecutorOptions, type Limits } from '../executor/executor.js';
import type { ModelArtefact } from '../executor/instance.js';
import { isCostly, learnLockOrder } from '../executor/oracles.js';
import { fromPortable, type Resolved, toPortable } from '../executor/portable.js';
import { placeDiagram } from '../explain/place-diagram.js';
import { type Diagram, isDiagram, parseDiagram } from '../explain/read-diagram.js';
import type { FindingRecord } from '../findings/finding.js';
import { loadFinding, loadFindingSchedule } from '../findings/store.js';
import { formatCount } from '../ui/format.js';
import type { Schedule } from '../schedule/schedule.js';
import { parseSchedule } from '../schedule/text.js';
import { refuseSpecial } from '../regular-file.js';
import { oracleKinds } from './fuzz-options.js';
import type { Terminal } from './terminal.js';

export interface ScheduleFlags {
  readonly design?: string;
  readonly scene?: string;
  readonly option?: Readonly<Record<string, number>>;
  readonly maxSteps?: number;
  /** `all`: under the oracles that cost time as well. */
  readonly oracles?: string;
}

export interface ScheduleInput {
  /** Where the schedule comes from, for messages. */
  readonly origin: string;
  readonly schedule: Schedule;
  /** The finding that is recorded beside it. */
  readonly expected: FindingRecord | null;
  readonly artefact: ModelArtefact;
  /** As the user, or the campaign that found it, names the model. */
  readonly modelArgument: string;
  readonly limits: Limits;
  /** A new executor of the schedule's configuration, with the flags' changes. */
  executor(more?: Pick<ExecutorOptions, 'build' | 'eager'>): Executor;
  /** The exact flavour of the model, for searches. */
  exact(): Promise<ModelArtefact>;
}

export async function readScheduleInput(
  path: string,
  model: string | undefined,
  flags: ScheduleFlags,
): Promise<ScheduleInput> {
  const origin = path === '-' ? 'standard input' : path;
  const text = path === '-' ? await readStream(process.stdin) : textOfFile(path);
  const diagram = text !== null && isDiagram(text) ? parseDiagram(text, origin) : null;
  const given = diagram
    ? scheduleHead(diagram, model)
    : path === '-'
      ? parseSchedule(text ?? '', origin)
      : loadFindingSchedule(path);
  const modelArgument = model ?? (await modelOf(path, given.model));
  const { path: source } = await findModel(modelArgument);
  const { wasm, manifest } = await buildModel(source);
  const schedule = diagram ? diagramSchedule(diagram, { wasm, manifest }, flags) : given;
  if (manifest.name !== schedule.model) {
    throw new HeddleError(
      'HDL_SCHEDULE_MODEL',
      `${path} is a schedule of the model ${schedule.model}, not of ${manifest.name}`,
      {
        hint: `heddle replay ${path} <path of ${schedule.model}>`,
      },
    );
  }
  const artefact = { wasm, manifest };
  const configuration = {
    design: flags.design ?? schedule.design,
    scene: flags.scene ?? schedule.scene,
    options: { ...schedule.options, ...flags.option },
  };
  const isChanged = flags.design !== undefined || flags.scene !== undefined || flags.option !== undefined;
  const expected = expectedBeside(path);
  const limits = { ...DEFAULT_LIMITS, steps: flags.maxSteps ?? expected?.maxSteps ?? DEFAULT_LIMITS.steps };
  const isCostlyRun =
    flags.oracles === undefined
      ? isCostly(expected?.kind ?? 'none')
      : (oracleKinds(flags.oracles)?.some(isCostly) ?? false);
  const build = isCostlyRun ? 'oracles' : 'release';
  const executor: ScheduleInput['executor'] = (more = {}) => {
    const create = (): Executor => Executor.create({ artefact, configuration, limits, build, ...more });
    const created = isChanged ? create() : blamed(origin, create);
    const earlier = expected?.earlier ?? [];
    if (earlier.length > 0)
      learnLockOrder(
        created,
        earlier.map((one) => fromPortable(created, one).hot),
      );
    return created;
  };
  const exact: ScheduleInput['exact'] = () => buildModel(source, { flavour: 'exact' });
  return { origin, schedule, expected, artefact, modelArgument, limits, executor, exact };
}

/** A file that may be a diagram; null for folders and what is not there. */
function textOfFile(path: string): string | null {
  return existsSync(path) && statSync(path).isFile() && !path.endsWith('.json') ? readFileSync(path, 'utf8') : null;
}

/** What a diagram says of its model, design and scene; the rest comes when the model is there. */
function scheduleHead(diagram: Diagram, model: string | undefined): Schedule {
  const { design, scene, options, origin } = diagram;
  const name = diagram.model || model;
  if (!name) {
    throw new HeddleError('HDL_USAGE', `${origin} is a diagram, and does not say of which model`, {
      hint: `heddle replay ${origin} MODEL [--design NAME] [--scene NAME], or a line “model NAME” above it`,
    });
  }
  return { model: name, design, scene, options, events: [], deviations: [], choices: [] };
}

/** The schedule that a diagram shows, found in runs of the model. */
function diagramSchedule(diagram: Diagram, artefact: ModelArtefact, flags: ScheduleFlags): Schedule {
  const design = flags.design ?? diagram.design;
  const scene = flags.scene ?? diagram.scene;
  const options = { ...diagram.options, ...flags.option };
  const executor = blamed(diagram.origin, () =>
    Executor.create({ artefact, configuration: { design, scene, options } }),
  );
  return toPortable(executor, placeDiagram(executor, diagram), artefact.manifest.name);
}

/** What the model does not know is an error of the schedule, which is named. */
function blamed<T>(origin: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof HeddleError) || !['HDL_USAGE', 'HDL_SCHEDULE_MODEL'].includes(error.code)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    throw new HeddleError('HDL_SCHEDULE_MODEL', `${origin}: ${error.message}`, { ...hint, cause: error });
  }
}

/** The file that the campaign around the schedule was given, where it is; else the model that comes with Heddle under this name. */
export async function modelOf(path: string, name: string, what: 'schedule' | 'campaign' = 'schedule'): Promise<string> {
  const recorded = path === '-' ? undefined : recordedModel(path);
  if (recorded !== undefined && existsSync(recorded)) return recorded;
  // A file that is gone is not replaced by a model that has its name.
  const isFile = recorded !== undefined && IS_PATH.test(recorded);
  if (!isFile && (await listModels()).some((m) => m.name === name)) return name;
  const missing = isFile ? `whose file ${recorded} is not there` : 'which does not come with Heddle';
  throw new HeddleError('HDL_MODEL_UNKNOWN', `${path} is a ${what} of the model ${name}, ${missing}`, {
    hint: `name its file: heddle ${what === 'campaign' ? 'minimize' : 'replay'} ${path} ./${name}.ts`,
  });
}

const Header = v.object({ modelArgument: v.string(), modelPath: v.optional(v.string()) });

/** What the campaign was given as its model. `campaign.json` stands two or three folders above the schedule. */
function recordedModel(path: string): string | undefined {
  for (let folder = path, i = 0; i < 4; folder = dirname(folder), i++) {
    const file = join(folder, 'campaign.json');
    if (!existsSync(file)) continue;
    refuseSpecial(file);
    const header = v.safeParse(Header, jsonOrNull(readFileSync(file, 'utf8')));
    if (header.success) return modelFrom(folder, header.output);
  }
  return undefined;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function expectedBeside(path: string): FindingRecord | null {
  if (path === '-') return null;
  const file = statSync(path).isDirectory()
    ? join(path, 'finding.json')
    : path.endsWith('.json')
      ? path
      : join(dirname(path), 'finding.json');
  if (!existsSync(file)) return null;
  try {
    return loadFinding(file);
  } catch (error) {
    // A schedule that was named itself counts without what stands beside it.
    if (error instanceof HeddleError && path.endsWith('.sched')) return null;
    throw error;
  }
}

/** The hot form, with a warning for each decision that the model, as it is now, has no place for. */
export function resolveSchedule(input: ScheduleInput, executor: Executor, terminal: Terminal): Resolved {
  const resolved = blamed(input.origin, () => fromPortable(executor, input.schedule));
  const { dropped } = resolved;
  if (dropped.length > 0) {
    const all = input.schedule.deviations.length + input.schedule.choices.length;
    const places = dropped.map(({ task, site }) =>
      `task ${task} at ${site.function || site.operation} ${site.field}`.trim(),
    );
    terminal.log(
      `${terminal.err.yellow('warning:')} ${formatCount(dropped.length)} of ${formatCount(all)} decisions did not apply: ${places.slice(0, 5).join('; ')}${places.length > 5 ? '; …' : ''}`,
    );
  }
  return resolved;
}
