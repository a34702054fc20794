/**
 * The calling thread as a campaign's only worker: for trials that are shorter than the start of a thread. Nobody can replace it when a model
 * hangs, and native recursion of a model needs the stack of `resourceLimits` in pool.ts.
 */
import { setImmediate } from 'node:timers/promises';
import { now } from '../clock.js';
import { answer } from '../worker/answer.js';
import { BatchRunner } from '../worker/batch.js';
import type { Request, Result, WorkerSetup } from '../worker/protocol.js';
import type { Workers } from './pool.js';

export class OwnThread implements Workers {
  private readonly runner: BatchRunner;

  constructor(private readonly setup: WorkerSetup) {
    this.runner = new BatchRunner(setup, now, 0);
  }

  async run(request: Request): Promise<Result> {
    await setImmediate(); // time limits and signals get their turn
    return answer(this.runner, this.setup, request);
  }

  async close(): Promise<void> {}
}
