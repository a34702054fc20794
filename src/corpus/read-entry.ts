/** Reads a schedule file that may be anything: a size limit first, then text, then grammar. What it is worth, an execution tells. */
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { HeddleError } from '../errors.js';
import { LIMITS, type Schedule } from '../schedule/schedule.js';
import { formatChecked, formatSchedule, parseSchedule } from '../schedule/text.js';

/** First 16 hex digits of the SHA-256 of the canonical text. */
export function scheduleId(schedule: Schedule): string {
  return idOfText(formatSchedule(schedule));
}

/** The same of the canonical text. */
export function idOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

export type EntryFile =
  | { readonly id: string; readonly schedule: Schedule; readonly reason: null }
  | { readonly id: null; readonly schedule: null; readonly reason: string };

/** `named`: the file must have the name of its content, as files of a corpus have. Never throws for what a file contains. */
export function readEntryFile(path: string, named: boolean): EntryFile {
  const refused = (reason: string): EntryFile => ({ id: null, schedule: null, reason });
  try {
    const stat = lstatSync(path);
    if (!stat.isFile()) return refused('not a regular file');
    if (stat.size > LIMITS.textBytes) return refused(`${stat.size} bytes; a schedule has at most ${LIMITS.textBytes}`);
    return parseEntry(readFileSync(path), path, named ? basename(path, '.sched') : null);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return refused((error as Error).message);
  }
}

/** The same for bytes that came otherwise. `name`: null, or the id that they must have. */
export function parseEntry(bytes: Uint8Array, origin: string, name: string | null): EntryFile {
  const refused = (reason: string): EntryFile => ({ id: null, schedule: null, reason });
  if (bytes.length > LIMITS.textBytes)
    return refused(`${bytes.length} bytes; a schedule has at most ${LIMITS.textBytes}`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refused('not UTF-8 text');
  }
  try {
    const schedule = parseSchedule(text, origin);
    const id = idOfText(formatChecked(schedule));
    if (name !== null && name !== id)
      return refused(`its content has the id ${id}: it was changed, or is not canonical`);
    return { id, schedule, reason: null };
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    return refused(error.diagnostics[0]?.message ?? error.message);
  }
}
