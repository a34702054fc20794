/** The corpus on disk: one text schedule a file, named by its content hash, with a sidecar. Safe for many processes on one folder. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Schedule } from '../schedule/schedule.js';
import { formatSchedule } from '../schedule/text.js';
import { type NewFile, writeFileAtomic } from './atomic.js';
import { disk } from './disk.js';
import { idOfText, readEntryFile } from './read-entry.js';

const Sidecar = v.object({
  schema: v.literal('heddle.corpus-entry/1'),
  /** Content hash of the entry it was made from, or empty. */
  parent: v.string(),
  /** Strategy or operator that made it. */
  origin: v.string(),
  /** Build hash of the model; features mean something only within it. */
  model: v.string(),
  /** Those that nothing had reached before; all of its run where a command, not a campaign, has written it. */
  features: v.array(v.number()),
  /** State hash at the end of its run, hex. */
  state: v.string(),
  /** Of its decisions in that build, in the order of the file (executor/numbered.ts). Corpora of earlier versions have none. */
  numbers: v.optional(v.array(v.number())),
});
export type Sidecar = v.InferOutput<typeof Sidecar>;
export type NewSidecar = Omit<Sidecar, 'schema'>;

/** The numbers of an entry's decisions, if its sidecar says that they are those of this build of the model. */
export function numbersFor(model: string, { sidecar }: Pick<StoredEntry, 'sidecar'>): readonly number[] | null {
  return sidecar?.model === model ? (sidecar.numbers ?? null) : null;
}

export interface StoredEntry {
  readonly id: string;
  readonly path: string;
  readonly schedule: Schedule;
  /** null: missing or unreadable; the schedule counts all the same. */
  readonly sidecar: Sidecar | null;
}

export { scheduleId } from './read-entry.js';

export class CorpusStore {
  constructor(readonly dir: string) {}

  private base(id: string): string {
    return join(this.dir, id.slice(0, 2), id);
  }

  /** Adds an entry; answers its id. Writing the same entry twice changes nothing. */
  add(schedule: Schedule, sidecar: NewSidecar): string {
    const text = formatSchedule(schedule);
    const id = idOfText(text);
    for (const { path, content } of this.filesOf(id, text, sidecar)) writeFileAtomic(path, content);
    return id;
  }

  /** What `add` has to write, in this order, for the entry with this text: nothing if it is there. */
  filesOf(id: string, text: string, sidecar: NewSidecar): NewFile[] {
    const path = `${this.base(id)}.sched`;
    return existsSync(path) ? [] : [this.sidecarFile(id, sidecar), { path, content: text }];
  }

  /** Writes the sidecar of an entry anew. */
  annotate(id: string, sidecar: NewSidecar): void {
    const { path, content } = this.sidecarFile(id, sidecar);
    writeFileAtomic(path, content);
  }

  private sidecarFile(id: string, sidecar: NewSidecar): NewFile {
    const side: Sidecar = { schema: 'heddle.corpus-entry/1', ...sidecar };
    return { path: `${this.base(id)}.json`, content: `${JSON.stringify(side)}\n` };
  }

  /** Paths of all schedule files, sorted. */
  files(): string[] {
    return list(this.dir).flatMap((folder) =>
      list(join(this.dir, folder)).flatMap((file) => (file.endsWith('.sched') ? [join(this.dir, folder, file)] : [])),
    );
  }

  /** Removes an entry; one that is not there is no error. */
  remove(id: string): void {
    // The schedule is what counts: without it the sidecar is nothing.
    disk.remove(`${this.base(id)}.sched`);
    disk.remove(`${this.base(id)}.json`);
  }

  /** All entries, sorted by id. What cannot be read is told to `refuse` and left where it is. */
  load(refuse: (file: string, reason: string) => void): StoredEntry[] {
    return [...this.read(refuse)];
  }

  /** The same, each read when it is asked for: a corpus of weeks is larger in memory than on disk. */
  *read(refuse: (file: string, reason: string) => void): Generator<StoredEntry> {
    for (const path of this.files()) {
      const { id, schedule, reason } = readEntryFile(path, true);
      if (id === null) refuse(path, reason);
      else yield { id, path, schedule, sidecar: readSidecar(path.replace(/\.sched$/, '.json')) };
    }
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
