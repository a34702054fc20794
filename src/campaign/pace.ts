/**
 * How fast each strategy runs, lately, where a campaign may look at the clock: its stages take equal time then, so that a share of the stages is
 * a share of the time, and what they cost is counted in time. It forgets as fast as the bandit.
 */
import { FORGETTING } from './bandit.js';

/** A stage has at most so many times the executions of another, for what is short is measured badly. */
const RATIO_MAX = 8;

interface Work {
  executions: number;
  points: number;
  ms: number;
}

const none = (): Work => ({ executions: 0, points: 0, ms: 0 });

export class Pace<Name extends string> {
  private readonly byName = new Map<Name, Work>();
  private readonly all = none();

  /** A stage of the strategy cost `points` (bandit.ts) and took so long. */
  learn(name: Name, stage: Readonly<Work>): void {
    if (stage.executions === 0 || stage.ms <= 0) return;
    const work = this.byName.get(name) ?? none();
    this.byName.set(name, work);
    add(work, stage, 1 - FORGETTING);
    // As many stages in sight as of all strategies together.
    add(this.all, stage, 1 - FORGETTING / this.byName.size);
  }

  /** Executions of this strategy that take as long as `executions` take on the average. */
  fitting(name: Name, executions: number): number {
    const work = this.byName.get(name);
    if (!work) return executions;
    const ratio = (work.executions * this.all.ms) / (work.ms * this.all.executions);
    const most = Math.sqrt(RATIO_MAX);
    return Math.max(1, Math.round(executions * Math.min(most, Math.max(1 / most, ratio))));
  }

  /** As many points as the average stage runs in so many milliseconds; null if nothing was seen. */
  pointsIn(ms: number): number | null {
    return this.all.ms > 0 ? (ms * this.all.points) / this.all.ms : null;
  }
}

function add(work: Work, stage: Readonly<Work>, keep: number): void {
  work.executions = keep * work.executions + stage.executions;
  work.points = keep * work.points + stage.points;
  work.ms = keep * work.ms + stage.ms;
}
