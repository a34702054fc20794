import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeddleError } from '../../src/errors.js';
import { decodeSchedule, encodeSchedule } from '../../src/schedule/binary.js';
import { createRandom } from '../../src/schedule/prng.js';
import type { Schedule } from '../../src/schedule/schedule.js';
import { size } from '../support/size.js';
import { anySchedule } from './arbitraries.js';
import { EXAMPLE } from './examples.js';

const TINY: Schedule = {
  model: 'm',
  design: '',
  scene: '',
  options: {},
  events: [{ event: 'a', args: [] }],
  deviations: [],
  choices: [],
};
/** magic, version, 3 strings (m, empty, a), model, design, scene, options, events, deviations, choices. */
const TINY_BYTES = [0x48, 0x44, 0x4c, 0x53, 1, 3, 1, 0x6d, 0, 1, 0x61, 0, 1, 1, 0, 1, 2, 0, 0, 0];

function bytesWith(changes: Record<number, number[]>): Uint8Array {
  return Uint8Array.from(TINY_BYTES.flatMap((byte, i) => changes[i] ?? [byte]));
}

/** `true` if accepted; anything but a `HeddleError` goes through. */
function decodes(bytes: Uint8Array): boolean {
  let schedule: Schedule;
  try {
    schedule = decodeSchedule(bytes);
  } catch (error) {
    if (error instanceof HeddleError) return false;
    throw error;
  }
  const again = encodeSchedule(schedule);
  // Not `expect` for each: it is slow a hundred thousand times.
  if (again.length !== bytes.length || again.some((byte, i) => byte !== bytes[i])) expect(again).toEqual(bytes);
  return true;
}

describe('the binary form', () => {
  it('gives back every schedule unchanged', () => {
    const property = fc.property(anySchedule, (schedule) => {
      const bytes = encodeSchedule(schedule);
      expect(decodeSchedule(bytes)).toEqual(schedule);
      expect(encodeSchedule(decodeSchedule(bytes))).toEqual(bytes);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('has the documented layout', () => {
    expect([...encodeSchedule(TINY)]).toEqual(TINY_BYTES);
  });

  it('is small', () => {
    expect(encodeSchedule(EXAMPLE).length).toBeLessThan(240);
  });

  it('reads from shared memory', () => {
    const bytes = encodeSchedule(EXAMPLE);
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    expect(decodeSchedule(shared)).toEqual(EXAMPLE);
  });

  it('carries the limits of every list', () => {
    const site = { function: 'f', operation: 'load', field: 'x', ordinal: 0 };
    const deviations = Array.from({ length: 4096 }, (_, i) => ({ task: '0', site, occurrence: i + 1, target: '1' }));
    const events = Array.from({ length: 100 }, () => ({ event: 'a', args: [-0x80000000, 0, 0x7fffffff] }));
    const schedule = { ...TINY, events, deviations };
    expect(decodeSchedule(encodeSchedule(schedule))).toEqual(schedule);
    const more = { ...schedule, deviations: [...deviations, { task: '1', site, occurrence: 1, target: '0' }] };
    expect(() => encodeSchedule(more)).toThrow(/more than 4096 deviations/);
  });
});

const INPUTS = size().name === 'default' ? 25_000 : 100_000;
/** For a machine that is busy with other tests. */
const PATIENCE_MS = 60_000;

describe('hostile bytes', () => {
  const cases: [what: string, bytes: Uint8Array, message: RegExp][] = [
    ['nothing', new Uint8Array(), /magic number is cut off/],
    ['another file', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 1, 2, 3]), /magic number is missing/],
    ['version 0', bytesWith({ 4: [0] }), /version 0/],
    ['a trailing byte', Uint8Array.from([...TINY_BYTES, 0]), /bytes after the end/],
    ['a truncated body', Uint8Array.from(TINY_BYTES.slice(0, -1)), /cut off/],
    ['a longer varint than needed', bytesWith({ 14: [0x80, 0] }), /longer than needed/],
    ['a varint without end', bytesWith({ 14: [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1] }), /above 64/],
    ['a huge string count', bytesWith({ 5: [0xff, 0xff, 0xff, 0xff, 0x0f] }), /number of strings is above/],
    ['a huge string', bytesWith({ 6: [0xd8, 4] }), /is cut off/],
    ['a duplicate string', bytesWith({ 9: [1], 10: [0x6d] }), /stands twice/],
    ['an unused string', bytesWith({ 5: [4], 10: [0x61, 1, 0x62] }), /not used/],
    ['strings out of order', bytesWith({ 11: [1] }), /order of use/],
    ['a string that is not there', bytesWith({ 16: [3] }), /not in the table/],
    ['a string that is not UTF-8', bytesWith({ 7: [0xff] }), /not UTF-8/],
    ['too many events', bytesWith({ 15: [101] }), /number of events is above 100/],
    ['too many deviations', bytesWith({ 18: [0x81, 0x20] }), /number of deviations is above 4096/],
    [
      'no events',
      Uint8Array.from([0x48, 0x44, 0x4c, 0x53, 1, 2, 1, 0x6d, 0, 0, 1, 1, 0, 0, 0, 0]),
      /at least one event/,
    ],
    [
      'unsorted options',
      Uint8Array.from([
        0x48, 0x44, 0x4c, 0x53, 1, 4, 1, 0x6d, 0, 1, 0x62, 1, 0x61, 0, 1, 1, 2, 2, 0, 3, 0, 1, 3, 0, 0, 0,
      ]),
      /options are not in order/,
    ],
    ['a megabyte too much', new Uint8Array((1 << 20) + 1), /longer than 1048576 bytes/],
  ];

  it.each(cases)('%s is an error', (_what, bytes, message) => {
    expect(() => decodeSchedule(bytes)).toThrow(message);
    expect(() => decodeSchedule(bytes)).toThrow(expect.objectContaining({ code: 'HDL_SCHEDULE_BINARY' }));
  });

  it('tells a newer version from damage', () => {
    expect(() => decodeSchedule(bytesWith({ 4: [2] }))).toThrow(
      expect.objectContaining({ code: 'HDL_FORMAT_VERSION' }),
    );
  });

  it(`${INPUTS} random byte strings: nothing but HeddleError`, { timeout: PATIENCE_MS }, () => {
    const random = createRandom(1);
    for (let i = 0; i < INPUTS; i += 1) {
      const noise = Array.from({ length: random.below(40) }, () => random.below(random.chance(0.5) ? 256 : 6));
      decodes(Uint8Array.from(random.chance(0.8) ? [...TINY_BYTES.slice(0, 5), ...noise] : noise));
    }
  });

  it(`${INPUTS} damaged encodings: rejected, or canonical`, { timeout: PATIENCE_MS }, () => {
    const random = createRandom(2);
    const originals = [
      encodeSchedule(TINY),
      encodeSchedule(EXAMPLE),
      ...fc.sample(anySchedule, { seed: 3, numRuns: 6 }).map(encodeSchedule),
    ];
    let accepted = 0;
    for (let i = 0; i < INPUTS; i += 1) {
      let bytes = originals[random.below(originals.length)] ?? new Uint8Array();
      for (let n = 1 + random.below(3); n > 0; n -= 1) {
        const at = random.below(bytes.length);
        const rest = bytes.subarray(at + random.below(3));
        const put = Array.from({ length: random.below(3) }, () => random.below(256));
        bytes = Buffer.concat([bytes.subarray(0, at), Uint8Array.from(put), rest]);
      }
      if (decodes(Uint8Array.from(bytes))) accepted += 1;
    }
    expect(accepted).toBeGreaterThan(INPUTS / 100);
  });
});
