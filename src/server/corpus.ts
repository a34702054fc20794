/** The corpus of a campaign's folder: a list from the names of its files and the journal, and one entry decoded. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { type JournalLine, readJournal } from '../campaign/journal.js';
import { readEntryFile } from '../corpus/read-entry.js';
import { CorpusStore } from '../corpus/store.js';
import { formatSchedule } from '../schedule/text.js';
import type { CorpusPage, CorpusRow, EntryView } from './api.js';
import { UnreadableError } from './findings.js';
import { Memo } from './memo.js';
import { FINDING_BYTES_MAX, fingerprint, plainFile, plainFolder } from './untrusted.js';

/** What names of entries look like; nothing else is ever joined to a path. */
export const ENTRY_ID = /^[0-9a-f]{16}$/;
/** Rows of one answer. */
export const ROWS_MAX = 200;

const Sidecar = v.object({ state: v.string(), model: v.string(), features: v.array(v.number()) });

export interface CorpusQuery {
  readonly offset: number;
  readonly limit: number;
  /** Beginning of an id, or part of an origin's name; empty: all. */
  readonly filter: string;
}

export class CorpusReader {
  private readonly journals = new Memo<ReadonlyMap<string, CorpusRow>>();

  /** Newest first; those that the journal does not know last. @throws HeddleError HDL_IO if the folder is not as it should be. */
  page(dir: string, { offset, limit, filter }: CorpusQuery): CorpusPage {
    const told = this.told(dir);
    const ids = plainFolder(join(dir, 'corpus')) ? filesOf(dir) : [];
    const rows = ids
      .map((id) => told.get(id) ?? unknownRow(id))
      .filter(({ id, origin }) => id.startsWith(filter) || (origin?.includes(filter) ?? false))
      .sort((a, b) => (b.at ?? 0) - (a.at ?? 0) || a.id.localeCompare(b.id));
    return { total: rows.length, offset, rows: rows.slice(offset, offset + Math.min(limit, ROWS_MAX)) };
  }

  /** Where the entry's schedule is; null: there is none of this id. */
  file(dir: string, id: string): string | null {
    if (!ENTRY_ID.test(id)) return null;
    const folder = join(dir, 'corpus', id.slice(0, 2));
    if (!plainFolder(join(dir, 'corpus')) || !plainFolder(folder)) return null;
    const file = join(folder, `${id}.sched`);
    return plainFile(file) ? file : null;
  }

  /** null: there is none of this id. @throws UnreadableError if it is damaged. */
  entry(dir: string, id: string, command: (file: string) => string): EntryView | null {
    const file = this.file(dir, id);
    if (file === null) return null;
    const { schedule, reason } = readEntryFile(file, true);
    if (schedule === null) throw new UnreadableError(`${file}: ${reason}`);
    const sidecar = sidecarOf(file);
    return {
      ...(this.told(dir).get(id) ?? unknownRow(id)),
      scene: schedule.scene,
      events: schedule.events.map(({ event, args }) => (args.length > 0 ? `${event}(${args.join(', ')})` : event)),
      deviations: schedule.deviations.length,
      choices: schedule.choices.length,
      schedule: formatSchedule(schedule),
      sidecar: sidecar && { state: sidecar.state, model: sidecar.model },
      features: sidecar?.features.length ?? null,
      command: command(file),
    };
  }

  private told(dir: string): ReadonlyMap<string, CorpusRow> {
    const file = join(dir, 'journal.ndjson');
    return this.journals.of(file, fingerprint(file), () => {
      const lines = plainFile(file) ? readJournal(file).lines : [];
      return new Map(lines.flatMap((line) => rowOf(line)));
    });
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const amount = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function rowOf(line: JournalLine): [string, CorpusRow][] {
  if (line.type !== 'entry') return [];
  // A line with the right checksum can still say anything.
  const { id, at, origin, parent, fresh } = line;
  const row = { id, at: amount(at), origin: text(origin), parent: text(parent), fresh: amount(fresh) };
  return [[id, row]];
}

function unknownRow(id: string): CorpusRow {
  return { id, at: null, origin: null, parent: null, fresh: null };
}

function filesOf(dir: string): string[] {
  const names = new CorpusStore(join(dir, 'corpus')).files().map((file) => basename(file, '.sched'));
  return names.filter((name) => ENTRY_ID.test(name));
}

function sidecarOf(schedule: string): v.InferOutput<typeof Sidecar> | null {
  const file = schedule.replace(/\.sched$/, '.json');
  try {
    if (!plainFile(file, FINDING_BYTES_MAX)) return null;
    const parsed = v.safeParse(Sidecar, JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
