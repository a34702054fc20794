/** What a comparison is asked for and what it ends with. Plain data: text, Markdown, JSON and HTML show the same. */
import type { ModelArtefact } from '../executor/instance.js';
import type { FindingRecord } from '../findings/finding.js';

export interface CompareOptions {
  /** As the user named it, for commands to paste. */
  readonly modelArgument: string;
  /** The fast flavour, for everything but exhaustive search. */
  readonly fast: ModelArtefact;
  /** The exact flavour; null: nothing is verified. */
  readonly exact: ModelArtefact | null;
  readonly designs: readonly string[];
  readonly scenes: readonly string[];
  readonly options: Readonly<Record<string, number>>;
  /** An option for whose values the counters are measured one after the other; the matrix is measured at the first. */
  readonly sweep: Sweep | null;
  /** Unsigned 64 bits; the same for every design and scene. */
  readonly seed: bigint;
  readonly jobs: number;
  readonly deterministic: boolean;
  /** Of fuzzing, for each design in each scene. Both null: nothing is fuzzed. */
  readonly budget: Budget;
  readonly search: SearchBudget;
  /** Pairs of designs whose difference is explained. */
  readonly pairs: readonly (readonly [string, string])[];
  /** Counters are also divided by this one. */
  readonly per: string | null;
  readonly outDir: string;
  readonly stepLimit: number;
  readonly fuelLimit: number;
  readonly hangMs: number;
}

export interface Sweep {
  readonly option: string;
  readonly values: readonly number[];
}

export interface Budget {
  readonly executions: number | null;
  readonly ms: number | null;
}

/** Of one exhaustive search. */
export interface SearchBudget {
  readonly memoryBytes: number;
  /** null: until it ends or the memory is full. */
  readonly maxTimeMs: number | null;
}

/** By what a finding was seen first: a campaign, a schedule of another design, or the exhaustive search. */
export type Origin = 'fuzz' | 'replay' | 'verify';

export interface SeenFinding {
  readonly design: string;
  readonly scene: string;
  /** Name of its row. */
  readonly row: string;
  readonly origin: Origin;
  /** Of the campaign until it was seen; of a replay, schedules run; 0 for the search, which does not count them. */
  readonly executions: number;
  /** Since that campaign, replay or search began; null if not known. */
  readonly ms: number | null;
  readonly record: FindingRecord;
  /** Where it is saved. */
  readonly folder: string;
}

/** What one design has shown in one scene. */
export interface Run {
  readonly design: string;
  readonly scene: string;
  /** null: not fuzzed. */
  readonly fuzz: { readonly executions: number; readonly elapsedMs: number; readonly corpus: number } | null;
  /** Schedules of other designs that were run. */
  readonly replayed: number;
  /** null: not searched. */
  readonly search: SearchOutcome | null;
  readonly sites: Reached;
  readonly findings: readonly SeenFinding[];
}

export interface SearchOutcome {
  /** Every schedule was covered. */
  readonly exhausted: boolean;
  readonly states: number;
  readonly transitions: number;
  readonly elapsedMs: number;
  /** Why it was not exhausted; empty if it was. */
  readonly cut: string;
  /** A run may go on for ever: its step limit is no finding of the search. */
  readonly mayRepeat: boolean;
  /** Chance that two states shared a key. */
  readonly collision: number;
}

/** Scheduling points of the model that some execution has reached. */
export interface Reached {
  readonly reached: number;
  readonly total: number;
}

/** A symptom, or a finding's title where the model declares none. */
export interface Row {
  readonly name: string;
  /** Empty if the name says it all. */
  readonly title: string;
}

/** What is known of one row in one design. It never says more than was seen. */
export type Cell =
  | { readonly verdict: 'found'; readonly first: SeenFinding }
  /** Every schedule of every scene was covered, and none shows it. */
  | { readonly verdict: 'absent'; readonly states: number }
  | {
      readonly verdict: 'not-found';
      readonly executions: number;
      /** Of searches that ended early, and of those that did not. */
      readonly states: number;
      readonly sites: Reached;
      readonly scenesExhausted: number;
      readonly scenes: number;
      /** Why it is not `absent` although every scene was exhausted. */
      readonly doubts: readonly string[];
    }
  /** Nothing was run. */
  | { readonly verdict: 'not-run' };

export interface Matrix {
  readonly rows: readonly Row[];
  /** By row, then by design, as they are listed. */
  readonly cells: readonly (readonly Cell[])[];
}

/** One schedule that fails in one design and not in the other. */
export interface Explanation {
  readonly pair: readonly [string, string];
  /** null: there is none, see `reason`. */
  readonly found: {
    readonly fails: string;
    readonly other: string;
    readonly finding: SeenFinding;
    /** The schedule's decisions in the other design, and how many had no place there. */
    readonly decisions: number;
    readonly dropped: number;
    /** What the other design shows instead; empty: it passes. */
    readonly instead: readonly string[];
    /** The other design's run as a diagram, and its schedule's text. */
    readonly otherDiagram: string;
    readonly otherSchedule: string;
    readonly folder: string;
  } | null;
  readonly reason: string;
}

/** A counter over the sampled executions. */
export interface Measure {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  /** In the execution without any preemption; null if it does not end. */
  readonly byDefault: number | null;
}

export interface CounterRow {
  readonly name: string;
  /** null: no execution ended. */
  readonly total: Measure | null;
  /** Divided, execution by execution, by the counter that was asked for; null where that is always 0. */
  readonly per: Measure | null;
}

/** The counters of one design in one scene at one value of the swept option. */
export interface CounterSample {
  readonly design: string;
  readonly scene: string;
  /** null: no option is swept. */
  readonly value: number | null;
  readonly executions: number;
  /** Executions in which not every task ended, so that their counters tell little. */
  readonly leftOut: number;
  readonly rows: readonly CounterRow[];
}

export interface Comparison {
  readonly model: string;
  readonly modelHash: string;
  readonly modelArgument: string;
  readonly designs: readonly string[];
  readonly scenes: readonly string[];
  readonly options: Readonly<Record<string, number>>;
  readonly sweep: Sweep | null;
  readonly seed: string;
  readonly deterministic: boolean;
  readonly budget: Budget;
  /** null: nothing was verified. */
  readonly search: SearchBudget | null;
  readonly per: string | null;
  readonly elapsedMs: number;
  /** What an interrupt left out; empty if the comparison is complete. */
  readonly unfinished: readonly string[];
  /** Things that the reader should know. */
  readonly warnings: readonly string[];
  /** Over all scenes. */
  readonly matrix: Matrix;
  /** The rows of `matrix`, scene by scene. */
  readonly byScene: readonly { readonly scene: string; readonly cells: readonly (readonly Cell[])[] }[];
  readonly runs: readonly Run[];
  readonly explanations: readonly Explanation[];
  readonly counters: readonly CounterSample[];
}
