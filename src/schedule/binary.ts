/**
 * The binary form of a schedule, for the wire and for memory. Canonical: one value has one encoding and the decoder
 * accepts no other, so bytes can be compared and hashed. The layout is in docs/schedules.md.
 */
import { HeddleError } from '../errors.js';
import { ByteReader, ByteWriter, failBytes } from './bytes.js';
import { type Choice, type Deviation, type EventCall, LIMITS, type Schedule } from './schedule.js';
import { checkSchedule, findProblem, INT_MAX, sortedOptions } from './validate.js';

/** The version that is written, and the newest that is read. */
export const BINARY_VERSION = 1;

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** "HDLS". */
const MAGIC = [0x48, 0x44, 0x4c, 0x53] as const;
/** A UTF-16 unit takes at most three bytes of UTF-8. */
const NAME_BYTES = LIMITS.nameLength * 3;
/** Each string takes at least one byte for its length, so this also bounds what a hostile count can allocate. */
const STRINGS_MAX = LIMITS.binaryBytes;

/** Throws `HDL_SCHEDULE_BINARY` if the schedule breaks a rule of `validate.ts` or a limit. */
export function encodeSchedule(schedule: Schedule): Uint8Array {
  checkSchedule(schedule, 'HDL_SCHEDULE_BINARY');
  const strings = new StringTable();
  const body = new ByteWriter();
  for (const name of [schedule.model, schedule.design, schedule.scene]) body.uint(strings.indexOf(name));
  const options = sortedOptions(schedule);
  body.uint(options.length);
  for (const [name, value] of options) {
    body.uint(strings.indexOf(name));
    body.int(value);
  }
  body.uint(schedule.events.length);
  for (const { event, args } of schedule.events) {
    body.uint(strings.indexOf(event));
    body.uint(args.length);
    for (const arg of args) body.int(arg);
  }
  body.uint(schedule.deviations.length);
  for (const deviation of schedule.deviations) {
    writeDecision(body, strings, deviation);
    body.uint(strings.indexOf(deviation.target));
  }
  body.uint(schedule.choices.length);
  for (const choice of schedule.choices) {
    writeDecision(body, strings, choice);
    body.uint(choice.value);
  }
  return assemble(strings, body.finish());
}

/**
 * The schedule that `encodeSchedule` was given. Whatever the bytes are, the only exceptions are `HDL_SCHEDULE_BINARY`
 * and, for the bytes of a newer Heddle, `HDL_FORMAT_VERSION`; what is allocated is bounded by the number of bytes.
 */
export function decodeSchedule(bytes: Uint8Array): Schedule {
  if (bytes.length > LIMITS.binaryBytes) failBytes(`longer than ${LIMITS.binaryBytes} bytes`, LIMITS.binaryBytes);
  const reader = new ByteReader(bytes);
  readHead(reader);
  const strings = new StringReader(reader);
  const model = strings.next("the model's name");
  const design = strings.next("the design's name");
  const scene = strings.next("the scene's name");
  const options = readOptions(reader, strings);
  const events = readList(reader, 'events', () => readEvent(reader, strings));
  const deviations = readList(reader, 'deviations', () => readDeviation(reader, strings));
  const choices = readList(reader, 'choices', () => readChoice(reader, strings));
  reader.end();
  strings.end();
  const schedule: Schedule = { model, design, scene, options, events, deviations, choices };
  const problem = findProblem(schedule);
  if (problem !== null) failBytes(`${problem.list}, entry ${problem.index}: ${problem.message}`, bytes.length);
  return schedule;
}

/** Strings in the order of their first use, each once. */
class StringTable {
  private readonly indices = new Map<string, number>();

  indexOf(text: string): number {
    const known = this.indices.get(text);
    if (known !== undefined) return known;
    this.indices.set(text, this.indices.size);
    return this.indices.size - 1;
  }

  write(writer: ByteWriter): void {
    writer.uint(this.indices.size);
    for (const text of this.indices.keys()) {
      const bytes = ENCODER.encode(text);
      writer.uint(bytes.length);
      writer.raw(bytes);
    }
  }
}

/** The table as read; insists on the order of first use, so that no other table means the same. */
class StringReader {
  private readonly strings: string[] = [];
  private used = 0;

  constructor(private readonly reader: ByteReader) {
    const seen = new Set<string>();
    const count = reader.uint('the number of strings', STRINGS_MAX);
    for (let i = 0; i < count; i += 1) {
      const at = reader.position;
      const text = decodeText(reader.raw(reader.uint("a string's length", NAME_BYTES), 'a string'), at);
      if (seen.has(text)) failBytes('a string stands twice in the table', at);
      seen.add(text);
      this.strings.push(text);
    }
  }

  next(what: string): string {
    const at = this.reader.position;
    const index = this.reader.uint(what);
    const text = this.strings[index];
    if (text === undefined) failBytes(`${what} is not in the table of strings`, at);
    if (index > this.used) failBytes('the table of strings is not in the order of use', at);
    if (index === this.used) this.used += 1;
    return text;
  }

  end(): void {
    if (this.used !== this.strings.length) failBytes('a string of the table is not used', this.reader.position);
  }
}

function assemble(strings: StringTable, body: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  writer.raw(MAGIC);
  writer.uint(BINARY_VERSION);
  strings.write(writer);
  writer.raw(body);
  const bytes = writer.finish();
  if (bytes.length > LIMITS.binaryBytes)
    failBytes(`the encoding is longer than ${LIMITS.binaryBytes} bytes`, bytes.length);
  return bytes;
}

function writeDecision(
  body: ByteWriter,
  strings: StringTable,
  { task, site, occurrence }: Omit<Choice, 'value'>,
): void {
  for (const text of [task, site.function, site.operation, site.field]) body.uint(strings.indexOf(text));
  body.uint(site.ordinal);
  body.uint(occurrence);
}

function readHead(reader: ByteReader): void {
  const magic = reader.raw(MAGIC.length, 'the magic number');
  if (MAGIC.some((byte, i) => byte !== magic[i])) failBytes('the magic number is missing', 0);
  const version = reader.uint('the format version');
  if (version === 0) failBytes('format version 0', MAGIC.length);
  if (version <= BINARY_VERSION) return;
  throw new HeddleError(
    'HDL_FORMAT_VERSION',
    `the schedule's binary format is version ${version}; this Heddle reads ${BINARY_VERSION}`,
    {
      hint: 'Use the Heddle that wrote it, or a newer one.',
    },
  );
}

function readOptions(reader: ByteReader, strings: StringReader): Record<string, number> {
  const entries = readList(reader, 'options', (): [string, number] => [
    strings.next("an option's name"),
    reader.int("an option's value"),
  ]);
  for (let i = 1; i < entries.length; i += 1) {
    const [before, after] = [entries[i - 1]?.[0] ?? '', entries[i]?.[0] ?? ''];
    if (before >= after) failBytes('the options are not in order', reader.position);
  }
  return Object.fromEntries(entries);
}

function readEvent(reader: ByteReader, strings: StringReader): EventCall {
  const event = strings.next("an event's name");
  return { event, args: readList(reader, 'args', () => reader.int('an argument')) };
}

function readDeviation(reader: ByteReader, strings: StringReader): Deviation {
  const decision = readDecision(reader, strings);
  return { ...decision, target: strings.next('a target') };
}

function readChoice(reader: ByteReader, strings: StringReader): Choice {
  const decision = readDecision(reader, strings);
  return { ...decision, value: reader.uint('a value', INT_MAX) };
}

function readDecision(reader: ByteReader, strings: StringReader): Omit<Choice, 'value'> {
  const task = strings.next('a task');
  const site = {
    function: strings.next("a site's function"),
    operation: strings.next("a site's operation"),
    field: strings.next("a site's field"),
    ordinal: reader.uint('an ordinal', INT_MAX),
  };
  return { task, site, occurrence: reader.uint('an occurrence', INT_MAX) };
}

function readList<T>(
  reader: ByteReader,
  list: 'options' | 'events' | 'args' | 'deviations' | 'choices',
  read: () => T,
): T[] {
  const count = reader.uint(`the number of ${list}`, LIMITS[list]);
  const items: T[] = [];
  for (let i = 0; i < count; i += 1) items.push(read());
  return items;
}

function decodeText(bytes: Uint8Array, at: number): string {
  try {
    // A copy, because a decoder may refuse shared memory.
    return DECODER.decode(bytes.slice());
  } catch {
    return failBytes('a string is not UTF-8', at);
  }
}
