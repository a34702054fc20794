import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeddleError } from '../../src/errors.js';
import type { Schedule } from '../../src/schedule/schedule.js';
import { formatSchedule, parseSchedule } from '../../src/schedule/text.js';
import { anySchedule } from './arbitraries.js';
import { EXAMPLE, EXAMPLE_TEXT } from './examples.js';

const HEAD = 'model m\nevent a\nevent b\n';

function errorOf(text: string): HeddleError {
  try {
    parseSchedule(text, 'x.sched');
  } catch (error) {
    if (error instanceof HeddleError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe('the text form', () => {
  it('writes the canonical text', () => {
    expect(formatSchedule(EXAMPLE)).toBe(EXAMPLE_TEXT);
  });

  it('reads the canonical text', () => {
    expect(parseSchedule(EXAMPLE_TEXT)).toEqual(EXAMPLE);
  });

  it('gives back every schedule unchanged', () => {
    const property = fc.property(anySchedule, (schedule) => {
      const text = formatSchedule(schedule);
      expect(parseSchedule(text)).toEqual(schedule);
      expect(formatSchedule(parseSchedule(text))).toBe(text);
      expect(text.endsWith('\n')).toBe(true);
    });
    fc.assert(property, { numRuns: 1500 });
  });

  it('does not depend on the order in which options were set', () => {
    const one: Schedule = { ...EXAMPLE, options: { a: 1, b: 2 } };
    const two: Schedule = { ...EXAMPLE, options: { b: 2, a: 1 } };
    expect(formatSchedule(one)).toBe(formatSchedule(two));
  });

  it('needs only a model and an event', () => {
    expect(parseSchedule('model m\nevent a')).toEqual({
      model: 'm',
      design: '',
      scene: '',
      options: {},
      events: [{ event: 'a', args: [] }],
      deviations: [],
      choices: [],
    });
  });

  it('accepts comments, blank lines, tabs, CRLF, a byte order mark and any order of lines', () => {
    const text =
      '\ufeff#!heddle\r\n\r\n  # note\r\nswitch\t0  f load A.b #1 *2 ->\t1 # why\r\n' +
      '#7 is a comment at the line start\revent a 0 -1 +2 #\nmodel m# # x\n\tevent "b" # # #\n   ';
    const schedule = parseSchedule(text);
    expect(schedule.model).toBe('m#');
    expect(schedule.events).toEqual([
      { event: 'a', args: [0, -1, 2] },
      { event: 'b', args: [] },
    ]);
    expect(schedule.deviations).toEqual([
      { task: '0', site: { function: 'f', operation: 'load', field: 'A.b', ordinal: 1 }, occurrence: 2, target: '1' },
    ]);
  });

  it('accepts operations without a field, spelled-out defaults, and spawned tasks', () => {
    const { deviations, choices } = parseSchedule(
      `${HEAD}switch 0 transfer yield -> 1\nswitch 1.0.2 (module) store x #0 *1 -> 0.1\nchoose 1 f choose *3 = 2`,
    );
    expect(deviations[0]?.site).toEqual({ function: 'transfer', operation: 'yield', field: '', ordinal: 0 });
    expect(deviations[1]).toEqual({
      task: '1.0.2',
      site: { function: '(module)', operation: 'store', field: 'x', ordinal: 0 },
      occurrence: 1,
      target: '0.1',
    });
    expect(choices[0]).toMatchObject({ occurrence: 3, value: 2 });
  });

  it('keeps the order of events, deviations and choices', () => {
    const lines = [
      'switch 1 f load x -> 0',
      'switch 0 f load x -> 1',
      'choose 1 g fault y = 1',
      'choose 0 g fault y = 1',
    ];
    const text = `heddle-schedule 1\n${HEAD}${lines.join('\n')}\n`;
    expect(formatSchedule(parseSchedule(text))).toBe(text);
  });

  it('reads an option named __proto__', () => {
    const schedule = parseSchedule(`${HEAD}option __proto__ 3`);
    expect(Object.entries(schedule.options)).toEqual([['__proto__', 3]]);
    expect(formatSchedule(schedule)).toContain('option __proto__ 3\n');
  });
});

describe('errors of the text form', () => {
  const cases: [what: string, text: string, line: number, column: number, message: RegExp][] = [
    ['an empty text', '', 1, 1, /no model line/],
    ['an unknown keyword', `${HEAD}  swich 0`, 4, 3, /unknown line "swich".*switch/],
    ['a keyword in quotes', '"model" m', 1, 1, /unknown line/],
    ['a keyword from Object.prototype', 'constructor 1', 1, 1, /unknown line/],
    ['a missing name', `${HEAD}design`, 4, 7, /expected the design's name/],
    ['a second model', `${HEAD}model n`, 4, 1, /a second model line/],
    ['no events', 'model m', 1, 1, /at least one event/],
    ['a late version line', `${HEAD}heddle-schedule 1`, 4, 1, /must be the first/],
    ['a bad version', 'heddle-schedule one', 1, 17, /expected the version/],
    ['a word too many', `${HEAD}design a b`, 4, 10, /expected the end of the line/],
    ['an option without value', `${HEAD}option k`, 4, 9, /expected the option's value/],
    ['an option twice', `${HEAD}option k 1\noption k 2`, 5, 8, /set twice/],
    ['a fractional argument', 'model m\nevent a 1.5', 2, 9, /expected an argument, an integer from/],
    ['an argument out of range', 'model m\nevent a 2147483648', 2, 9, /an integer from -2147483648 to 2147483647/],
    ['four arguments', 'model m\nevent a 1 2 3 4', 2, 1, /at most 3 arguments/],
    ['no arrow', `${HEAD}switch 0 f load x 1`, 4, 19, /expected -> after the site/],
    ['no target', `${HEAD}switch 0 f load x ->`, 4, 21, /expected the target/],
    ['a task that is a name', `${HEAD}switch bind f load x -> 1`, 4, 8, /expected a task .*got "bind"/],
    ['a task with leading zeros', `${HEAD}switch 00 f load x -> 1`, 4, 8, /expected a task/],
    ['a task that does not exist', `${HEAD}switch 0 f load x -> 2`, 4, 1, /task 2 does not exist: there are 2 events/],
    ['a function alone', `${HEAD}switch 0 f -> 1`, 4, 10, /expected an operation after the function f/],
    ['too many names', `${HEAD}switch 0 f load x y -> 1`, 4, 19, /got 4 names/],
    ['no site', `${HEAD}switch 0 -> 1`, 4, 10, /expected a site/],
    ['an ordinal in the wrong place', `${HEAD}switch 0 f #1 load -> 1`, 4, 12, /needs quotes/],
    ['an ordinal after the occurrence', `${HEAD}switch 0 f load *1 #1 -> 1`, 4, 17, /needs quotes/],
    ['occurrence 0', `${HEAD}switch 0 f load *0 -> 1`, 4, 17, /occurrence must be an integer from 1/],
    ['a huge ordinal', `${HEAD}switch 0 f load #9999999999 -> 1`, 4, 17, /ordinal is above/],
    ['a decision taken twice', `${HEAD}switch 0 f load -> 1\nswitch 0 f load *1 -> 1`, 5, 1, /decided twice/],
    ['an arrow where = belongs', `${HEAD}choose 0 f fault x -> 1`, 4, 23, /expected = after the site/],
    ['a negative choice', `${HEAD}choose 0 f fault x = -1`, 4, 22, /expected the value/],
    ['an open string', `${HEAD}design "v6`, 4, 8, /not closed/],
    ['a bad escape', `${HEAD}design "\\x"`, 4, 8, /not a JSON string/],
    ['a raw tab in a string', `${HEAD}design "a\tb"`, 4, 8, /not a JSON string/],
    ['words glued together', `${HEAD}design "a"b`, 4, 11, /expected a space after the string/],
    ['words glued the other way', `${HEAD}design a"b"`, 4, 9, /expected a space before the string/],
    ['a comment without its space', `${HEAD}design #why`, 4, 8, /comment needs a space/],
    ['half a surrogate pair', `${HEAD}design "\\ud800"`, 4, 1, /not valid Unicode/],
    ['a long name', `${HEAD}design ${'x'.repeat(201)}`, 4, 1, /longer than 200/],
    ['a long option name', `${HEAD}option a 1\noption ${'x'.repeat(201)} 1`, 5, 1, /longer than 200/],
    ['too many events', `model m\n${'event a\n'.repeat(101)}`, 102, 1, /more than 100 events/],
    ['a text that is too long', `model m\n# ${'x'.repeat(1 << 20)}`, 1, 1, /longer than 1048576 bytes/],
    ['too many bytes', `model m\n# ${'é'.repeat(1 << 19)}`, 1, 1, /longer than 1048576 bytes/],
  ];

  it.each(cases)('%s: names file, line and column', (_what, text, line, column, message) => {
    const error = errorOf(text);
    expect(error.code).toBe('HDL_SCHEDULE_SYNTAX');
    expect(error.diagnostics[0]?.message).toMatch(message);
    expect(error.diagnostics[0]).toMatchObject({ file: 'x.sched', line, column });
    expect(error.message).toContain(`x.sched:${line}:${column}: `);
  });

  it('shows a line to copy', () => {
    expect(errorOf(`${HEAD}switch 0`).hint).toContain('switch 1 of_iommu_configure load DevIommu.fwspec #1 *2 -> 0');
    expect(errorOf(`${HEAD}choose 0`).hint).toContain('choose 1 smmu_probe_device fault');
  });

  it('tells a newer version from a broken file', () => {
    const error = errorOf('heddle-schedule 2\nnew things\n');
    expect(error.code).toBe('HDL_FORMAT_VERSION');
    expect(error.exitCode).toBe(5);
    expect(error.diagnostics[0]).toMatchObject({ file: 'x.sched', line: 1 });
  });

  it('refuses to write what could not be read back', () => {
    const bad: Partial<Schedule>[] = [
      { model: '' },
      { design: 'x'.repeat(201) },
      { scene: '\ud800' },
      { events: [] },
      { options: { a: 0.5 } },
      { events: [{ event: 'a', args: [Number.NaN] }] },
      {
        deviations: [
          { task: '9', site: { function: 'f', operation: 'load', field: '', ordinal: 0 }, occurrence: 1, target: '0' },
        ],
      },
      {
        deviations: [
          { task: '0', site: { function: '', operation: 'load', field: '', ordinal: 0 }, occurrence: 1, target: '1' },
        ],
      },
      {
        choices: [
          { task: '0', site: { function: 'f', operation: 'fault', field: '', ordinal: -1 }, occurrence: 1, value: 1 },
        ],
      },
    ];
    for (const change of bad) expect(() => formatSchedule({ ...EXAMPLE, ...change })).toThrow(HeddleError);
  });

  it('never throws anything else, whatever the text', () => {
    const pieces = fc.constantFrom(
      'model',
      'event',
      'switch',
      'choose',
      'option',
      '->',
      '=',
      '#1',
      '*2',
      '"a',
      '"b"',
      '0',
      '1.0',
      ' ',
      '\n',
      '# ',
      '\t',
      '\\',
      '\u2028',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.array(fc.oneof(pieces, fc.string()), { maxLength: 40 }).map((all) => all.join(' ')),
    );
    const property = fc.property(text, (hostile) => {
      try {
        const schedule = parseSchedule(hostile);
        expect(parseSchedule(formatSchedule(schedule))).toEqual(schedule);
      } catch (error) {
        if (!(error instanceof HeddleError)) throw error;
      }
    });
    fc.assert(property, { numRuns: 5000 });
  });

  it('never throws anything else for a damaged schedule', () => {
    const property = fc.property(
      fc.nat(EXAMPLE_TEXT.length),
      fc.nat(12),
      fc.string({ unit: 'binary', maxLength: 4 }),
      (at, cut, put) => {
        const hostile = EXAMPLE_TEXT.slice(0, at) + put + EXAMPLE_TEXT.slice(at + cut);
        try {
          formatSchedule(parseSchedule(hostile));
        } catch (error) {
          if (!(error instanceof HeddleError)) throw error;
        }
      },
    );
    fc.assert(property, { numRuns: 5000 });
  });
});
