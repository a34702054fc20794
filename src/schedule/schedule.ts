/**
 * The schedule as a value: which events run and every decision that differs from the default scheduler's. This folder is pure: it
 * imports nothing of ours and does no input or output.
 *
 * There are two forms. The *portable* form names sites and tasks, survives an edit of the model, and is what files hold. The *hot*
 * form uses numbers, belongs to one `model.wasm` and one configuration, and is what the executor runs.
 */

/** One event to run: a task of the run. Its position in the list is its task number and its start order. */
export interface EventCall {
  readonly event: string;
  /** 32-bit signed integers, at most three. */
  readonly args: readonly number[];
}

/**
 * A task's identity: the position of its event (`"1"`), or its parent's identity and which of the parent's spawns it is, from 0
 * (`"1.0"`).
 */
export type TaskPath = string;

/**
 * A site's identity: function, operation, field and ordinal among the equal ones in that function; never a line number.
 * Examples: `of_iommu_configure load DevIommu.fwspec #1`, `transfer lock lock`. The operations `block` (the task waits at this
 * site) and `exit` (the task has ended; function and field are empty) are sites too.
 */
export interface SiteRef {
  readonly function: string;
  readonly operation: string;
  readonly field: string;
  /** From 0. */
  readonly ordinal: number;
}

/** Before `task` executes `site` for the `occurrence`-th time (from 1) in its life, `target` runs instead. */
export interface Deviation {
  readonly task: TaskPath;
  readonly site: SiteRef;
  readonly occurrence: number;
  readonly target: TaskPath;
}

/** The `occurrence`-th time (from 1) that `task` executes the `choose` or `fault` at `site`, it answers `value` instead of 0. */
export interface Choice {
  readonly task: TaskPath;
  readonly site: SiteRef;
  readonly occurrence: number;
  readonly value: number;
}

export interface Schedule {
  readonly model: string;
  readonly design: string;
  /** The scene whose set-up runs first; the events are listed all the same. Empty: the model's first scene. */
  readonly scene: string;
  /** Only options that differ from their default. */
  readonly options: Readonly<Record<string, number>>;
  readonly events: readonly EventCall[];
  readonly deviations: readonly Deviation[];
  readonly choices: readonly Choice[];
}

/** Event by its index in the model's declarations. */
export interface HotEvent {
  readonly event: number;
  readonly args: readonly number[];
}

/** At its own `step`-th decision (from 0; points, blocks and the exit count), `task` gives way to `target`. Numbers are task slots. */
export interface HotDeviation {
  readonly task: number;
  readonly step: number;
  readonly target: number;
}

/** The `nth` (from 0) `choose`/`fault` of `task` answers `value`. */
export interface HotChoice {
  readonly task: number;
  readonly nth: number;
  readonly value: number;
}

export interface HotSchedule {
  readonly events: readonly HotEvent[];
  readonly deviations: readonly HotDeviation[];
  readonly choices: readonly HotChoice[];
}

/** Limits of every schedule, portable or hot; decoders and mutators keep them. */
export const LIMITS = {
  events: 100,
  args: 3,
  deviations: 4096,
  choices: 4096,
  options: 64,
  nameLength: 200,
  textBytes: 1 << 20,
  binaryBytes: 1 << 20,
} as const;
