/**
 * Minimizing to the optimum: what deletions and moves leave is compared with every schedule of the same events that has fewer preemptions, by
 * the bounded exhaustive search of `verify` (iterative context bounding, CHESS). Budgets are counted in transitions, so the answer is the same
 * on every machine.
 */
import type { Configuration, Executor, Limits } from '../executor/executor.js';
import type { ModelArtefact } from '../executor/instance.js';
import { isCostly } from '../executor/oracles.js';
import { Search, UNBOUNDED } from '../executor/search.js';
import type { FindingKind } from '../executor/types.js';
import { Visited } from '../executor/visited.js';
import type { HotSchedule } from '../schedule/schedule.js';
import type { Minimality } from './finding.js';
import { type MinimizedFinding, type MinimizeOptions, minimizeFinding } from './minimize.js';
import { bucketName, type RawBucket } from './place.js';
import { SameBug } from './same-bug.js';
import { preemptionsOf } from './turns.js';

export interface OptimumOptions extends MinimizeOptions {
  /** The exact flavour of the model. */
  readonly exact: ModelArtefact;
  readonly limits?: Limits;
  /** Transitions of all searches together. */
  readonly transitions?: number;
}

export interface OptimalFinding extends MinimizedFinding {
  readonly minimality: Minimality;
}

export const TRANSITIONS_DEFAULT = 400_000;

/** Kinds that a search over states does not see as a replay does: it counts the steps of a transition, not of a run. */
const NOT_SEARCHED: readonly FindingKind[] = ['step-limit', 'no-progress', 'livelock', 'starvation', 'stack-depth'];
/** Smaller schedules that were found: each has fewer events or preemptions. */
const ROUNDS_MAX = 8;
/** Findings of the bucket that were another bug; each costs a replay. */
const OTHERS_MAX = 500;
const SLICE = 20_000;
const VISITED_START = 14;
const VISITED_MAX = 22;
const PATH_BYTES = 1 << 20;

/** The smallest schedule that could be found, and how far it is proved that there is no smaller one. It replays exactly. */
export function minimizeToOptimum(
  executor: Executor,
  hot: HotSchedule,
  bucket: string | RawBucket,
  { exact, limits, transitions = TRANSITIONS_DEFAULT, ...options }: OptimumOptions,
): OptimalFinding {
  const name = bucketName(bucket, executor.manifest);
  let best = minimizeFinding(executor, hot, name, options);
  const bug = new SameBug(executor, name, options.story);
  const shown = bug.learn(best.hot);
  const kind = shown?.findings.find((raw) => bug.isOfBucket(raw))?.kind;
  if (!best.reproduced || kind === undefined) return { ...best, minimality: unproved('it does not reproduce', 0) };
  if (NOT_SEARCHED.includes(kind)) return { ...best, minimality: unproved(`no search looks for ${kind}`, 0) };
  const budget = new Budget(transitions);
  const search = (events: HotSchedule): BoundedSearch =>
    new BoundedSearch(executor, bug, kind, { exact, limits, events, budget });
  for (let round = 0; ; round++) {
    const { found, ...rest } = below(search(best.hot), preemptionsOf(executor, best.hot));
    const minimality: Minimality = { ...rest, transitions: budget.used };
    if (found !== null) best = sum(best, minimizeFinding(executor, found, name, { ...options, keepEvents: true }));
    if (rest.atLeast < preemptionsOf(executor, best.hot) || options.keepEvents || best.hot.events.length < 2)
      return { ...best, minimality };
    const fewer = withoutAnEvent(best.hot, rest.atLeast, search);
    if (fewer === 'none') return { ...best, minimality: { ...minimality, transitions: budget.used } };
    if (fewer === 'unknown' || round === ROUNDS_MAX) {
      const why = 'whether one event less would do was not searched to the end';
      return { ...best, minimality: { ...minimality, proved: false, why, transitions: budget.used } };
    }
    best = sum(best, minimizeFinding(executor, fewer, name, options));
  }
}

/** Searches with no preemption, one, two … up to as many as are known to do. */
function below(
  search: BoundedSearch,
  preemptions: number,
): Omit<Minimality, 'transitions'> & { found: HotSchedule | null } {
  for (let bound = 0; bound <= preemptions; bound++) {
    const { outcome, schedule } = search.run(bound);
    if (schedule !== null) return { found: schedule, proved: true, atLeast: bound, canonical: true, why: '' };
    if (outcome === 'finished' && bound < preemptions) continue;
    // The known schedule is within the last bound: if the search has not met it, it is still proved that no bound below will do.
    if (bound === preemptions && outcome !== 'finished') {
      return { found: null, proved: true, atLeast: bound, canonical: false, why: '' };
    }
    const why = outcome === 'finished' ? 'the search does not see what the replay shows' : outcome;
    return { found: null, proved: false, atLeast: outcome === 'finished' ? 0 : bound, canonical: false, why };
  }
  return { found: null, proved: false, atLeast: 0, canonical: false, why: 'nothing was searched' };
}

/** A failing schedule of one event less with as few preemptions. */
function withoutAnEvent(
  hot: HotSchedule,
  bound: number,
  search: (events: HotSchedule) => BoundedSearch,
): HotSchedule | 'none' | 'unknown' {
  let answer: 'none' | 'unknown' = 'none';
  for (const gone of hot.events.keys()) {
    const events = hot.events.filter((_, i) => i !== gone);
    const { outcome, schedule } = search({ events, deviations: [], choices: [] }).run(bound);
    if (schedule !== null) return schedule;
    if (outcome !== 'finished') answer = 'unknown';
  }
  return answer;
}

function sum(before: MinimizedFinding, after: MinimizedFinding): MinimizedFinding {
  return { ...after, runs: before.runs + after.runs, complete: before.complete && after.complete };
}

function unproved(why: string, transitions: number): Minimality {
  return { proved: false, atLeast: 0, canonical: false, why, transitions };
}

/** Transitions that may still be made. */
class Budget {
  used = 0;
  constructor(readonly all: number) {}
  get left(): number {
    return this.all - this.used;
  }
}

interface Setup {
  readonly exact: ModelArtefact;
  readonly limits: Limits | undefined;
  readonly events: HotSchedule;
  readonly budget: Budget;
}

/** The search of `verify` on some events, for one bug. */
class BoundedSearch {
  private readonly visited = Visited.create(VISITED_START, false);
  private readonly search: Search;

  constructor(
    executor: Executor,
    private readonly bug: SameBug,
    kind: FindingKind,
    private readonly setup: Setup,
  ) {
    const { design, scene, options } = executor;
    const configuration: Configuration = { design, scene, options };
    const { exact, limits, events } = setup;
    this.search = new Search({
      artefact: exact,
      configuration,
      ...(limits ? { limits } : {}),
      visited: this.visited,
      events,
      pathBytes: PATH_BYTES,
      reduce: true,
      costly: isCostly(kind),
      bounds: UNBOUNDED,
    });
    this.search.learn();
  }

  /** All schedules with at most `bound` preemptions, up to the first that shows the bug. `outcome`: `finished`, or why it was not. */
  run(bound: number): { outcome: string; schedule: HotSchedule | null } {
    const { search, visited, setup } = this;
    let log2 = VISITED_START;
    const restart = (): void => {
      visited.clear(log2, false);
      search.start({ preemptions: bound, depth: null });
    };
    restart();
    for (let others = 0; setup.budget.left > 0 && others <= OTHERS_MAX; ) {
      const slice = Math.min(SLICE, setup.budget.left);
      const before = search.transitions;
      const event = search.run(slice);
      setup.budget.used += Math.max(1, search.transitions - before);
      if (event === 'finished') return { outcome: 'finished', schedule: null };
      if (event === 'finding') {
        const schedule = this.pick();
        if (schedule !== null) return { outcome: 'found', schedule };
        others += 1;
      } else if (event === 'restart') restart();
      else if (event === 'visited-full' && log2 < VISITED_MAX) visited.grow(++log2);
      else if (event !== 'more' && event !== 'order')
        return { outcome: `the search was cut: ${event}`, schedule: null };
    }
    return { outcome: `the search was not finished within ${setup.budget.all} transitions`, schedule: null };
  }

  /** The schedule of the violation if it is the bug. */
  private pick(): HotSchedule | null {
    const violations = this.search.violations((finding) => this.bug.isOfBucket(finding));
    for (const { finding, schedule, adjacent } of violations) {
      if (!this.bug.isOfBucket(finding)) continue;
      for (const candidate of [schedule, ...adjacent]) {
        const shown = this.bug.shownBy(candidate);
        if (shown !== null) return shown.recorded;
      }
    }
    return null;
  }
}
