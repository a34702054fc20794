/** What the campaign's main thread and its workers say to each other: structured-clone data only. */
import type { ModelArtefact } from '../executor/instance.js';
import type { StrategyName } from '../executor/layout.js';
import type { Observed } from '../executor/observed.js';
import type { FindingKind, RawFinding } from '../executor/types.js';
import type { FindingRecord } from '../findings/finding.js';
import type { SeenChoice } from '../schedule/draft.js';
import type { HotSchedule, Schedule } from '../schedule/schedule.js';

/** The same for all workers of a campaign. */
export interface WorkerSetup {
  readonly modelName: string;
  readonly artefact: ModelArtefact;
  readonly design: string;
  readonly options: Readonly<Record<string, number>>;
  readonly stepLimit: number;
  readonly fuelLimit: number;
  /** Whether discoveries and findings are looked at by the oracles that cost time as well. */
  readonly costly: boolean;
  /** Kinds that are reported; null: all. */
  readonly oracles: readonly FindingKind[] | null;
  /** Strategies that sample by event decide before visible events only: `ExecutorOptions.visibleOnly`. */
  readonly visibleOnly: boolean;
  /** Worker threads: an enumeration is dealt among them. */
  readonly workers: number;
  /** How many threads have begun, as a 32-bit number: tells each which part is its own. */
  readonly begun: SharedArrayBuffer;
  /** Features seen by anyone: one byte each. Workers read it at the start of a batch, only the main thread writes. */
  readonly coverage: SharedArrayBuffer;
}

/** What a bucket of findings is known by before minimizing. */
export interface Bucket extends Pick<RawFinding, 'kind' | 'site' | 'message' | 'otherSite'> {
  /** `provisionalSymptom`; of what the costly oracles say nothing but kind and place counts. */
  readonly symptom?: string;
}

export function isSameBucket(a: Bucket, b: Bucket): boolean {
  return (
    a.kind === b.kind &&
    a.site === b.site &&
    a.message === b.message &&
    a.otherSite === b.otherSite &&
    (a.symptom ?? '') === (b.symptom ?? '')
  );
}

/** A part of a batch: one strategy on one list of events. */
export interface Stage {
  readonly strategy: Exclude<StrategyName, 'enumeration'>;
  readonly scene: string;
  /** See the strategy's file in `assembly/strategies/`. */
  readonly parameter: number;
  /** Mutation starts from it; the others take its events. */
  readonly schedule: HotSchedule;
  /** Decisions of each task in the schedule's last run, by slot. */
  readonly steps: readonly number[];
  /** Choices in that run. */
  readonly choices: number;
  readonly executions: number;
  /** The features of about so many executions, spread over the stage, are told whether they are new or not; missing: 0. */
  readonly samples?: number;
}

export interface BatchRequest {
  readonly type: 'batch';
  readonly id: number;
  readonly seed: bigint;
  readonly stages: readonly Stage[];
  /** Stages end early once it is over, or are left out; null: all run whole. */
  readonly budgetMs: number | null;
  /** Stages end early once something is found that is reported, or are left out. */
  readonly stopOnFirst: boolean;
  /** Not reported again. */
  readonly known: readonly Bucket[];
  /** The module of executor and model, once there is one: the executions are the same, and faster. */
  readonly linked: WebAssembly.Module | null;
}

/** A schedule that reached features that the worker had not seen. */
export interface Discovery {
  readonly stage: number;
  readonly scene: string;
  readonly schedule: HotSchedule;
  readonly portable: Schedule;
  /** Those of the decisions of `portable` (executor/numbered.ts). */
  readonly numbers: readonly number[];
  readonly features: readonly number[];
  readonly steps: readonly number[];
  readonly choices: readonly SeenChoice[];
  readonly points: number;
  readonly hash: bigint;
}

export interface Sighting {
  readonly stage: number;
  readonly scene: string;
  readonly schedule: HotSchedule;
  readonly bucket: Bucket;
  /** Executions that may have to come before it: an order of locks that they have taught is part of the finding. */
  readonly earlier?: readonly HotSchedule[];
  /** Executions of this batch up to it. */
  readonly executions: number;
}

/** Features of one execution of a stage, new or not. */
export interface Sample {
  readonly stage: number;
  readonly features: readonly number[];
}

export interface BatchResult {
  readonly type: 'batch';
  readonly id: number;
  readonly discoveries: readonly Discovery[];
  readonly samples: readonly Sample[];
  readonly sightings: readonly Sighting[];
  /** Known buckets that have shown again; only some batches look for them. */
  readonly again: readonly Bucket[];
  /** Executions of each stage; fewer than asked for where time was up or an enumeration had nothing left. */
  readonly executions: readonly number[];
  /** Points of each stage, and final states that the worker had not seen. */
  readonly stagePoints: readonly number[];
  /** Milliseconds that the executions of each stage took, without what was looked at closer. */
  readonly stageMs: readonly number[];
  readonly stageStates: readonly number[];
  /** Stages whose enumeration has nothing left on this worker. */
  readonly exhausted: readonly number[];
  /** Those of them that have left schedules out: what was run is not all. */
  readonly leftOut: readonly number[];
  /** Which worker it was, from 0; of all its executions so far, how many final states were seen once only. */
  readonly worker: number;
  readonly workerExecutions: number;
  readonly statesOnce: number;
  readonly points: number;
  readonly knownHits: number;
  /** `fullTables` of what this worker has looked at closely so far. */
  readonly fullTables: readonly string[];
  readonly states: number;
  /** What this worker's executions had not passed before. */
  readonly observed: Observed;
}

/** Minimize one sighting and make a record of it. */
export interface AnalyseRequest {
  readonly type: 'analyse';
  readonly id: number;
  readonly sighting: Sighting;
  readonly minimize: boolean;
  readonly keepEvents: boolean;
}

export interface AnalyseResult {
  readonly type: 'analyse';
  readonly id: number;
  /** null: the finding did not recur when it was run again. */
  readonly record: FindingRecord | null;
}

/** Run schedules that come from files: an earlier campaign's, another machine's, or nobody knows whose. */
export interface InspectRequest {
  readonly type: 'inspect';
  readonly id: number;
  readonly entries: readonly Inspectable[];
}

export interface Inspectable {
  readonly schedule: Schedule;
  /** What a file says are the numbers of its decisions (executor/numbered.ts), or null. Not believed, but tried first. */
  readonly numbers: readonly number[] | null;
}

/** What one of them is worth (`discovery`, in the form in which it ran), or why it is refused. */
export interface Inspected {
  readonly reason: string | null;
  readonly discovery: Discovery | null;
  /** How it has failed. */
  readonly sightings: readonly Sighting[];
  /** Decisions that the model has no place for. */
  readonly dropped: number;
}

export interface InspectResult {
  readonly type: 'inspect';
  readonly id: number;
  readonly inspected: readonly Inspected[];
  readonly observed: Observed;
}

/** Run one schedule of a corpus for the sake of its features alone. */
export interface MeasureRequest {
  readonly type: 'measure';
  readonly id: number;
  readonly schedule: Schedule;
}

export interface MeasureResult {
  readonly type: 'measure';
  readonly id: number;
  /** Why it is refused, or null. */
  readonly reason: string | null;
  readonly features: readonly number[];
  /** Decisions that the model has no place for. */
  readonly dropped: number;
  /** Executions that it took, counted by the executors. */
  readonly executions: number;
}

/** Go on with the exhaustive search of a scene, in a thread that is asked nothing else meanwhile or is the only one. */
export interface SearchRequest {
  readonly type: 'search';
  readonly id: number;
  readonly scene: string;
  /** It begins anew, and what there was of another scene's is dropped. */
  readonly begin: boolean;
  /** The model in the exact flavour; with the first request. */
  readonly exact: ModelArtefact | null;
  /** For visited states and the path together. */
  readonly memoryBytes: number;
  /** It comes back after so many transitions, or earlier. */
  readonly transitions: number;
}

export interface SearchResult {
  readonly type: 'search';
  readonly id: number;
  /** What the ordinary executor says of the violations. */
  readonly sightings: readonly Sighting[];
  readonly discoveries: readonly Discovery[];
  /** Transitions of this request; of this search of the scene; states of its last pass. */
  readonly spent: number;
  readonly transitions: number;
  readonly states: number;
  readonly outcome: 'open' | 'exhausted' | 'cut';
  /** Why it cannot go on; empty if it can or is done. */
  readonly cut: string;
}

export type Request = BatchRequest | AnalyseRequest | InspectRequest | MeasureRequest | SearchRequest;
export type Result = BatchResult | AnalyseResult | InspectResult | MeasureResult | SearchResult;

/** Sent by a worker before it starts: the memory that the main thread reads if the worker never answers. */
export interface Announcement {
  readonly type: 'announce';
  readonly id: number;
  readonly scene: string;
  readonly memory: SharedArrayBuffer;
}
