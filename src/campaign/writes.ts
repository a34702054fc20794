/**
 * What a campaign writes into its folder, in the order in which it was asked for. New files are flushed to the disk many at a time while the
 * campaign goes on; each is in place before a later line of the journal names it. A write that fails is told once and tried again later, and
 * what comes after it waits.
 */
import { type NewFile, StagedFile } from '../corpus/atomic.js';
import { SimulatedCrash } from '../corpus/disk.js';
import { HeddleError } from '../errors.js';
import type { Journal, JournalLine } from './journal.js';

/** Files that are flushed at once, about: each has a descriptor until then. */
const GROUP_FILES = 128;

interface FilesJob {
  readonly type: 'files';
  /** Asked when they are written. */
  readonly make: () => readonly NewFile[];
  staged: readonly StagedFile[] | null;
}
interface LineJob {
  readonly type: 'line';
  readonly line: JournalLine;
  /** The disk must have it. */
  readonly durable: boolean;
}
interface OtherJob {
  readonly type: 'other';
  readonly write: () => void;
}

export class Writes {
  private queue: (FilesJob | LineJob | OtherJob)[] = [];
  private running: Promise<void> | null = null;
  /** Something waits that has failed, or the last write did that nothing waits for. */
  private isTroubled = false;
  /** In this round. */
  private hasFailed = false;
  private isDead = false;

  /** `fail` is told what is no matter of the disk; nothing is written after that. */
  constructor(
    private readonly journal: Journal,
    private readonly warn: (message: string) => void,
    private readonly fail: (error: unknown) => void,
  ) {}

  /** What has not succeeded so far. */
  get left(): number {
    return this.queue.length;
  }
  get isFailing(): boolean {
    return this.isTroubled;
  }

  /** Files, in place in this order and before what is written later. */
  files(make: () => readonly NewFile[]): void {
    this.queue.push({ type: 'files', make, staged: null });
    if (!this.isTroubled) this.start();
  }

  /** A line of the journal. Without anything before it, it is written at once. */
  line(line: JournalLine, durable: boolean): void {
    this.add({ type: 'line', line, durable });
  }

  /** Anything else. */
  other(write: () => void): void {
    this.add({ type: 'other', write });
  }

  /** What failed is tried again. */
  start(): void {
    if (this.queue.length === 0 || this.isDead) return;
    this.running ??= this.work().catch((error) => {
      this.isDead = true;
      this.fail(error);
    });
  }

  /** Waits until everything is written, or has failed once more. */
  async settle(): Promise<void> {
    await this.running;
    this.start();
    await this.running;
  }

  /** Answers whether it succeeded. Its failure is told, unless the one before it was. */
  try(write: () => void): boolean {
    try {
      write();
      if (this.queue.length === 0) this.isTroubled = false;
      return true;
    } catch (error) {
      this.trouble(error);
      return false;
    }
  }

  private trouble(error: unknown): void {
    if (error instanceof SimulatedCrash || !isOfTheDisk(error)) throw error;
    if (!this.isTroubled) this.warn(`${(error as Error).message}; it will be tried again`);
    this.isTroubled = this.hasFailed = true;
  }

  private add(job: LineJob | OtherJob): void {
    if (this.queue.length === 0 && this.run([job]) === 1) return;
    this.queue.push(job);
  }

  private async work(): Promise<void> {
    // Not at once: what is asked for together is flushed together.
    await null;
    try {
      while (this.queue.length > 0) {
        this.hasFailed = false;
        const staged = this.stage();
        const placed = this.place(await this.flush(staged));
        const done = this.run(this.queue.slice(0, placed));
        this.queue = this.queue.slice(done);
        if (this.hasFailed) return;
      }
      this.isTroubled = false;
    } finally {
      this.running = null;
    }
  }

  /** Writes files under temporary names. Answers how many of the first jobs can go on. */
  private stage(): number {
    let files = 0;
    for (const [i, job] of this.queue.entries()) {
      if (job.type !== 'files') continue;
      if (files >= GROUP_FILES || (!job.staged && !this.try(() => stageAll(job)))) return i;
      files += job.staged?.length ?? 0;
    }
    return this.queue.length;
  }

  /** Of the first n jobs, how many have files that the disk has. */
  private async flush(n: number): Promise<number> {
    const jobs = this.queue.slice(0, n);
    const results = await Promise.allSettled(jobs.map((job) => (job.type === 'files' ? flushAll(job) : null)));
    let flushed = n;
    for (const [i, result] of results.entries()) {
      const job = jobs[i];
      if (result.status === 'fulfilled' || job?.type !== 'files') continue;
      this.trouble(result.reason);
      discard(job);
      flushed = Math.min(flushed, i);
    }
    return flushed;
  }

  private place(n: number): number {
    const failed = this.queue.slice(0, n).findIndex((job) => {
      if (job.type !== 'files') return false;
      if (this.try(() => placeAll(job))) return false;
      discard(job);
      return true;
    });
    return failed < 0 ? n : failed;
  }

  /** Jobs whose files are in place. Lines that follow one another are one write. Answers how many are done. */
  private run(jobs: readonly (FilesJob | LineJob | OtherJob)[]): number {
    let lines: LineJob[] = [];
    let done = 0;
    const writeLines = (): boolean => {
      const some = lines;
      lines = [];
      return some.length === 0 || this.try(() => this.append(some));
    };
    for (const [i, job] of jobs.entries()) {
      if (job.type === 'line') lines.push(job);
      if (job.type !== 'other') continue;
      if (!writeLines()) return done;
      done = i;
      if (!this.try(job.write)) return done;
      done = i + 1;
    }
    return writeLines() ? jobs.length : done;
  }

  private append(lines: readonly LineJob[]): void {
    const durable = lines.some((job) => job.durable);
    this.journal.append(
      lines.map(({ line }) => line),
      durable,
    );
  }
}

function stageAll(job: FilesJob): void {
  const staged: StagedFile[] = [];
  job.staged = staged;
  try {
    for (const file of job.make()) staged.push(StagedFile.write(file));
  } catch (error) {
    discard(job);
    throw error;
  }
}

/** Fulfilled or not, none of them is being flushed any more. */
async function flushAll({ staged }: FilesJob): Promise<void> {
  for (const result of await Promise.allSettled((staged ?? []).map((file) => file.flush()))) {
    if (result.status === 'rejected') throw result.reason;
  }
}

function placeAll({ staged }: FilesJob): void {
  for (const file of staged ?? []) file.place();
}

/** All of its files are written anew. */
function discard(job: FilesJob): void {
  for (const file of job.staged ?? []) file.discard();
  job.staged = null;
}

function isOfTheDisk(error: unknown): boolean {
  return error instanceof HeddleError ? error.code === 'HDL_IO' : (error as NodeJS.ErrnoException).code !== undefined;
}
