/** Has workers run schedules that come from files, many at a time; one that a worker does not survive is refused, not the rest. */
import { HeddleError } from '../errors.js';
import type { Observed } from '../executor/observed.js';
import type { Schedule } from '../schedule/schedule.js';
import type { Inspectable, Inspected, MeasureResult, Request, Result } from '../worker/protocol.js';
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

/** In the order of `entries`; those that `isStopped` left, the last ones, are missing. `jobs` requests at a time. */
export async function inspectAll(
  inspector: Inspector,
  entries: readonly Inspectable[],
  jobs: number,
): Promise<(Inspected | undefined)[]> {
  const results: Inspected[] = [];
  await inspectEach(inspector, entries, jobs, (_, one) => results.push(one));
  return results;
}

/**
 * Hands each entry to `take` with what it is worth, in their order. Entries are read as workers ask for them, and forgotten when they are taken: a
 * corpus of any size needs the memory of some requests.
 */
export async function inspectEach<T extends Inspectable>(
  inspector: Inspector,
  entries: Iterable<T>,
  jobs: number,
  take: (entry: T, inspected: Inspected) => void,
): Promise<void> {
  const rest = entries[Symbol.iterator]();
  const done = new Map<number, (() => void)[]>();
  let asked = 0;
  let taken = 0;
  const work = async (): Promise<void> => {
    while (!inspector.isStopped?.()) {
      const chunk = pull(rest, CHUNK);
      if (chunk.length === 0) return;
      const number = asked++;
      const inspected = await inspectChunk(inspector, chunk);
      const takes = chunk.flatMap((entry, i) => {
        const one = inspected[i];
        return one ? [() => take(entry, one)] : [];
      });
      done.set(number, takes);
      for (let next = done.get(taken); next; next = done.get(taken)) {
        done.delete(taken++);
        for (const one of next) one();
      }
    }
  };
  // One more than can run, so that a worker need not wait until files are read.
  await Promise.all(Array.from({ length: Math.max(1, jobs) + 1 }, work));
}

function pull<T>(rest: Iterator<T>, max: number): T[] {
  const pulled: T[] = [];
  while (pulled.length < max) {
    const { done, value } = rest.next();
    if (done) break;
    pulled.push(value);
  }
  return pulled;
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

async function inspectChunk(inspector: Inspector, entries: readonly Inspectable[]): Promise<readonly Inspected[]> {
  const plain = entries.map(({ schedule, numbers }) => ({ schedule, numbers }));
  try {
    const result = await inspector.run({ type: 'inspect', id: inspector.nextId(), entries: plain });
    if (result.type !== 'inspect') throw new Error(`a worker answered ${result.type} to inspect`);
    inspector.observed?.(result.observed);
    return result.inspected;
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    const [only] = entries;
    if (only === undefined) throw new HeddleError('HDL_USAGE', 'nothing to inspect');
    if (entries.length === 1) {
      inspector.lost?.(error, only.schedule);
      return [{ reason: error.casualty.reason, discovery: null, sightings: [], dropped: 0 }];
    }
    const all: Inspected[] = [];
    for (const entry of entries) all.push(...(await inspectChunk(inspector, [entry])));
    return all;
  }
}
