/**
 * A corpus in one file: NDJSON, a header and one entry a line. An entry is the text of its file, so wire form and file form are the same; its id
 * is computed, never read.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import * as v from 'valibot';
import { HeddleError } from '../errors.js';
import { LIMITS } from '../schedule/schedule.js';
import { writeFileAtomic } from './atomic.js';
import { type EntryFile, parseEntry } from './read-entry.js';

const SCHEMA = 'heddle.corpus/1';
const Line = v.object({ schedule: v.string() });
const Head = v.object({ schema: v.string(), entries: v.optional(v.unknown()) });

/** Lines are longer than the text they hold: control characters take six bytes in JSON. */
const LINE_MAX = 6 * LIMITS.textBytes + 64;
const BLOCK = 1 << 16;
/** Editors put it at the beginning of a file. */
const BYTE_ORDER_MARK = /^\uFEFF/;

/** @throws HeddleError HDL_IO */
export function writePack(path: string, texts: readonly string[], model: string): void {
  const lines = [{ schema: SCHEMA, model, entries: texts.length }, ...texts.map((schedule) => ({ schedule }))];
  writeFileAtomic(
    path,
    lines.map((line) => Buffer.from(`${JSON.stringify(line)}\n`)),
  );
}

/** One entry after the other, and a refusal if some are missing; never more than one line in memory. @throws HeddleError if it is no pack, or a newer one. */
export function* readPack(path: string): Generator<{ readonly origin: string; readonly file: EntryFile }> {
  let number = 0;
  let announced: unknown;
  let entries = 0;
  for (const line of linesOf(path)) {
    number += 1;
    const origin = `${path}:${number}`;
    if (number === 1) {
      announced = checkHead(path, line?.replace(BYTE_ORDER_MARK, '') ?? null);
      continue;
    }
    if (line?.trim() === '') continue;
    entries += 1;
    const parsed = line === null ? null : v.safeParse(Line, jsonOrNull(line));
    const reason = line === null ? `longer than ${LINE_MAX} bytes` : 'no entry: {"schedule":"…"} was expected';
    yield parsed?.success
      ? { origin, file: parseEntry(Buffer.from(parsed.output.schedule), origin, null) }
      : { origin, file: { id: null, schedule: null, reason } };
  }
  if (number === 0) checkHead(path, '');
  if (typeof announced !== 'number' || announced <= entries) return;
  const reason = `cut off: it says that it has ${announced} entries, and has ${entries}`;
  yield { origin: path, file: { id: null, schedule: null, reason } };
}

export function isPack(path: string): boolean {
  return path.endsWith('.ndjson');
}

/** Answers how many entries it announces. */
function checkHead(path: string, line: string | null): unknown {
  const head = v.safeParse(Head, jsonOrNull(line ?? ''));
  if (head.success && head.output.schema === SCHEMA) return head.output.entries;
  const newer = head.success && head.output.schema.startsWith('heddle.corpus/');
  throw new HeddleError(
    newer ? 'HDL_FORMAT_VERSION' : 'HDL_USAGE',
    newer ? `${path} has a newer format; this Heddle reads ${SCHEMA}` : `${path} is no corpus in one file`,
    { hint: newer ? 'Use a newer Heddle.' : 'heddle corpus export makes one.' },
  );
}

/** null: a line that is too long, of which nothing is kept. */
function* linesOf(path: string): Generator<string | null> {
  const fd = openSync(path, 'r');
  try {
    const block = Buffer.alloc(BLOCK);
    let parts: Buffer[] = [];
    let length = 0;
    const take = (): string | null => {
      const line = length > LINE_MAX ? null : Buffer.concat(parts).toString('utf8');
      parts = [];
      length = 0;
      return line;
    };
    for (let got = readSync(fd, block); got > 0; got = readSync(fd, block)) {
      let from = 0;
      for (let to = block.indexOf(10, from); to >= 0 && to < got; to = block.indexOf(10, from)) {
        parts.push(Buffer.from(block.subarray(from, to)));
        length += to - from;
        yield take();
        from = to + 1;
      }
      length += got - from;
      if (length <= LINE_MAX) parts.push(Buffer.from(block.subarray(from, got)));
      else parts = [];
    }
    if (length > 0) yield take();
  } finally {
    closeSync(fd);
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
