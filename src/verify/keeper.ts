/** When a search writes its checkpoint, so that one that is killed has something to go on from; and what happens when it cannot. */
import { now } from '../clock.js';
import { HeddleError } from '../errors.js';
import { type Checkpoint, removeCheckpoint, saveCheckpoint } from './checkpoint.js';
import type { VerifyOptions } from './types.js';

/** Milliseconds before the first one, and at least between two. */
const EVERY_MS = 10_000;
/** Writing takes at most one part in so many of the time. */
const COST_PART = 20;

export class Keeper {
  private next: number;
  private readonly everyMs: number;
  private failed = false;

  constructor(
    private readonly file: string,
    private readonly options: VerifyOptions,
  ) {
    this.everyMs = options.checkpoint?.everyMs ?? EVERY_MS;
    this.next = now() + this.everyMs;
  }

  get isDue(): boolean {
    return now() >= this.next;
  }

  /** After something that took since `begin`: not again before it is a small part of the time. */
  rest(begin: number): void {
    this.next = now() + Math.max(this.everyMs, COST_PART * (now() - begin));
  }

  /** Writes a checkpoint in place of the last one. False: it could not be written; that is told once, and the search goes on. */
  save(checkpoint: Checkpoint): boolean {
    try {
      saveCheckpoint(this.file, this.options, checkpoint);
      this.failed = false;
      return true;
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error;
      if (!this.failed) this.options.checkpoint?.warn?.(`no checkpoint is kept: ${error.message}`);
      this.failed = true;
      return false;
    }
  }

  remove(): void {
    try {
      removeCheckpoint(this.file);
    } catch (error) {
      this.options.checkpoint?.warn?.(`the checkpoint ${this.file} stays: ${(error as Error).message}`);
    }
  }
}
