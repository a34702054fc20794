/** Minimizes the schedule of a finding by running candidates: fewest events, choices and deviations that show the same bucket. */
import type { Executor } from '../executor/executor.js';
import type { HotSchedule } from '../schedule/schedule.js';
import { MAX_RUNS_DEFAULT, minimizeSchedule } from '../schedule/minimize.js';
import { bucketName, bucketOf, type RawBucket } from './place.js';

export interface MinimizeOptions {
  /** For a fixed scene: the events stay as they are. */
  readonly keepEvents?: boolean;
  readonly maxRuns?: number;
}

export interface MinimizedFinding {
  readonly hot: HotSchedule;
  readonly runs: number;
  /** Whether the given schedule showed the bucket at all; if not, `hot` is the given one. */
  readonly reproduced: boolean;
  /** `false` if `maxRuns` ended it early. */
  readonly complete: boolean;
}

/** The result replays exactly: it is what was recorded when it ran, and running it records it again. */
export function minimizeFinding(
  executor: Executor,
  hot: HotSchedule,
  bucket: string | RawBucket,
  { keepEvents = false, maxRuns = MAX_RUNS_DEFAULT }: MinimizeOptions = {},
): MinimizedFinding {
  const wanted = bucketName(bucket, executor.manifest);
  const fails = (candidate: HotSchedule): HotSchedule | null => {
    if (keepEvents && candidate.events.length < hot.events.length) return null;
    const { findings, recorded } = executor.run(candidate);
    return findings.some((raw) => bucketOf(raw, executor.manifest) === wanted) ? recorded : null;
  };
  const { schedule, tried, reproduced, complete } = minimizeSchedule(hot, fails, { maxRuns });
  return { hot: schedule, runs: tried, reproduced, complete };
}
