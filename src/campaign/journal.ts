/**
 * The journal of a campaign folder: what happened, one JSON object a line, only ever appended to. Each line carries the CRC-32 of the rest of
 * it, so a line that was torn by a crash or a full disk is told from a whole one and passed over.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { disk } from '../corpus/disk.js';
import { noRegularFile, readRegular } from '../regular-file.js';

/** docs/campaigns.md has the fields of each. */
export type JournalEvent =
  | {
      readonly type: 'begin';
      readonly model: string;
      readonly design: string;
      readonly scene: string | null;
      readonly seed: string;
    }
  | { readonly type: 'resume'; readonly entries: number; readonly features: number; readonly refused: number }
  | {
      readonly type: 'entry';
      readonly id: string;
      readonly parent: string;
      readonly origin: string;
      readonly fresh: number;
    }
  | { readonly type: 'finding'; readonly id: string; readonly title: string }
  | {
      readonly type: 'searched';
      readonly scene: string;
      readonly exhausted: boolean;
      readonly states: number;
      readonly transitions: number;
      readonly reason: string;
    }
  | { readonly type: 'quarantine'; readonly file: string; readonly reason: string }
  | {
      readonly type: 'checkpoint';
      readonly executions: number;
      readonly features: number;
      readonly corpus: number;
      readonly findings: number;
    }
  | { readonly type: 'end'; readonly reason: string; readonly executions: number };

/** As it stands in the file. `at`: milliseconds since 1970. */
export type JournalLine = JournalEvent & { readonly at: number };

export class Journal {
  /** The last append may have left half a line. */
  private isTorn: boolean;

  constructor(readonly path: string) {
    this.isTorn = !endsInNewline(path);
  }

  /** Appends lines; `durable` waits until the disk has them. @throws what the disk says; the next append begins a new line then. */
  append(events: readonly JournalLine[], durable = false): void {
    const line = events.map(lineOf).join('');
    disk.mkdir(dirname(this.path));
    const fd = disk.open(this.path, 'a');
    try {
      const bytes = Buffer.from(this.isTorn ? `\n${line}` : line);
      this.isTorn = true;
      disk.write(fd, bytes, this.path);
      this.isTorn = false;
      if (durable) disk.sync(fd, this.path);
    } finally {
      disk.close(fd);
    }
  }
}

function lineOf({ at, ...event }: JournalLine): string {
  const body = JSON.stringify({ at, ...event });
  return `{"crc":"${checksum(body)}",${body.slice(1)}\n`;
}

export interface ReadJournal {
  readonly lines: readonly JournalLine[];
  /** Lines that are not whole: torn by a crash, or edited. */
  readonly torn: number;
}

/** Whole lines in order. A missing file has none. @throws HeddleError HDL_IO if it is no file. */
export function readJournal(path: string): ReadJournal {
  const lines: JournalLine[] = [];
  let torn = 0;
  for (const text of (readRegular(path) ?? '').split('\n')) {
    if (text === '') continue;
    const line = parseLine(text);
    if (line) lines.push(line);
    else torn += 1;
  }
  return { lines, torn };
}

function parseLine(text: string): JournalLine | null {
  const [, sum, rest] = /^\{"crc":"([0-9a-f]{8})",(.*)$/.exec(text) ?? [];
  if (rest === undefined || checksum(`{${rest}`) !== sum) return null;
  return JSON.parse(`{${rest}`) as JournalLine;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

function endsInNewline(path: string): boolean {
  if (!existsSync(path)) return true;
  if (!statSync(path).isFile()) throw noRegularFile(path);
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const last = new Uint8Array(1);
    return size === 0 || (readSync(fd, last, 0, 1, size - 1) === 1 && last[0] === 0x0a);
  } finally {
    closeSync(fd);
  }
}
