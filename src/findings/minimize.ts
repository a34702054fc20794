/** Minimizes the schedule of a finding by running candidates: fewest events, choices and deviations that show the same bug. */
import type { Executor } from '../executor/executor.js';
import { decisionsOf } from '../executor/portable.js';
import { reduceList } from '../schedule/ddmin.js';
import { byTaskAndStep, hotKey } from '../schedule/hot.js';
import { type Fails, MAX_RUNS_DEFAULT, minimizeSchedule } from '../schedule/minimize.js';
import type { HotDeviation, HotSchedule } from '../schedule/schedule.js';
import { bucketName, type RawBucket } from './place.js';
import { SameBug, type Story } from './same-bug.js';
import { areIndependent, preemptionsOf, scheduleOf, turnsOf } from './turns.js';

/** More rounds than any schedule needed; each makes it smaller or its decisions later. */
const ROUNDS_MAX = 20;
/** Of more deviations whole stretches are tried first. */
const MANY = 1_000;
/** Runs with more turns are minimized by deletion only. */
const TURNS_MAX = 200;
/** So many steps in a row are tried without success for one decision; what separates two good places is often a lock and its unlock. */
const DELAY_MISSES = 4;

export interface MinimizeOptions {
  /** For a fixed scene: the events stay as they are. */
  readonly keepEvents?: boolean;
  readonly maxRuns?: number;
  /** In points; no limit by default. It counts what runs cost, not the clock: the result is the same everywhere. */
  readonly maxWork?: number;
  /** What the result must show besides the bucket; nothing by default, since it costs a trace of each run. */
  readonly story?: Story;
}

/** What a decision of a schedule costs, in points: it is written, read and compared with each run. */
const DECISION_WORK = 100;

export interface MinimizedFinding {
  readonly hot: HotSchedule;
  readonly runs: number;
  /** Whether the given schedule showed the bucket at all; if not, `hot` is the given one. */
  readonly reproduced: boolean;
  /** `false` if `maxRuns` or `maxWork` ended it early. */
  readonly complete: boolean;
}

/** The result replays exactly: it is what was recorded when it ran, and running it records it again. */
export function minimizeFinding(
  executor: Executor,
  hot: HotSchedule,
  bucket: string | RawBucket,
  { keepEvents = false, maxRuns = MAX_RUNS_DEFAULT, maxWork = Number.POSITIVE_INFINITY, story }: MinimizeOptions = {},
): MinimizedFinding {
  const bug = new SameBug(executor, bucketName(bucket, executor.manifest), story);
  const learned = bug.learn(hot);
  if (learned === null) return { hot, runs: 1, reproduced: false, complete: true };
  let runs = 0;
  let work = 0;
  const fails: Fails = (candidate) => {
    if ((keepEvents && candidate.events.length < hot.events.length) || work >= maxWork) return null;
    runs += 1;
    work += learned.points + DECISION_WORK * (candidate.deviations.length + candidate.choices.length);
    return bug.shownBy(candidate)?.recorded ?? null;
  };
  const start = hot.deviations.length > MANY ? withoutStretches(executor, hot, fails, maxRuns) : hot;
  // What has to be tried first would be the schedule itself.
  if (work >= maxWork) return { hot: executor.run(start).recorded, runs, reproduced: true, complete: false };
  let best = minimizeSchedule(start, fails, { maxRuns });
  for (
    let round = 0;
    round < ROUNDS_MAX && best.reproduced && best.complete && runs < maxRuns && work < maxWork;
    round++
  ) {
    const merged = mergeTurns(executor, best.schedule, fails, maxRuns - runs);
    const swapped = swapTurns(executor, merged, fails, maxRuns - runs);
    const delayed = delay(executor, swapped, fails, maxRuns - runs);
    if (hotKey(delayed) === hotKey(best.schedule)) break;
    if (runs >= maxRuns) best = { ...best, schedule: delayed, complete: false };
    else best = minimizeSchedule(delayed, fails, { maxRuns: maxRuns - runs });
  }
  // The smaller one of a candidate and its record may be the candidate.
  const recorded = best.reproduced ? executor.run(best.schedule).recorded : hot;
  return { hot: recorded, runs, reproduced: best.reproduced, complete: best.complete && work < maxWork };
}

/**
 * Deletes stretches of time, the longer ones first. Of a run with thousands of switches most belong to a prelude that no bug needs, and
 * deletion in the order of tasks would try them one task's at a time.
 */
function withoutStretches(executor: Executor, schedule: HotSchedule, fails: Fails, runsMax: number): HotSchedule {
  let best = schedule;
  let runs = 0;
  reduceList(inOrderOfTime(executor, best), (kept) => {
    runs += 1;
    const recorded = runs > runsMax ? null : fails({ ...best, deviations: [...kept].sort(byTaskAndStep) });
    if (recorded === null || recorded.deviations.length > kept.length) return null;
    best = recorded;
    return inOrderOfTime(executor, recorded);
  });
  return best;
}

/**
 * Lets a task go on where it gave way, and later do at once what it did in two turns: deletes neighbouring deviations in the order of
 * time. Two tasks that take turns step by step are a local minimum of any deletion that does not know that order.
 */
function mergeTurns(executor: Executor, schedule: HotSchedule, fails: Fails, runsMax: number): HotSchedule {
  let best = schedule;
  let ordered = inOrderOfTime(executor, best);
  let runs = 0;
  for (let size = Math.max(2, ordered.length >> 1); size >= 1; size = size > 2 ? size >> 1 : size - 1) {
    for (let start = 0; start + size <= ordered.length && runs < runsMax; ) {
      const gone = new Set(ordered.slice(start, start + size));
      const candidate = { ...best, deviations: best.deviations.filter((deviation) => !gone.has(deviation)) };
      runs += 1;
      const recorded = fails(candidate);
      if (recorded === null || recorded.deviations.length > candidate.deviations.length) start += 1;
      else {
        best = recorded;
        ordered = inOrderOfTime(executor, best);
      }
    }
  }
  return best;
}

/**
 * Moves a task's turn forward to its last one, over turns of other tasks that have nothing to do with it: the same run, one switch less.
 * Deletions cannot do that where the turns between must come before what follows.
 */
function swapTurns(executor: Executor, schedule: HotSchedule, fails: Fails, runsMax: number): HotSchedule {
  const isRead = ({ site }: { site: number }): boolean => executor.manifest.sites[site]?.operation === 'load';
  // Nothing is swapped without a deviation: what turns there are the default makes.
  if (schedule.deviations.length === 0) return schedule;
  let best = schedule;
  let turns = turnsOf(executor.trace(best).trace);
  // A run that never ends has thousands, and each of them would be tried.
  if (turns.length > TURNS_MAX) return schedule;
  let runs = 0;
  for (let at = 2; runs < runsMax; at++) {
    const turn = turns[at];
    if (turn === undefined) break;
    const home = turns.findLastIndex(({ task }, i) => i < at && task === turn.task);
    const between = turns.slice(home + 1, at);
    if (home < 0 || between.length === 0 || !between.every((other) => areIndependent(other, turn, isRead))) continue;
    const candidate = scheduleOf([...turns.slice(0, home + 1), turn, ...between, ...turns.slice(at + 1)], best);
    runs += 1;
    const recorded = fails(candidate);
    if (recorded === null || !isBetter(executor, recorded, best)) continue;
    best = recorded;
    turns = turnsOf(executor.trace(best).trace);
    at = 1;
  }
  return best;
}

/** Fewer preemptions, or as many and fewer deviations: each step of `swapTurns` is one, so it ends. */
function isBetter(executor: Executor, candidate: HotSchedule, best: HotSchedule): boolean {
  const fewer = preemptionsOf(executor, candidate) - preemptionsOf(executor, best);
  return fewer < 0 || (fewer === 0 && candidate.deviations.length < best.deviations.length);
}

/**
 * Makes each deviation come as late as possible: just before the step that must not come first. Schedules that differ only in when a
 * window opened become one, so that one bug has one signature, and often a deviation turns out to be needless.
 */
function delay(executor: Executor, schedule: HotSchedule, fails: Fails, runsMax: number): HotSchedule {
  let best = schedule;
  let runs = 0;
  const inOrder = inOrderOfTime(executor, schedule);
  for (const original of inOrder.reverse()) {
    let current = best.deviations.find((deviation) => isSame(deviation, original));
    for (
      let step = original.step + 1, misses = 0;
      current !== undefined && misses < DELAY_MISSES && runs < runsMax;
      step++
    ) {
      const moved: HotDeviation = { ...current, step };
      if (best.deviations.some((other) => other.task === moved.task && other.step === step)) break;
      const deviations = best.deviations.map((other) => (other === current ? moved : other)).sort(byTaskAndStep);
      runs += 1;
      const recorded = fails({ ...best, deviations });
      if (recorded === null || recorded.deviations.length > best.deviations.length) misses += 1;
      else {
        misses = 0;
        best = recorded;
        current = best.deviations.find((deviation) => isSame(deviation, moved));
      }
    }
  }
  return best;
}

function isSame(a: HotDeviation, b: HotDeviation): boolean {
  return a.task === b.task && a.step === b.step && a.target === b.target;
}

function inOrderOfTime(executor: Executor, schedule: HotSchedule): HotDeviation[] {
  const byPlace = new Map(schedule.deviations.map((deviation) => [`${deviation.task},${deviation.step}`, deviation]));
  const ordered: HotDeviation[] = [];
  for (const { task, step, isChoice } of decisionsOf(executor.trace(schedule).trace, executor.manifest)) {
    const deviation = isChoice ? undefined : byPlace.get(`${task},${step}`);
    if (deviation) ordered.push(deviation);
  }
  return ordered;
}
