/** Generators of schedules for the property tests of this folder. */
import fc from 'fast-check';
import type { Choice, Deviation, EventCall, HotSchedule, Schedule, SiteRef } from '../../src/schedule/schedule.js';

const int32 = fc.integer({ min: -0x80000000, max: 0x7fffffff });
const positive = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 0x7fffffff }));
const ordinal = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 0x7fffffff }));

/** Plain names, names that look like syntax, and any valid Unicode. */
export const anyName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('probe', 'of_iommu_configure', 'DevIommu.fwspec', 'Queue#push', '(module)', 'v6.6', '~lib/heddle'),
  fc.constantFrom(
    '#1',
    '*2',
    '->',
    '=',
    '# x',
    '"',
    '\\',
    ' ',
    'a b',
    'exit',
    '1.0',
    '-3',
    '__proto__',
    'constructor',
    '#',
    '\u2028',
    '\ufeffx',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((name) => name.length > 0),
);
const maybeName = fc.oneof(fc.constant(''), anyName);

export const anySite: fc.Arbitrary<SiteRef> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ function: anyName, operation: anyName, field: maybeName, ordinal }) },
  {
    weight: 1,
    arbitrary: fc.record({
      function: fc.constant(''),
      operation: fc.constant('exit'),
      field: fc.constant(''),
      ordinal,
    }),
  },
);

function taskBelow(events: number): fc.Arbitrary<string> {
  const spawn = fc.integer({ min: 0, max: 127 });
  return fc
    .tuple(fc.nat({ max: events - 1 }), fc.array(spawn, { maxLength: 3 }))
    .map(([event, spawns]) => [event, ...spawns].join('.'));
}

const keyOf = (d: { task: string; site: SiteRef; occurrence: number }) =>
  JSON.stringify([d.task, d.site, d.occurrence]);

export const anySchedule: fc.Arbitrary<Schedule> = fc
  .array(fc.record<EventCall>({ event: anyName, args: fc.array(int32, { maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .chain((events) => {
    const task = taskBelow(events.length);
    const value = fc.nat({ max: 0x7fffffff });
    return fc.record<Schedule>({
      model: anyName,
      design: maybeName,
      scene: maybeName,
      options: fc
        .uniqueArray(fc.tuple(anyName, int32), { maxLength: 4, selector: ([name]) => name })
        .map((entries) => Object.fromEntries(entries)),
      events: fc.constant(events),
      deviations: fc.uniqueArray(fc.record<Deviation>({ task, site: anySite, occurrence: positive, target: task }), {
        maxLength: 8,
        selector: keyOf,
      }),
      choices: fc.uniqueArray(fc.record<Choice>({ task, site: anySite, occurrence: positive, value }), {
        maxLength: 4,
        selector: keyOf,
      }),
    });
  });

/** Not normalised: numbers are in range, nothing else is promised. */
export const anyHotSchedule: fc.Arbitrary<HotSchedule> = fc
  .array(fc.record({ event: fc.nat({ max: 3 }), args: fc.array(fc.nat({ max: 3 }), { maxLength: 2 }) }), {
    minLength: 1,
    maxLength: 5,
  })
  .chain((events) => {
    const slot = fc.nat({ max: Math.min(127, events.length * 3 - 1) });
    const step = fc.nat({ max: 60 });
    return fc.record({
      events: fc.constant(events),
      deviations: fc.array(fc.record({ task: slot, step, target: slot }), { maxLength: 12 }),
      choices: fc.array(fc.record({ task: slot, nth: fc.nat({ max: 5 }), value: fc.nat({ max: 3 }) }), {
        maxLength: 6,
      }),
    });
  });
