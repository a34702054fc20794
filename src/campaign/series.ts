/** The time series of a campaign folder: a bounded number of samples, however long it runs. When full, every second one goes. */
import { writeFileAtomic } from '../corpus/atomic.js';
import { readRegular } from '../regular-file.js';
import type { CampaignStatus } from './types.js';

/** Samples that are kept at most; about 150 bytes each. */
export const SAMPLES_MAX = 1024;
const FIRST_INTERVAL_MS = 1_000;
/** Between two writes of the file. */
const WRITE_MS = 10_000;

/** `rss`: bytes of memory of the whole process. Times are of the run that took the sample. */
export type Sample = Pick<
  CampaignStatus,
  'elapsedMs' | 'executions' | 'executionsPerSecondNow' | 'corpus' | 'features' | 'states' | 'findings'
> & { readonly at: number; readonly rss: number };

export class Series {
  private samples: Sample[];
  private interval = FIRST_INTERVAL_MS;
  private nextSample = 0;
  private nextWrite = 0;

  constructor(private readonly path: string) {
    this.samples = readSeries(path).slice(-SAMPLES_MAX);
  }

  /** Takes a sample if it is time. @throws HeddleError HDL_IO if it was time to write, and that failed. */
  add(status: CampaignStatus, at: number, rss: number): void {
    if (status.elapsedMs < this.nextSample) return;
    this.nextSample = status.elapsedMs + this.interval;
    const { elapsedMs, executions, executionsPerSecondNow, corpus, features, states, findings } = status;
    this.samples.push({ at, elapsedMs, executions, executionsPerSecondNow, corpus, features, states, findings, rss });
    if (this.samples.length > SAMPLES_MAX) {
      this.samples = this.samples.filter((_, i) => i % 2 === 0);
      this.interval *= 2;
    }
    if (elapsedMs < this.nextWrite) return;
    this.nextWrite = elapsedMs + WRITE_MS;
    this.write();
  }

  write(): void {
    writeFileAtomic(this.path, this.samples.map((sample) => `${JSON.stringify(sample)}\n`).join(''));
  }
}

/** What cannot be read is left out. */
export function readSeries(path: string): Sample[] {
  return (readRegular(path) ?? '').split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as Sample];
    } catch {
      return [];
    }
  });
}
