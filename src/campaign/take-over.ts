/** Has workers run schedules that come from files, many at a time; one that a worker does not survive is refused, not the rest. */
import { HeddleError } from '../errors.js';
import type { Observed } from '../executor/observed.js';
import type { Schedule } from '../schedule/schedule.js';
import type { Inspected, MeasureResult, Request, Result } from '../worker/protocol.js';
import { WorkerLost } from './pool.js';

/** Schedules of one request: a worker that has to be replaced costs the executions of so many again. */
const CHUNK = 32;

export interface Inspector {
  run(request: Request): Promise<Result>;
  /** A number that no other request has. */
  nextId(): number;
  /** What tasks passed on the way. */
  observed?(observed: Observed): void;
  /** A schedule cost a worker. */
  lost?(error: WorkerLost, schedule: Schedule): void;
  isStopped?(): boolean;
}

/** In the order of `schedules`; `undefined` for those that `isStopped` left. `jobs` requests at a time. */
export async function inspectAll(
  inspector: Inspector,
  schedules: readonly Schedule[],
  jobs: number,
): Promise<(Inspected | undefined)[]> {
  const results = new Array<Inspected | undefined>(schedules.length).fill(undefined);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < schedules.length && !inspector.isStopped?.()) {
      const from = next;
      next += CHUNK;
      const chunk = await inspectChunk(inspector, schedules.slice(from, next));
      chunk.forEach((one, i) => {
        results[from + i] = one;
      });
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, work));
  return results;
}

/** What each is worth in at most two executions, in the order of `schedules`: one request each, so that none is run again when a worker is lost. */
export async function measureAll(
  inspector: Pick<Inspector, 'run' | 'nextId'>,
  schedules: readonly Schedule[],
  jobs: number,
): Promise<MeasureResult[]> {
  const results: MeasureResult[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < schedules.length; i = next++) {
      const schedule = schedules[i];
      if (schedule !== undefined) results[i] = await measureOne(inspector, schedule);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, work));
  return results;
}

async function measureOne(inspector: Pick<Inspector, 'run' | 'nextId'>, schedule: Schedule): Promise<MeasureResult> {
  const id = inspector.nextId();
  try {
    const result = await inspector.run({ type: 'measure', id, schedule });
    if (result.type !== 'measure') throw new Error(`a worker answered ${result.type} to measure`);
    return result;
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    // It was in the middle of the first or of the second execution.
    return { type: 'measure', id, reason: error.casualty.reason, features: [], dropped: 0, executions: 2 };
  }
}

async function inspectChunk(inspector: Inspector, schedules: readonly Schedule[]): Promise<readonly Inspected[]> {
  try {
    const result = await inspector.run({ type: 'inspect', id: inspector.nextId(), schedules });
    if (result.type !== 'inspect') throw new Error(`a worker answered ${result.type} to inspect`);
    inspector.observed?.(result.observed);
    return result.inspected;
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    const [only] = schedules;
    if (only === undefined) throw new HeddleError('HDL_USAGE', 'nothing to inspect');
    if (schedules.length === 1) {
      inspector.lost?.(error, only);
      return [{ reason: error.casualty.reason, discovery: null, sightings: [], dropped: 0 }];
    }
    const all: Inspected[] = [];
    for (const schedule of schedules) all.push(...(await inspectChunk(inspector, [schedule])));
    return all;
  }
}
