/** What a campaign is asked for, what it tells while it runs, and what it ends with. Plain data: screen, JSON and tests read the same. */
import type { Vacuity } from '../coverage/vacuity.js';
import type { ModelArtefact } from '../executor/instance.js';
import type { FindingKind } from '../executor/types.js';
import type { FindingRecord } from '../findings/finding.js';
import type { Schedule } from '../schedule/schedule.js';
import type { Energy } from './energy.js';
import type { Intake, Verdict } from './foreign.js';
import type { JournalEvent } from './journal.js';

/** `--oracles memory`. */
export const MEMORY_KINDS: readonly FindingKind[] = [
  'null-dereference',
  'use-after-free',
  'invalid-access',
  'double-free',
  'invalid-free',
  'leak',
  'refcount-misuse',
  'out-of-memory',
];

/** Of `--strategy`; docs/strategies.md says what each does. */
export const CAMPAIGN_STRATEGIES = [
  'portfolio',
  'random',
  'pct',
  'pos',
  'lock-cycles',
  'surw',
  'urw',
  'reads-from',
  'bounded',
  'delay',
  'mutation',
] as const;
export type CampaignStrategy = (typeof CAMPAIGN_STRATEGIES)[number];

/** Some six million states. A campaign's memory is to be flat for weeks: what needs more is for `heddle verify`, or says so. */
export const SEARCH_MEMORY_BYTES = 128 << 20;

export interface CampaignOptions {
  /** As the user named it, for commands to paste. */
  readonly modelArgument: string;
  readonly artefact: ModelArtefact;
  /**
   * Builds the same model in the exact flavour, without holding up the caller: the portfolio then searches the scenes exhaustively beside all
   * else. Called at most once, when a campaign is some work old; `signal`: it is over. Missing: it does not search.
   */
  readonly exact?: (signal: AbortSignal) => Promise<ModelArtefact>;
  /** Links executor and model without holding up the caller: a long campaign then runs faster. Missing: it does without. */
  readonly link?: (signal: AbortSignal) => Promise<Uint8Array>;
  /** When a long campaign begins with that; 15 seconds by default. */
  readonly linkAfterMs?: number;
  /** For the search's visited states and path; `SEARCH_MEMORY_BYTES` if missing. */
  readonly searchMemoryBytes?: number;
  readonly design: string;
  /** null: every scene of the model in turn, and events may be mutated. */
  readonly scene: string | null;
  readonly options: Readonly<Record<string, number>>;
  /** Worker threads. 0: the calling thread does the work, for trials that are shorter than the start of a thread. */
  readonly jobs: number;
  /** Unsigned 64 bits. */
  readonly seed: bigint;
  readonly maxTimeMs: number | null;
  readonly maxExecutions: number | null;
  readonly stopOnFirst: boolean;
  /** The campaign stops when a finding of each of these symptoms has been kept. Empty or missing: that stops nothing. */
  readonly stopOnSymptoms?: readonly string[];
  /** One worker, budgets in executions only: byte-identical corpus and findings. */
  readonly deterministic: boolean;
  readonly strategy: CampaignStrategy;
  /** How parents of mutation are chosen; `rarest` if missing. For benchmarks. */
  readonly energy?: Energy;
  /**
   * Kinds of findings to report; the others are passed over silently. null: all that cost nothing. With a costly one among them, discoveries
   * and findings are run again under the costly oracles.
   */
  readonly oracles: readonly FindingKind[] | null;
  /** Signatures of findings that are no news: they are neither kept nor told, and stop nothing. */
  readonly knownSignatures?: ReadonlySet<string>;
  /** The campaign's folder; created if missing. */
  readonly outDir: string;
  /** A folder through which campaigns of this model exchange their corpora; any number on any number of machines. */
  readonly shareDir?: string;
  readonly stepLimit: number;
  readonly fuelLimit: number;
  /** Milliseconds after which a worker that says nothing is replaced. */
  readonly hangMs: number;
  /** MiB of JavaScript heap that each worker may have; more and it is replaced. Node's default if not given. */
  readonly workerHeapMb?: number;
  /** Findings are minimized as they come; false leaves them as found. */
  readonly minimize: boolean;
}

/** How far the exhaustive search of a scene is. */
export interface SceneSearch {
  readonly scene: string;
  /** `exhausted`: every schedule of the scene was covered. `stopped`: it cannot be, see `reason`. */
  readonly state: 'waiting' | 'building' | 'searching' | 'exhausted' | 'stopped';
  /** Distinct states of the last pass, and transitions of all. */
  readonly states: number;
  readonly transitions: number;
  readonly reason: string;
}

/** One line of statistics; every field is documented in docs/status.md. */
export interface CampaignStatus {
  readonly elapsedMs: number;
  readonly executions: number;
  readonly executionsPerSecond: number;
  /** Over the last report interval. */
  readonly executionsPerSecondNow: number;
  readonly points: number;
  readonly corpus: number;
  readonly features: number;
  readonly states: number;
  readonly findings: number;
  /** Executions that hit a finding that is known already. */
  readonly knownHits: number;
  readonly lastNewMs: number | null;
  readonly lastFindingMs: number | null;
  readonly workers: number;
  readonly workersReplaced: number;
  /** Findings that did not recur when their schedule was run again. */
  readonly unsteady: number;
  /** Entries from the shared folder that were admitted, and that were refused. */
  readonly imported: number;
  readonly refused: number;
  /**
   * Good and Turing's estimate of the chance that the next execution ends in a state that its worker has not seen: states seen once, per
   * execution.
   */
  readonly chanceOfNew: number;
  /** Executions, and corpus entries and findings gained, by strategy. */
  readonly strategies: Readonly<
    Record<string, { readonly executions: number; readonly entries: number; readonly findings: number }>
  >;
  readonly sitesReached: number;
  readonly sitesTotal: number;
  /** The exhaustive search, by scene; empty: there is none. */
  readonly searches: readonly SceneSearch[];
}

export interface CampaignSummary extends CampaignStatus {
  /** `all-run`: an enumeration has run all there is. `left-out`: it has nothing left to run, but has not run all. */
  readonly reason:
    | 'max-time'
    | 'max-execs'
    | 'first-finding'
    | 'symptoms-found'
    | 'all-run'
    | 'left-out'
    | 'interrupted';
  readonly seed: string;
  readonly records: readonly FindingRecord[];
  /** Files in quarantine: the schedule that a worker ran when it had to be replaced. */
  readonly hangs: readonly string[];
  /** What the executions, and the corpus that was there before, never reached. */
  readonly vacuity: Vacuity;
}

export interface CampaignHooks {
  /** Called at most every 250 ms, and once at the end. */
  status?(status: CampaignStatus): void;
  /** `seenMs`: when its first run was reported, before it was minimized. */
  finding?(record: FindingRecord, seenMs: number): void;
  /** Once, when batches begin: takes schedules from elsewhere, at any time until the campaign ends. */
  begun?(intake: Pick<Intake, 'take' | 'room'>): void;
  /** What became of a schedule from elsewhere. */
  foreign?(verdict: Verdict): void;
  /** Each entry that did not come from elsewhere, in canonical text: those that are there at the start, then each as it is admitted. */
  entry?(id: string, text: string, schedule: Schedule): void;
  /** Each line of the journal, as it is written. */
  event?(event: JournalEvent): void;
  /** Something the user should know: a replaced worker, a folder that cannot be written. */
  warning?(message: string): void;
}
