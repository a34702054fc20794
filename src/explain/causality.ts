/**
 * Which orders of the run cause the failure: causality analysis after AITIA (EuroSys 2023). Each conflicting pair is turned round, from the last
 * to the first, with the rest as it was; if the failure vanishes, the order is necessary. Where a turn-round is infeasible, whole critical
 * sections are turned round; where none of several pairs of the same two turns matters alone, all of them are at once.
 */
import type { Executor } from '../executor/executor.js';
import { type Move, movesOf, type Stepper } from '../executor/stepping.js';
import type { RawFinding, TraceStep } from '../executor/types.js';
import type { SameBug } from '../findings/same-bug.js';
import type { HotSchedule } from '../schedule/schedule.js';
import { type Conflict, conflictsOf, eventIds, eventKey } from './conflicts.js';
import { type Flipped, runHeld } from './flip.js';

/** An order without which the run does not fail. */
export interface Cause {
  readonly conflict: Conflict;
  /** How the order was turned round. */
  readonly flipped: 'pair' | 'critical-section' | 'set';
  /** Pairs that were turned round together with it: of a set, none of them matters alone. */
  readonly members: readonly Conflict[];
  /** Other pairs of the same two turns that are necessary as well: data before locks, in the order of time. */
  readonly alike: readonly Conflict[];
  /** Indices of causes that are gone when this one is turned round, and not the other way: they follow from it. */
  readonly leadsTo: readonly number[];
}

export interface Causality {
  /** In the order of time. */
  readonly causes: readonly Cause[];
  /** Pairs turned round; pairs whose order does not matter; pairs whose order cannot be another one. */
  readonly tried: number;
  readonly benign: number;
  readonly forced: number;
  /** Pairs beyond `PAIRS_OF_TURNS_MAX` of their two turns: not turned round. */
  readonly leftOut: number;
  /** `false` if the budget ended it: then earlier orders may be necessary, too. */
  readonly complete: boolean;
}

export interface CausalityInput {
  readonly executor: Executor;
  readonly stepper: Stepper;
  readonly bug: SameBug;
  readonly hot: HotSchedule;
  readonly trace: readonly TraceStep[];
  readonly finding: RawFinding;
}

/** Moves of all runs together. */
const MOVES_MAX = 250_000;
/** Of the pairs between two turns so many are tried, those on what failed first. */
const PAIRS_OF_TURNS_MAX = 12;
/** Operations before a step that may have opened its critical section. */
const SECTIONS_MAX = 6;

export function causalityOf(input: CausalityInput): Causality {
  return new Analysis(input).run();
}

interface Necessary {
  readonly conflict: Conflict;
  readonly how: Cause['flipped'];
  readonly members: readonly Conflict[];
  readonly alike: readonly Conflict[];
  readonly without: HotSchedule;
}

class Analysis {
  private readonly moves: readonly Move[];
  private movesLeft = MOVES_MAX;
  private tried = 0;
  private benign = 0;
  private forced = 0;
  private leftOut = 0;

  constructor(private readonly input: CausalityInput) {
    this.moves = movesOf(input.stepper, input.hot);
  }

  run(): Causality {
    const { trace, executor } = this.input;
    const groups = new Map<string, Conflict[]>();
    for (const conflict of conflictsOf(trace, executor.manifest).reverse()) {
      groups.set(conflict.turns, [...(groups.get(conflict.turns) ?? []), conflict]);
    }
    const necessary: Necessary[] = [];
    for (const group of groups.values()) {
      const found = this.group(this.inOrder(group));
      if (found !== null) necessary.push(found);
      if (this.movesLeft <= 0) break;
    }
    necessary.sort((a, b) => a.conflict.secondAt - b.conflict.secondAt || a.conflict.firstAt - b.conflict.firstAt);
    const { tried, benign, forced, leftOut } = this;
    return { causes: this.chain(necessary), tried, benign, forced, leftOut, complete: this.movesLeft > 0 };
  }

  /** Data before locks, what failed before other data, late before early. */
  private inOrder(group: readonly Conflict[]): Conflict[] {
    const { object } = this.input.finding;
    const concerns = ({ firstStep, secondStep }: Conflict): boolean =>
      object !== null &&
      [firstStep, secondStep].some(
        (step) =>
          step.value === object.address ||
          step.address - step.offset === object.address ||
          step.address === object.address,
      );
    const rank = (conflict: Conflict): number => (concerns(conflict) ? 0 : conflict.isSync ? 2 : 1);
    this.leftOut += Math.max(0, group.length - PAIRS_OF_TURNS_MAX);
    return [...group].sort((a, b) => rank(a) - rank(b)).slice(0, PAIRS_OF_TURNS_MAX);
  }

  /** The first necessary pair stands for its turns. */
  private group(group: readonly Conflict[]): Necessary | null {
    let first: Necessary | null = null;
    const alike: Conflict[] = [];
    const benign: Conflict[] = [];
    for (const conflict of group) {
      if (this.movesLeft <= 0) break;
      this.tried += 1;
      const { flipped, how } = this.flip(conflict);
      if (!flipped.isFeasible) this.forced += 1;
      else if (this.fails(flipped)) {
        this.benign += 1;
        benign.push(conflict);
      } else if (first === null) first = { conflict, how, members: [], alike: [], without: flipped.schedule };
      else alike.push(conflict);
    }
    if (first !== null)
      return { ...first, alike: alike.sort((a, b) => Number(a.isSync) - Number(b.isSync) || a.firstAt - b.firstAt) };
    return benign.length > 1 ? this.set(benign) : null;
  }

  /** All pairs of two turns at once. */
  private set(members: readonly Conflict[]): Necessary | null {
    const [one] = members;
    if (one === undefined) return null;
    const earliest = members.reduce((a, b) => (b.firstAt < a.firstAt ? b : a), one);
    const flipped = this.held(earliest.firstStep.step, members);
    if (!flipped.isFeasible || this.fails(flipped)) return null;
    return { conflict: one, how: 'set', members, alike: [], without: flipped.schedule };
  }

  private flip(conflict: Conflict): { flipped: Flipped; how: Cause['flipped'] } {
    const flipped = this.held(conflict.firstStep.step, [conflict]);
    if (flipped.isFeasible) return { flipped, how: 'pair' };
    // Whoever must come first waits for a lock that the other holds: that one waits before it takes it.
    for (const step of this.sectionStarts(conflict)) {
      const whole = this.held(step, [conflict]);
      if (whole.isFeasible) return { flipped: whole, how: 'critical-section' };
    }
    return { flipped, how: 'pair' };
  }

  private held(at: number, conflicts: readonly Conflict[]): Flipped {
    const { stepper, hot } = this.input;
    const task = conflicts[0]?.first.task ?? 0;
    const until = conflicts.map(({ secondStep }) => ({ task: secondStep.task, at: secondStep.step }));
    const flipped = runHeld(stepper, hot, this.moves, { task, at, until });
    this.movesLeft -= flipped.moves + 1;
    return flipped;
  }

  /** The task's own steps, the nearest first, at which it did more than load and store. */
  private sectionStarts({ firstStep, firstAt }: Conflict): number[] {
    const { trace, executor } = this.input;
    const plain = new Set(['load', 'store', 'free', 'new']);
    return trace
      .slice(0, firstAt)
      .filter(
        ({ kind, task, site }) =>
          kind === 'access' &&
          task === firstStep.task &&
          !plain.has(executor.manifest.sites[site]?.operation ?? 'load'),
      )
      .map(({ step }) => step)
      .reverse()
      .slice(0, SECTIONS_MAX);
  }

  private fails({ schedule }: Flipped): boolean {
    return this.input.bug.shownBy(schedule) !== null;
  }

  /** One leads to another if the other's order is gone without it, and it is still there without the other. */
  private chain(necessary: readonly Necessary[]): Cause[] {
    const holds = necessary.map(({ without }) => {
      const order = this.orderIn(without);
      return necessary.map(({ conflict }) => order(conflict));
    });
    return necessary.map(({ conflict, how, members, alike }, i) => ({
      conflict,
      flipped: how,
      members,
      alike,
      leadsTo: necessary.flatMap((_, k) => (k !== i && holds[i]?.[k] === false && holds[k]?.[i] === true ? [k] : [])),
    }));
  }

  /** Whether a pair's steps happen in that order in another run. */
  private orderIn(schedule: HotSchedule): (conflict: Conflict) => boolean {
    const places = new Map<string, number>();
    for (const [at, id] of eventIds(this.input.executor.trace(schedule).trace)) places.set(eventKey(id), at);
    return ({ first, second }) => {
      const [a, b] = [places.get(eventKey(first)), places.get(eventKey(second))];
      return a !== undefined && b !== undefined && a < b;
    };
  }
}
