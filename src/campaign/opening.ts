/**
 * The first executions of a scene: so few of each strategy in turn that a bug which one of them finds at once is not behind thousands of
 * executions of another. Two extremes come first, one schedule each: no preemption, and one after each event that others care about. Bounded
 * enumeration leads from there: its first schedules find most bugs of one or two preemptions.
 */
import type { Sampler } from './plan.js';

export interface OpeningStage {
  readonly strategy: Sampler;
  readonly parameter: number;
  readonly executions: number;
}

const stage = (strategy: Sampler, executions = 1, parameter = 0): OpeningStage => ({ strategy, parameter, executions });

/** Rounds of single executions. */
const ROUNDS = 24;

export const OPENING: readonly OpeningStage[] = [
  stage('last-first'),
  stage('turns'),
  stage('bounded'),
  stage('surw'),
  stage('bounded', 2),
  ...Array.from({ length: ROUNDS }, (_, i) => [
    stage('surw', i < 2 ? 1 : 2),
    stage('bounded'),
    ...(i % 4 === 1 ? [stage('pos')] : []),
    ...(i % 4 === 3 ? [stage('reads-from')] : []),
    ...(i % 8 === 4 ? [stage('pct', 1, 3)] : []),
  ]).flat(),
  ...[8, 32, 128].flatMap((n) => [
    stage('bounded', n),
    stage('surw', n),
    stage('reads-from', n),
    stage('pos', n),
    stage('pct', n, 3),
    stage('random', n),
  ]),
];
