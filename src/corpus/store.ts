/** The corpus on disk: one text schedule a file, named by its content hash, with a sidecar. Safe for many processes on one folder. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { HeddleError } from '../errors.js';
import type { Schedule } from '../schedule/schedule.js';
import { formatSchedule, parseSchedule } from '../schedule/text.js';
import { writeFileAtomic } from './atomic.js';

const Sidecar = v.object({
  schema: v.literal('heddle.corpus-entry/1'),
  /** Content hash of the entry it was made from, or empty. */
  parent: v.string(),
  /** Strategy or operator that made it. */
  origin: v.string(),
  /** Build hash of the model; features mean something only within it. */
  model: v.string(),
  features: v.array(v.number()),
  /** State hash at the end of its run, hex. */
  state: v.string(),
});
export type Sidecar = v.InferOutput<typeof Sidecar>;

export interface StoredEntry {
  readonly id: string;
  readonly schedule: Schedule;
  /** null: missing or unreadable; the schedule counts all the same. */
  readonly sidecar: Sidecar | null;
}

/** First 16 hex digits of the SHA-256 of the canonical text. */
export function scheduleId(schedule: Schedule): string {
  return createHash('sha256').update(formatSchedule(schedule)).digest('hex').slice(0, 16);
}

export class CorpusStore {
  constructor(readonly dir: string) {}

  private base(id: string): string {
    return join(this.dir, id.slice(0, 2), id);
  }

  /** Adds an entry; answers its id. Writing the same entry twice changes nothing. */
  add(schedule: Schedule, sidecar: Omit<Sidecar, 'schema'>): string {
    const text = formatSchedule(schedule);
    const id = scheduleId(schedule);
    if (!existsSync(`${this.base(id)}.sched`)) {
      const side: Sidecar = { schema: 'heddle.corpus-entry/1', ...sidecar };
      writeFileAtomic(`${this.base(id)}.json`, `${JSON.stringify(side)}\n`);
      writeFileAtomic(`${this.base(id)}.sched`, text);
    }
    return id;
  }

  /** All entries, sorted by id. What cannot be read is told to `refuse` and left where it is. */
  load(refuse: (file: string, reason: string) => void): StoredEntry[] {
    const entries: StoredEntry[] = [];
    for (const folder of list(this.dir)) {
      for (const file of list(join(this.dir, folder))) {
        if (!file.endsWith('.sched')) continue;
        const path = join(this.dir, folder, file);
        try {
          const schedule = parseSchedule(readFileSync(path, 'utf8'), path);
          entries.push({ id: file.slice(0, -6), schedule, sidecar: readSidecar(path.replace(/\.sched$/, '.json')) });
        } catch (error) {
          if (!(error instanceof HeddleError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
          refuse(path, (error as Error).message);
        }
      }
    }
    return entries;
  }
}

function list(dir: string): string[] {
  try {
    return readdirSync(dir).sort();
  } catch {
    return [];
  }
}

function readSidecar(path: string): Sidecar | null {
  try {
    const parsed = v.safeParse(Sidecar, JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
