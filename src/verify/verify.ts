/**
 * Exhaustive verification of one scene: every schedule, by search over exact states. “Verified” is said only when nothing was cut.
 * Runs in the calling thread, in slices, so that progress can be shown and an interrupt is heard.
 */
import { now } from '../clock.js';
import { Executor } from '../executor/executor.js';
import type { ModelArtefact } from '../executor/instance.js';
import { Search, UNBOUNDED, type Violation } from '../executor/search.js';
import { Visited } from '../executor/visited.js';
import type { FindingKind } from '../executor/types.js';
import { analyseFinding } from '../findings/analyse.js';
import type { FindingRecord } from '../findings/finding.js';
import { minimizeFinding } from '../findings/minimize.js';
import { bucketOf } from '../findings/place.js';

export interface VerifyOptions {
  /** Built with the exact flavour: equal states have equal bytes. */
  readonly exact: ModelArtefact;
  /** The fast flavour of the same model, for minimizing. */
  readonly fast: ModelArtefact;
  readonly design: string;
  readonly scene: string;
  readonly options: Readonly<Record<string, number>>;
  /** Kinds that count as violations; null: all. */
  readonly oracles: readonly FindingKind[] | null;
  /** false: every decision has all its alternatives. */
  readonly reduce: boolean;
  /** Go on after the first violation, to list all signatures. */
  readonly all: boolean;
  /** Buckets (`bucketOf`) that are no news: their findings are passed over. */
  readonly known?: ReadonlySet<string>;
  /** For visited states and saved ones together. */
  readonly memoryBytes: number;
  readonly stepLimit: number;
  readonly fuelLimit: number;
}

export interface VerifyProgress {
  readonly elapsedMs: number;
  readonly states: number;
  readonly transitions: number;
  readonly statesPerSecond: number;
  readonly depth: number;
  /** Times that the search began anew because tasks turned out to share more. */
  readonly restarts: number;
  readonly findings: number;
}

export type Verdict =
  | 'verified' // every schedule was covered, and none fails
  | 'violated'
  | 'incomplete'; // something was cut, and no violation was seen before

export interface VerifyResult extends VerifyProgress {
  readonly verdict: Verdict;
  /** Why the search is incomplete; empty if it is not. */
  readonly cut: string;
  /** true: all schedules were covered, so `records` has every bucket of violations. */
  readonly exhausted: boolean;
  readonly depthMax: number;
  /** Chance that two different states shared a key, so that one was missed. */
  readonly collision: number;
  readonly records: readonly FindingRecord[];
  /** Indices of the sites that some schedule reached, sorted. */
  readonly reached: readonly number[];
}

/** Transitions between two looks at clock and signal. */
const SLICE = 20_000;
/** The part of the memory that holds visited states; the rest is for the path. */
const VISITED_PART = 0.5;
/** Entries that the visited set starts with, as a power of two: it grows. */
const VISITED_START = 14;

const CUTS: Readonly<Record<string, string>> = {
  'visited-full': 'the visited set is full',
  'path-full': 'the space for the path is full',
  cut: 'a transition made more choices, or a run had more findings, than the search keeps',
};

export async function verify(
  options: VerifyOptions,
  progress: (p: VerifyProgress) => void,
  signal: AbortSignal,
): Promise<VerifyResult> {
  const begin = now();
  const { design, scene } = options;
  const configuration = { design, scene, options: options.options };
  const limits = { steps: options.stepLimit, fuel: options.fuelLimit };
  const maxLog2 = Math.max(10, Math.floor(Math.log2((options.memoryBytes * VISITED_PART) / 8)));
  const pathBytes = Math.max(1 << 20, options.memoryBytes - 8 * 2 ** maxLog2);
  let log2 = Math.min(VISITED_START, maxLog2);
  const visited = Visited.create(log2, false);
  let restarts = 0;
  const search = new Search({
    artefact: options.exact,
    configuration,
    limits,
    reduce: options.reduce,
    visited,
    pathBytes,
    bounds: UNBOUNDED,
  });
  search.learn();
  search.start();
  const replay = Executor.create({ artefact: options.fast, configuration, limits });
  const records = new Map<string, FindingRecord>();
  let cut = '';
  let exhausted = false;
  const snapshot = (): VerifyProgress => {
    const elapsedMs = now() - begin;
    const { states, transitions, depth } = search;
    const statesPerSecond = elapsedMs > 0 ? Math.round((states * 1000) / elapsedMs) : 0;
    return { elapsedMs, states, transitions, statesPerSecond, depth, restarts, findings: records.size };
  };
  for (;;) {
    const event = search.run(SLICE);
    if (event === 'finished') {
      exhausted = true;
      break;
    }
    if (event === 'finding') {
      for (const violation of search.violations()) keep(records, violation, replay, options);
      if (records.size > 0 && !options.all) break;
    } else if (event === 'restart') {
      restarts++;
      visited.clear(log2, false);
      search.start();
    } else if (event === 'visited-full' && log2 < maxLog2) {
      visited.grow(++log2);
    } else if (event !== 'more') {
      cut = CUTS[event] ?? event;
      break;
    }
    progress(snapshot());
    if (signal.aborted) {
      cut = 'it was interrupted';
      break;
    }
    // Lets the signal and timers in.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const states = search.states;
  return {
    ...snapshot(),
    verdict: records.size > 0 ? 'violated' : exhausted ? 'verified' : 'incomplete',
    cut,
    exhausted,
    depthMax: search.depthMax,
    collision: (states * states) / 2 ** 65,
    records: [...records.values()],
    reached: reachedSites(search.executor),
  };
}

/** A feature below the number of sites is the site itself. */
function reachedSites(executor: Executor): number[] {
  const map = executor.coverage();
  return executor.manifest.sites.flatMap((site, i) => (site && map[i] ? [i] : []));
}

/** Kinds that say where a limit was reached: the search counts the steps of one transition, a replay those of the run. */
const LIMIT_KINDS: readonly FindingKind[] = ['step-limit', 'no-progress'];

/** Minimizes a violation and adds its record, if its kind counts and its signature is new. */
function keep(
  records: Map<string, FindingRecord>,
  { finding, schedule }: Violation,
  executor: Executor,
  options: VerifyOptions,
): void {
  if (options.oracles && !options.oracles.includes(finding.kind)) return;
  const shown = LIMIT_KINDS.includes(finding.kind)
    ? (executor.run(schedule).findings.find(({ kind }) => kind === finding.kind) ?? finding)
    : finding;
  const bucket = { kind: shown.kind, site: shown.site, message: shown.message };
  if (options.known?.has(bucketOf(bucket, executor.manifest))) return;
  const minimized = minimizeFinding(executor, schedule, bucket, { keepEvents: true });
  const record = analyseFinding(executor, minimized.hot, bucket, {
    modelName: executor.manifest.name,
    minimized: true,
  });
  if (!records.has(record.signature)) records.set(record.signature, record);
}
