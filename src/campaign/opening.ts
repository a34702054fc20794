/**
 * The first executions of a scene: so few of each strategy in turn that a bug which one of them finds at once is not behind thousands of
 * executions of another. Three extremes come first, one schedule each: no preemption, and one after each event, or two, that others care about.
 * Bounded enumeration leads from there: its first schedules find most bugs of one or two preemptions.
 */
import type { Sampler } from './plan.js';

export interface OpeningStage {
  readonly strategy: Sampler;
  readonly parameter: number;
  readonly executions: number;
}

const stage = (strategy: Sampler, executions = 1, parameter = 0): OpeningStage => ({ strategy, parameter, executions });

/**
 * Objects whose events SURW interleaves uniformly at a time. The paper takes one; bugs of two or three variables, and locks, need their events
 * to be mixed, while all events together drown a bug in what nobody shares (docs/strategies.md has the figures). Where tasks share many cells it is one
 * in eight: a bug of a large model is about more of them.
 */
export const OBJECTS = 4 | (8 << 8);
/** As many as large models need, where tasks share dozens of objects. */
export const MANY_OBJECTS = 32;

/** Parameter of POS with which it aims at deadlocks in every second execution, as soon as a cycle of lock dependencies is known. */
export const AIMS_AT_LOCK_CYCLES = 1;

/** Shared events of a turn, one schedule each: turns of one split what takes two steps, turns of two leave that whole and split what takes three. */
const TURNS = [1, 2];

/** How often SURW and enumeration alternate: after its fifth schedule enumeration has shown what most bugs of one preemption need. */
const ALTERNATIONS = 3;
/** Rounds in which SURW and POS lead: what one rarely meets, as it asks for an even mixture or for a long run of one task, the other does. */
const ROUNDS = 24;

export const OPENING: readonly OpeningStage[] = [
  stage('last-first'),
  ...TURNS.map((length) => stage('turns', 1, length)),
  ...Array.from({ length: ALTERNATIONS }, () => [stage('bounded'), stage('surw', 1, OBJECTS)]).flat(),
  stage('bounded', 2),
  ...Array.from({ length: ROUNDS }, (_, i) => [
    stage('surw', 3, OBJECTS),
    stage('pos', 3, AIMS_AT_LOCK_CYCLES),
    stage('bounded'),
    ...(i % 4 === 3 ? [stage('reads-from')] : []),
    ...(i % 8 === 4 ? [stage('pct', 1, 3)] : []),
  ]).flat(),
  ...[8, 32, 128].flatMap((n) => [
    stage('bounded', n),
    stage('surw', n, OBJECTS),
    stage('surw', n, MANY_OBJECTS),
    stage('surw', n, 1),
    stage('reads-from', n),
    stage('pos', n, AIMS_AT_LOCK_CYCLES),
    stage('pct', n, 3),
    stage('random', n),
  ]),
];
