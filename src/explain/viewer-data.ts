/**
 * What the interleaving viewer shows of a run, as JSON: `heddle.viewer/1`. Made by `view-run.ts`, drawn by `web/viewer/`, which shares nothing
 * else with the command line. All texts come from the model and are no markup. Indices are from 0; readers of an unknown `schema` refuse it.
 */

export interface ViewerData {
  readonly schema: 'heddle.viewer/1';
  readonly model: string;
  readonly design: string;
  readonly scene: string;
  /** null: the run passes. */
  readonly finding: ViewedFinding | null;
  /** The finding in one paragraph; empty if it was not explained. */
  readonly summary: string;
  /** One lane each, in the order of their slots; only tasks that made a step. */
  readonly tasks: readonly ViewedTask[];
  /** In the order of time. */
  readonly steps: readonly ViewedStep[];
  /** Of a long run only a part is kept: how many steps came before it, and how many the run has. */
  readonly window: { readonly before: number; readonly total: number };
  /** Objects that the run touches or changes. */
  readonly objects: readonly ViewedObject[];
  /** What tasks hold or wait for, at some step. */
  readonly syncs: readonly ViewedSync[];
  readonly pairs: readonly ViewedPair[];
  /** Steps that pairs name and that the run ends too early for. */
  readonly later: readonly ViewedLater[];
  /** null: not computed. */
  readonly likelihood: ViewedLikelihood | null;
}

export interface ViewedFinding {
  readonly kind: string;
  readonly title: string;
  readonly symptom: string;
  readonly signature: string;
  /** `of_iommu_configure (of-iommu.ts:31)`; empty if it has no place. */
  readonly place: string;
}

export interface ViewedTask {
  /** `bind(0)`; of several tasks of one name, with its path. */
  readonly name: string;
  /** The event's name, or the function that the task was started with. */
  readonly event: string;
  /** An event's arguments by name. */
  readonly args: readonly { readonly name: string; readonly value: number }[];
}

/** `resume`: a task that waited or starts goes on up to its next scheduling point; `fail`: the step that failed and was not made. */
export type StepKind =
  | 'read'
  | 'write'
  | 'sync'
  | 'free'
  | 'wait'
  | 'resume'
  | 'start'
  | 'end'
  | 'choice'
  | 'note'
  | 'fail';

/** How the processor came to the step's task; empty: it had it. */
export type Arrival = '' | 'start' | 'preemption' | 'wait' | 'end' | 'yield';

export interface ViewedStep {
  readonly task: number;
  readonly kind: StepKind;
  /** As the diagram has it, without the function: `Account#1.balance read 100`. */
  readonly text: string;
  /** The model's function and where; empty and 0 if none. */
  readonly function: string;
  readonly file: string;
  readonly line: number;
  /** That line of the model; empty if its file is not there or has changed. */
  readonly source: string;
  /** What it touches, in `objects`; -1 if nothing. */
  readonly object: number;
  readonly field: number;
  /** Read or written, and what was there before a write; empty if there is no value. */
  readonly value: string;
  readonly before: string;
  /** Kind of the finding that shows here. */
  readonly mark: string;
  readonly arrival: Arrival;
  /** Which row of the text diagram it is; -1 if it is left out there. */
  readonly row: number;
  /** Fields that have another value after it. */
  readonly changes: readonly FieldChange[];
  /** Who holds and waits for what after it, where it differs from before. */
  readonly uses: readonly UseChange[];
}

/** Object, field, value. */
export type FieldChange = readonly [number, number, string];

export interface ViewedObject {
  /** As the diagram names it. */
  readonly name: string;
  /** With the values before the first step of `steps`; empty: it did not exist. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** Step after which others could reach it, and after which it was freed; -1: before the first, null: never. */
  readonly born: number;
  readonly freed: number | null;
}

export interface ViewedSync {
  readonly name: string;
  /** Before the first step of `steps`: tasks. */
  readonly holders: readonly number[];
  readonly waiters: readonly number[];
}

/** Index in `syncs`, holders, waiters. */
export type UseChange = readonly [number, readonly number[], readonly number[]];

/** Two steps at one place, at least one of which changes it. */
export interface ViewedPair {
  readonly first: Place;
  readonly second: Place;
  /**
   * `necessary`: turned round, the failure is gone; `together`: one of a set of which none matters alone; `alike`: necessary as well, between
   * the same turns as a necessary one; `other`: its order does not matter, cannot be another one, or was not tried.
   */
  readonly relation: 'necessary' | 'together' | 'alike' | 'other';
  /** Number of the order that it belongs to, from 1; 0 for `other`. */
  readonly order: number;
  /** How the order was turned round. */
  readonly flipped: '' | 'pair' | 'critical-section' | 'set';
  /** Numbers of orders that are gone without this one: they follow from it. */
  readonly leadsTo: readonly number[];
}

/** A step of `steps`, one of `later`, or one that the window leaves out. */
export type Place = { readonly step: number } | { readonly later: number } | null;

export interface ViewedLater {
  readonly task: number;
  readonly function: string;
  readonly text: string;
}

export interface ViewedLikelihood {
  /** Random continuations from each point. */
  readonly continuations: number;
  /** Share of them that fail after so many steps of `steps`; twice, if a task was started in between. */
  readonly points: readonly { readonly steps: number; readonly share: number }[];
  /** The step with which it becomes likely. */
  readonly turn: { readonly step: number; readonly before: number; readonly after: number } | null;
}
