/**
 * The mutation check: which parts of a model could be missing without any oracle noticing? Each mutant is the model without one lock, check
 * or wake-up, judged by exhaustive search and then by the oracles that only a fuzzer has.
 */
import { within } from '../deadline.js';
import type { Limits } from '../executor/executor.js';
import type { ModelArtefact } from '../executor/instance.js';
import { isCostly } from '../executor/oracles.js';
import { FINDING_KINDS, type FindingKind } from '../executor/types.js';
import { type Verdict, type VerifyResult, verify } from '../verify/verify.js';
import { fuzzLook, type Seen, turn } from './fuzz.js';
import type { Removal } from './mutants.js';

export interface MutateOptions {
  /** The model built with the exact flavour, and without the calls at the sites of these keys. */
  readonly build: (without: readonly string[]) => Promise<ModelArtefact>;
  readonly removals: readonly Removal[];
  readonly design: string;
  readonly scenes: readonly string[];
  readonly options: Readonly<Record<string, number>>;
  /** Kinds that count as noticing; null: all that the search has. */
  readonly oracles: readonly FindingKind[] | null;
  /** For the states of one search. */
  readonly memoryBytes: number;
  /** Milliseconds for one search. */
  readonly maxTimeMs: number;
  /** For the look at one mutant by fuzzing. */
  readonly maxExecutions: number;
  readonly limits: Limits;
}

export type Outcome =
  | 'noticed' // an oracle reports what it does not report of the model itself
  | 'unnoticed' // every schedule of the mutant was searched, and none of them is reported
  | 'undecided' // a bound was met first
  | 'unreached'; // no schedule of the scene comes there

export interface Judgement {
  readonly scene: string;
  readonly outcome: Outcome;
  /** The finding that noticed; empty if none. */
  readonly by: string;
  readonly kind: FindingKind | 'none';
  /** The model's name for such a finding; empty if it has none. */
  readonly symptom: string;
  /** Of the search of the mutant. */
  readonly states: number;
  /** Why it is not noticed or not decided; empty if noticed. */
  readonly reason: string;
}

export interface MutantResult {
  readonly removal: Removal;
  /** One for each scene. */
  readonly judgements: readonly Judgement[];
  /** Noticed in some scene; else the least certain of the outcomes. */
  readonly outcome: Outcome;
}

/** The model itself in one scene. */
export interface Baseline {
  readonly scene: string;
  readonly verdict: Verdict;
  readonly states: number;
  /** Findings of the model itself: they notice nothing. */
  readonly known: readonly string[];
}

export interface MutateResult {
  readonly baselines: readonly Baseline[];
  readonly mutants: readonly MutantResult[];
}

interface Scene extends Baseline {
  readonly knownSet: ReadonlySet<string>;
  /** null: the search was cut, so that nothing can be said. */
  readonly entered: ReadonlySet<string> | null;
}

const NOTHING = { by: '', kind: 'none', symptom: '', states: 0, reason: '' } as const;

/**
 * `tell` is called with each mutant when it is judged. When `signal` is given, what was not judged to its end is left out of the answer; only a
 * build that is under way is waited for.
 */
export async function mutate(
  options: MutateOptions,
  tell: (mutant: MutantResult, done: number) => void,
  signal: AbortSignal,
): Promise<MutateResult> {
  const scenes: Scene[] = [];
  const judged = new Map<Removal, MutantResult>();
  try {
    await judgeAll(options, scenes, judged, tell, signal);
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
  }
  return {
    baselines: scenes.map(({ scene, verdict, states, known }) => ({ scene, verdict, states, known })),
    mutants: options.removals.flatMap((removal) => judged.get(removal) ?? []),
  };
}

/** Fills in what is judged. @throws the signal's reason. */
async function judgeAll(
  options: MutateOptions,
  scenes: Scene[],
  judged: Map<Removal, MutantResult>,
  tell: (mutant: MutantResult, done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const model = await options.build([]);
  for (const name of options.scenes) scenes.push(await lookAtModel(options, model, name, signal));
  // What a check is good for shows only in what became of the others.
  const order = [...options.removals].sort((a, b) => Number(a.kind === 'check') - Number(b.kind === 'check'));
  for (const removal of order) {
    const judgements =
      removal.kind === 'check'
        ? await judgeCheck(options, removal, scenes, [...judged.values()], signal)
        : await judge(options, removal, scenes, signal);
    const result = { removal, judgements, outcome: summary(judgements) };
    judged.set(removal, result);
    tell(result, judged.size);
  }
}

function summary(judgements: readonly Judgement[]): Outcome {
  const order: readonly Outcome[] = ['noticed', 'undecided', 'unnoticed'];
  return order.find((outcome) => judgements.some((j) => j.outcome === outcome)) ?? 'unreached';
}

/** Everything that is reported of the model itself, and where its schedules come. */
async function lookAtModel(
  options: MutateOptions,
  model: ModelArtefact,
  scene: string,
  signal: AbortSignal,
): Promise<Scene> {
  const search = await searchOf(options, model, scene, { all: true, known: new Set() }, signal);
  const seen = (await fuzz(options, model, scene, signal)).filter((s) => counts(options, s.kind));
  const known = [...new Set([...search.records.map((r) => r.bucket), ...seen.map((s) => s.bucket)])].sort();
  const entered = new Set(search.reached.map((i) => model.manifest.sites[i]?.function ?? ''));
  const { verdict, states, exhausted } = search;
  return { scene, verdict, states, known, knownSet: new Set(known), entered: exhausted ? entered : null };
}

async function judge(
  options: MutateOptions,
  removal: Removal,
  scenes: readonly Scene[],
  signal: AbortSignal,
): Promise<Judgement[]> {
  const comesThere = (s: Scene): boolean =>
    s.entered === null || removal.function.split(', ').some((name) => s.entered?.has(name));
  const mutant = scenes.some(comesThere) ? await options.build(removal.keys) : null;
  const judgements: Judgement[] = [];
  for (const scene of scenes) {
    judgements.push(
      mutant && comesThere(scene)
        ? await judgeMutant(options, mutant, scene, removal.kind === 'lock', signal)
        : { ...NOTHING, scene: scene.scene, outcome: 'unreached', reason: 'no schedule of the scene comes there' },
    );
  }
  return judgements;
}

const counts = ({ oracles }: MutateOptions, kind: FindingKind): boolean =>
  oracles === null ? !isCostly(kind) : oracles.includes(kind);

const UNBALANCED: FindingKind = 'unlock-by-non-owner';

/** By search, and by a look under the oracles that the search does not have. */
async function judgeMutant(
  options: MutateOptions,
  mutant: ModelArtefact,
  { scene, knownSet }: Scene,
  isLock: boolean,
  signal: AbortSignal,
): Promise<Judgement> {
  // That a release elsewhere has lost its lock says nothing about what the lock was for.
  const tells = (kind: FindingKind): boolean => !(isLock && kind === UNBALANCED) && counts(options, kind);
  const oracles = FINDING_KINDS.filter(tells);
  const search = await searchOf({ ...options, oracles }, mutant, scene, { all: false, known: knownSet }, signal);
  const base = { ...NOTHING, scene, states: search.states };
  const [record] = search.records;
  if (record) {
    const symptom = record.symptom === 'other' ? '' : record.symptom;
    return { ...base, outcome: 'noticed', by: record.bucket, kind: record.kind, symptom };
  }
  const seen = (await fuzz(options, mutant, scene, signal)).filter((s) => !knownSet.has(s.bucket));
  const noticed = seen.find((s) => tells(s.kind));
  if (noticed) return { ...base, outcome: 'noticed', by: noticed.bucket, kind: noticed.kind };
  if (seen.some((s) => isLock && s.kind === UNBALANCED)) {
    return { ...base, outcome: 'undecided', reason: 'the lock is given back where it was not removed' };
  }
  if (search.exhausted) return { ...base, outcome: 'unnoticed', reason: 'every schedule was searched' };
  const reason = `${search.cut}; ${options.maxExecutions} random schedules show nothing either`;
  return { ...base, outcome: 'undecided', reason };
}

/**
 * A check that always holds can go unnoticed by its nature. What it is good for: is there another removal that only this check notices?
 */
async function judgeCheck(
  options: MutateOptions,
  check: Removal,
  scenes: readonly Scene[],
  others: readonly MutantResult[],
  signal: AbortSignal,
): Promise<Judgement[]> {
  const bucket = `assertion at ${check.keys[0] ?? ''}`;
  const judgements: Judgement[] = [];
  for (const [i, scene] of scenes.entries()) {
    const found: Judgement = { ...NOTHING, scene: scene.scene, outcome: 'noticed', by: '', kind: 'assertion' };
    const idle = (reason: string): Judgement => ({ ...found, outcome: 'unnoticed', kind: 'none', reason });
    if (scene.knownSet.has(bucket)) {
      judgements.push({ ...found, by: `${bucket}: it fails in the model itself` });
      continue;
    }
    if (scene.entered && !scene.entered.has(check.function)) {
      judgements.push({ ...idle('no schedule of the scene comes there'), outcome: 'unreached' });
      continue;
    }
    const seers = others.filter((m) => m.judgements[i]?.by === bucket);
    let needed: Judgement | undefined;
    for (const { removal } of seers) {
      const both = await options.build([...removal.keys, ...check.keys]);
      const judgement = await judgeMutant(options, both, scene, removal.kind === 'lock', signal);
      if (judgement.outcome === 'noticed') continue;
      needed = { ...found, states: judgement.states, by: `only it notices that ${removal.operation} is missing` };
      break;
    }
    const reason =
      seers.length > 0
        ? 'other oracles notice what it notices'
        : 'with each removal something else fails first, or nothing does';
    judgements.push(needed ?? idle(reason));
  }
  return judgements;
}

async function searchOf(
  options: MutateOptions,
  artefact: ModelArtefact,
  scene: string,
  more: { readonly all: boolean; readonly known: ReadonlySet<string> },
  signal: AbortSignal,
): Promise<VerifyResult> {
  const { design, limits, memoryBytes, oracles, maxTimeMs } = options;
  const setup = {
    ...{ exact: artefact, fast: artefact, design, scene, options: options.options, oracles, reduce: true, memoryBytes },
    ...{ stepLimit: limits.steps, fuelLimit: limits.fuel, ...more },
  };
  await turn(signal);
  const result = await within(maxTimeMs, signal, (ends) => verify(setup, () => {}, ends));
  signal.throwIfAborted();
  return result;
}

function fuzz(options: MutateOptions, artefact: ModelArtefact, scene: string, signal: AbortSignal): Promise<Seen[]> {
  const configuration = { design: options.design, scene, options: options.options };
  return fuzzLook({ artefact, configuration, limits: options.limits, executions: options.maxExecutions }, signal);
}
