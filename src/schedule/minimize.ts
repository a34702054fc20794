/**
 * Minimizing a failing schedule: first the events, then whole tasks, the choices, the deviations, over and over until nothing
 * can go. Pure: the caller runs the candidates. The result is minimal in the sense that no single event, choice or
 * deviation, and no pair of a few deviations, can go; a smaller one of another shape may exist.
 */
import { reduceList, reducePairs } from './ddmin.js';
import { hotKey } from './hot.js';
import type { HotSchedule } from './schedule.js';
import { remapDecisions } from './slots.js';

/**
 * Runs the candidate. If the *same* failure recurs, what was recorded in that run: the same events, and only the
 * decisions that mattered. Else `null`. Must be deterministic.
 */
export type Fails = (candidate: HotSchedule) => HotSchedule | null;

export interface Minimized {
  readonly schedule: HotSchedule;
  /** Whether the given schedule failed at all; if not, `schedule` is the given one. */
  readonly reproduced: boolean;
  /** `false` if `maxRuns` ended it early. */
  readonly complete: boolean;
  /** Runs made. */
  readonly tried: number;
  /** Candidates that failed the same way and were smaller. */
  readonly accepted: number;
}

export const MAX_RUNS_DEFAULT = 20_000;

/** Up to this many deviations, pairs are tried as well: 120 runs. */
const PAIRS_MAX = 16;

/** Calls `fails` at most `maxRuns` times, and never twice for one candidate. */
export function minimizeSchedule(
  schedule: HotSchedule,
  fails: Fails,
  { maxRuns = MAX_RUNS_DEFAULT }: { readonly maxRuns?: number } = {},
): Minimized {
  const search = new Search(schedule, fails, maxRuns);
  const reproduced = search.start();
  while (reproduced && search.round());
  const { best, tried, accepted, isExhausted } = search;
  return { schedule: best, reproduced, complete: !isExhausted, tried, accepted };
}

class Search {
  best: HotSchedule;
  tried = 0;
  accepted = 0;
  /** Set when a candidate could not be run any more. */
  isExhausted = false;
  private readonly seen = new Set<string>();

  constructor(
    schedule: HotSchedule,
    private readonly fails: Fails,
    private readonly maxRuns: number,
  ) {
    this.best = schedule;
  }

  /** Runs the schedule itself; what was recorded may already be smaller. */
  start(): boolean {
    const recorded = this.run(this.best);
    if (recorded === null) return false;
    this.best = smaller(recorded, this.best);
    return true;
  }

  /** `true` if something went. */
  round(): boolean {
    const before = this.accepted;
    this.dropEvents();
    this.dropTasks();
    reduceList(this.best.choices, (choices) => this.accept({ ...this.best, choices })?.choices ?? null);
    reduceList(this.best.deviations, (deviations) => this.accept({ ...this.best, deviations })?.deviations ?? null);
    if (this.best.deviations.length <= PAIRS_MAX) {
      reducePairs(this.best.deviations, (deviations) => this.accept({ ...this.best, deviations })?.deviations ?? null);
    }
    return this.accepted > before && !this.isExhausted;
  }

  /** Whole events with the decisions of their tasks, and of their tasks only. */
  private dropEvents(): void {
    // Positions are renumbered when one goes: the list that shrinks holds positions in the best schedule of the moment.
    reduceList(positions(this.best), (kept) => {
      if (kept.length === 0) return null;
      return this.accept(keepEvents(this.best, kept)) === null ? null : positions(this.best);
    });
  }

  /** All decisions of one task, and all that let it run. */
  private dropTasks(): void {
    const tasks = new Set(this.best.deviations.flatMap(({ task, target }) => [task, target]));
    for (const gone of tasks) {
      const deviations = this.best.deviations.filter(({ task, target }) => task !== gone && target !== gone);
      const choices = this.best.choices.filter(({ task }) => task !== gone);
      this.accept({ ...this.best, deviations, choices });
    }
  }

  /** The new best schedule, or `null` if the candidate does not fail in the same way. */
  private accept(candidate: HotSchedule): HotSchedule | null {
    const recorded = this.run(candidate);
    if (recorded === null) return null;
    const result = smaller(recorded, candidate);
    // Both are failing schedules; this one is never larger than the candidate, so the search ends.
    this.best = result;
    this.accepted += 1;
    return result;
  }

  private run(candidate: HotSchedule): HotSchedule | null {
    if (this.isExhausted) return null;
    const key = shortKey(hotKey(candidate));
    if (this.seen.has(key)) return null;
    if (this.tried >= this.maxRuns) {
      this.isExhausted = true;
      return null;
    }
    this.seen.add(key);
    this.tried += 1;
    return this.fails(candidate);
  }
}

/** Fewer events, then fewer deviations, then fewer choices; the recorded one if they are equal. */
function smaller(recorded: HotSchedule, candidate: HotSchedule): HotSchedule {
  const order =
    recorded.events.length - candidate.events.length ||
    recorded.deviations.length - candidate.deviations.length ||
    recorded.choices.length - candidate.choices.length;
  return order <= 0 ? recorded : candidate;
}

/**
 * Long keys become 64 bits of hash and the length: thousands of candidates with thousands of decisions would fill the
 * memory. Two equal hashes would cost one deletion that is not tried, never a wrong result.
 */
function shortKey(key: string): string {
  if (key.length <= 256) return key;
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let i = 0; i < key.length; i += 1) {
    a = Math.imul(a ^ key.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ key.charCodeAt(i), 0x85ebca6b) + a;
  }
  return `#${key.length} ${a >>> 0} ${b >>> 0}`;
}

function positions(schedule: HotSchedule): number[] {
  return schedule.events.map((_, i) => i);
}

function keepEvents(schedule: HotSchedule, kept: readonly number[]): HotSchedule {
  const map = schedule.events.map((_, i) => kept.indexOf(i));
  const events = schedule.events.filter((_, i) => kept.includes(i));
  return { events, ...remapDecisions(schedule, events.length, map) };
}
