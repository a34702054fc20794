/** The workers: Piscina, with a watchdog that replaces a thread which does not answer and saves what it was running. */
import { Piscina } from 'piscina';
import { compiledFile } from '../compiled-file.js';
import type { Declarations } from '../executor/declarations.js';
import { CONTROL, MEMORY } from '../executor/layout.js';
import { MemoryView } from '../executor/memory-view.js';
import { readRecorded } from '../executor/result.js';
import type { HotSchedule } from '../schedule/schedule.js';
import type { Announcement, Request, Result, WorkerSetup } from '../worker/protocol.js';
import { Turns } from './turns.js';

/** A worker was replaced: why, and the schedule it was in the middle of (null if it had not begun). */
export interface Casualty {
  readonly reason: string;
  readonly scene: string;
  readonly schedule: HotSchedule | null;
}

/** How often a worker is looked at before it counts as one that does not answer. */
const LOOKS = 4;

export class WorkerLost extends Error {
  constructor(readonly casualty: Casualty) {
    super(casualty.reason);
    this.name = 'WorkerLost';
  }
}

/** Whatever does a campaign's work. */
export interface Workers {
  run(request: Request): Promise<Result>;
  close(): Promise<void>;
}

export class WorkerPool implements Workers {
  private readonly piscina: Piscina;
  private readonly running = new Map<number, Announcement>();
  /** The watch over a request begins when a worker is free for it: however many wait, none of them has begun. */
  private readonly turns: Turns;
  private closed = false;

  constructor(
    jobs: number,
    setup: WorkerSetup,
    private readonly declarations: Declarations,
    private readonly hangMs: number,
    heapMb?: number,
  ) {
    this.turns = new Turns(jobs);
    this.piscina = new Piscina({
      filename: compiledFile('worker/entry.js'),
      workerData: setup,
      minThreads: jobs,
      maxThreads: jobs,
      idleTimeout: Number.POSITIVE_INFINITY,
      // Deep recursion of a model is a finding long before this; lazily run tasks lie on one native stack.
      resourceLimits: { stackSizeMb: 8, ...(heapMb === undefined ? {} : { maxOldGenerationSizeMb: heapMb }) },
      atomics: 'disabled',
    });
    this.piscina.on('message', (message: Announcement) => {
      if (message?.type === 'announce') this.running.set(message.id, message);
    });
    // Piscina repeats here what the rejected task says already.
    this.piscina.on('error', () => {});
  }

  /** Runs one request when a worker is free. @throws WorkerLost if the worker hung or died; it is replaced. */
  async run(request: Request): Promise<Result> {
    await this.turns.begin();
    try {
      if (this.closed) throw new WorkerLost({ reason: 'the workers were closed', scene: '', schedule: null });
      return await this.watch(request);
    } finally {
      this.turns.done();
    }
  }

  private async watch(request: Request): Promise<Result> {
    const controller = new AbortController();
    let progress = this.progressOf(request.id);
    let quiet = 0;
    const timer = setInterval(() => {
      const now = this.progressOf(request.id);
      quiet = now === progress ? quiet + 1 : 0;
      progress = now;
      if (quiet === LOOKS) controller.abort();
    }, this.hangMs / LOOKS);
    try {
      return (await this.piscina.run(request, { signal: controller.signal })) as Result;
    } catch (error) {
      const why = controller.signal.aborted
        ? `a worker did not answer for ${this.hangMs} ms`
        : `a worker died: ${(error as Error).message}`;
      throw new WorkerLost(this.autopsy(request.id, why));
    } finally {
      clearInterval(timer);
      this.running.delete(request.id);
    }
  }

  /** Which executor works on a request and how many executions it has ended: one that goes on is no worker that hangs. */
  private progressOf(id: number): string {
    const announced = this.running.get(id);
    if (!announced) return '';
    const executions = new MemoryView(announced.memory).u64(MEMORY.CONTROL + CONTROL.executions);
    return `${announced.scene} ${executions}`;
  }

  /** The lost worker's memory is shared, so what it was running can still be read. */
  private autopsy(id: number, reason: string): Casualty {
    const announced = this.running.get(id);
    if (!announced) return { reason, scene: '', schedule: null };
    const view = new MemoryView(announced.memory);
    return { reason, scene: announced.scene, schedule: readRecorded(view, this.declarations) };
  }

  /** What is under way or waits is lost. */
  async close(): Promise<void> {
    this.closed = true;
    await this.piscina.destroy();
  }
}
