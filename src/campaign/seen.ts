/**
 * When each finding of a campaign's folder was first and last reported, in all runs: `seen.json`, apart from the findings, which have no
 * clocks. Keys are names of folders below `findings/`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { writeFileAtomic } from '../corpus/atomic.js';
import { refuseSpecial } from '../regular-file.js';

const SCHEMA = 'heddle.seen/1';
/** What a date can hold. */
const Moment = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15));
const Seen = v.object({
  /** Milliseconds since 1970. */
  first: Moment,
  /** When it was last noticed: it may have shown since, see `reports`. */
  last: Moment,
  /** Runs of the campaign in which it was reported. */
  runs: v.number(),
  /** Reports of workers. A worker reports a finding that is known once in 64 batches, not each time that it runs into it. */
  reports: v.number(),
});
export type Seen = v.InferOutput<typeof Seen>;
const File = v.object({ schema: v.literal(SCHEMA), findings: v.record(v.string(), Seen) });

export function seenFile(dir: string): string {
  return join(dir, 'seen.json');
}

export class SeenFindings {
  private readonly findings: Map<string, Seen>;
  private readonly thisRun = new Set<string>();
  private isChanged = false;

  constructor(private readonly path: string) {
    this.findings = new Map(Object.entries(readSeen(path)));
  }

  /** `at`: milliseconds since 1970; a clock that jumps back makes nothing younger. */
  see(id: string, at: number): void {
    const { first, last, runs, reports } = this.findings.get(id) ?? { first: at, last: at, runs: 0, reports: 0 };
    this.findings.set(id, {
      first: Math.min(first, at),
      last: Math.max(last, at),
      runs: runs + (this.thisRun.has(id) ? 0 : 1),
      reports: reports + 1,
    });
    this.thisRun.add(id);
    this.isChanged = true;
  }

  /** Writes what has changed. @throws HeddleError HDL_IO */
  write(): void {
    if (!this.isChanged) return;
    const ids = [...this.findings.keys()].sort();
    const findings = Object.fromEntries(ids.map((id) => [id, this.findings.get(id)]));
    writeFileAtomic(this.path, `${JSON.stringify({ schema: SCHEMA, findings }, null, 2)}\n`);
    this.isChanged = false;
  }
}

/** By folder's name; nothing if the file is missing or unreadable. @throws HeddleError HDL_IO if it is a pipe or the like. */
export function readSeen(path: string): Readonly<Record<string, Seen>> {
  refuseSpecial(path);
  try {
    const parsed = v.safeParse(File, JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.output.findings : {};
  } catch {
    return {};
  }
}
