/** What `verify` is asked and what it answers. */
import type { ModelArtefact } from '../executor/instance.js';
import type { Observed } from '../executor/observed.js';
import type { SearchBounds } from '../executor/search.js';
import type { FindingKind } from '../executor/types.js';
import type { FindingRecord } from '../findings/finding.js';
import type { Board } from './board.js';

export interface VerifyOptions {
  /** Built with the exact flavour: equal states have equal bytes. */
  readonly exact: ModelArtefact;
  /** The fast flavour of the same model, for minimizing. */
  readonly fast: ModelArtefact;
  readonly design: string;
  readonly scene: string;
  readonly options: Readonly<Record<string, number>>;
  /** Kinds that count as violations; null: all that are looked for. */
  readonly oracles: readonly FindingKind[] | null;
  /** Look for data races, inverted orders of locks and accesses without the declared lock as well. */
  readonly costly?: boolean;
  /** Look for what can repeat for ever under a fair scheduler: `livelock` and `starvation`. Takes half of the memory. */
  readonly liveness?: boolean;
  /** false: every decision has all its alternatives, and equal events are told apart. */
  readonly reduce: boolean;
  /** Go on after the first violation, to list all signatures. */
  readonly all: boolean;
  /** Look for schedules with fewer preemptions once violations are known, up to the proof that there are none. */
  readonly fewest?: boolean;
  /** Buckets (`bucketOf`) that are no news: their findings are passed over. */
  readonly known?: ReadonlySet<string>;
  readonly bounds?: SearchBounds;
  /** Visited states as bits of a filter: many more fit, and some may be missed. */
  readonly bitstate?: boolean;
  /** Threads; 1 if not given. */
  readonly jobs?: number;
  /** Helpers join a search that takes longer; half a second if not given. */
  readonly helpersAfterMs?: number;
  /** For visited states and the paths together. */
  readonly memoryBytes: number;
  /** Steps of one task without a decision; loop iterations of one transition. */
  readonly stepLimit: number;
  readonly fuelLimit: number;
  /** Other processes search parts of it. Not with `bitstate`, `costly`, `liveness` or `checkpoint`: what these need is not shared. */
  readonly board?: Board;
  /** Parts of a shared search, at least; 64 if not given. */
  readonly partitions?: number;
  /** Where a search keeps, now and then and when it is interrupted, what it needs to go on; with `resume` it starts from there. */
  readonly checkpoint?: {
    readonly file: string;
    readonly resume: boolean;
    /** Milliseconds between two, at least; the default is ten seconds, and more where writing takes long. */
    readonly everyMs?: number;
    /** Hears that it could not be written; the search goes on. */
    readonly warn?: (message: string) => void;
  };
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
  /** States that a thread has on its path and are not done: what is left is at least so much. */
  readonly queue: number;
}

export type Verdict =
  | 'verified' // every schedule was covered, and none fails
  | 'violated'
  | 'bounded' // every schedule within the bounds was covered, and none fails; some were beyond them
  | 'incomplete'; // something was cut, and no violation was seen before

export interface VerifyResult extends VerifyProgress {
  /** Of `elapsedMs`, for the search alone: without what is made of its violations, minimizing and the search for fewer preemptions. */
  readonly exhaustMs: number;
  readonly verdict: Verdict;
  /** Why the search is incomplete; empty if it is not. */
  readonly cut: string;
  /** true: all schedules (within the bounds) were covered, so `records` has every bucket of violations. */
  readonly exhausted: boolean;
  /** true: a run may go on for ever, and whether one does so under fair turns was not asked (`liveness`): its step limit is in no finding. */
  readonly mayRepeat: boolean;
  /** Threads that searched. */
  readonly threads: number;
  readonly depthMax: number;
  /** Chance that two different states shared a key, so that one was missed. In bitstate mode: share of states that are missed, about. */
  readonly collision: number;
  readonly records: readonly FindingRecord[];
  /** By signature: is it proved that no schedule with fewer preemptions shows the bucket? */
  readonly fewest: Readonly<Record<string, boolean>>;
  /** Indices of the sites that some schedule reached, sorted. */
  readonly reached: readonly number[];
  /** What schedules passed beside them: null after a resume, as the checkpoint does not have it. */
  readonly observed: Observed | null;
  /** The file to go on from; empty if nothing was kept. */
  readonly checkpoint: string;
  /** What the processes of a shared search did in its last pass; null: this process searched all by itself. */
  readonly shared: SharedCounts | null;
}

export interface SharedCounts {
  readonly partitions: number;
  /** Of them, those that were searched to the end. */
  readonly done: number;
  /** Of these, those that this process searched. */
  readonly own: number;
  /** Processes that searched some. */
  readonly processes: number;
  /** Of all partitions together; a state that several processes came to counts for each. */
  readonly states: number;
  readonly transitions: number;
}
