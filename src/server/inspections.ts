/**
 * What needs a run of the model: explanations, and the data of the viewer. A thread a question, so that nothing that a folder makes it run can
 * hold up or break the server; one at a time; answers are kept.
 */
import { Worker } from 'node:worker_threads';
import { HeddleError } from '../errors.js';
import type { ViewerData } from '../explain/viewer-data.js';
import type { ExplanationView } from './api.js';

export interface InspectionRequest {
  readonly kind: 'finding' | 'entry';
  /** A finding's `finding.json`, or the file of a schedule. */
  readonly path: string;
}

/** Of a finding; of an entry there is only the viewer's data. */
export interface InspectedFinding {
  readonly explanation: ExplanationView;
  readonly viewer: ViewerData;
}

/** What the thread says: once, then it ends. */
export type InspectionAnswer =
  | { readonly ok: true; readonly value: InspectedFinding | ViewerData }
  | { readonly ok: false; readonly error: string; readonly hint: string | undefined };

/** Building a large model takes half a minute where it is not in the cache. */
const TIME_MS = 180_000;
const WAITING_MAX = 16;
const KEPT_MAX = 64;
const HEAP_MB = 1024;

/** Too much is asked at once. */
export class BusyError extends Error {}
/** It took too long and was ended. */
export class TimeError extends Error {}

export class Inspections {
  private readonly kept = new Map<string, { readonly print: string; readonly answer: Promise<unknown> }>();
  private readonly threads = new Set<Worker>();
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private isClosed = false;

  /** `entry`: the script of the thread; it answers with one `InspectionAnswer`. */
  constructor(
    private readonly entry: URL,
    private readonly timeMs = TIME_MS,
  ) {}

  /**
   * `print` changes when the file does. @throws HeddleError what the model or the schedule makes impossible, BusyError, TimeError.
   */
  ask(request: InspectionRequest, print: string): Promise<unknown> {
    const key = `${request.kind} ${request.path}`;
    const kept = this.kept.get(key);
    if (kept?.print === print) return kept.answer;
    if (this.waiting >= WAITING_MAX)
      return Promise.reject(new BusyError('too many runs of models are asked for at once'));
    const answer = this.inTurn(() => this.run(request));
    this.kept.delete(key);
    this.kept.set(key, { print, answer });
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= KEPT_MAX) break;
      this.kept.delete(oldest);
    }
    // What failed may succeed later: the model's file was mended, the machine was busy.
    answer.catch(() => {
      if (this.kept.get(key)?.answer === answer) this.kept.delete(key);
    });
    return answer;
  }

  /** Ends what runs. */
  close(): void {
    this.isClosed = true;
    for (const thread of this.threads) void thread.terminate();
  }

  private inTurn(work: () => Promise<unknown>): Promise<unknown> {
    this.waiting += 1;
    const answer = this.last.then(work).finally(() => {
      this.waiting -= 1;
    });
    this.last = answer.catch(() => {});
    return answer;
  }

  private run(request: InspectionRequest): Promise<unknown> {
    if (this.isClosed) return Promise.reject(new BusyError('the server is closing'));
    const limits = { maxOldGenerationSizeMb: HEAP_MB };
    const thread = new Worker(this.entry, { workerData: request, resourceLimits: limits, stdout: true, stderr: true });
    this.threads.add(thread);
    return new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new TimeError(`it took longer than ${Math.round(this.timeMs / 1000)} s`));
        void thread.terminate();
      }, this.timeMs);
      thread.once('message', (answer: InspectionAnswer) => {
        if (answer.ok) resolve(answer.value);
        else reject(new HeddleError('HDL_SCHEDULE_MODEL', answer.error, answer.hint ? { hint: answer.hint } : {}));
      });
      thread.once('error', (error) =>
        reject(new HeddleError('HDL_SCHEDULE_MODEL', `its run failed: ${error.message}`)),
      );
      thread.once('exit', () => {
        clearTimeout(timer);
        this.threads.delete(thread);
        reject(new BusyError('the run was ended'));
      });
    });
  }
}
