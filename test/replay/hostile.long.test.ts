/** What replay, minimize and explain say to files that are no schedules, or not theirs. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeSchedule } from '../../src/schedule/binary.js';
import { createRandom } from '../../src/schedule/prng.js';
import { heddle, type Outcome } from '../cli/run.js';
import { committedFailure } from '../corpus/committed.js';
import { findingsOf } from './campaigns.js';

const { text, schedule, path: committed } = committedFailure('bank', 'invariant');
let root = '';
let finding = '';

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'heddle-hostile-'));
  finding = (await findingsOf(join(root, 'campaign'), ['bank', '--design', 'racy'], 2_000))[0] ?? '';
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A message for people: one error, no stack, nothing on stdout, nothing that is called a bug of Heddle. */
function expectError({ code, stdout, stderr }: Outcome, wanted: number, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^error: /);
  expect(stderr).not.toMatch(/^\s+at |bug of Heddle|\bError:/m);
  expect(stderr.length).toBeLessThan(2_000);
  expect(stdout).toBe('');
  expect(code).toBe(wanted);
}

const noise = (bytes: number): Uint8Array => {
  const random = createRandom(7);
  return Uint8Array.from({ length: bytes }, () => random.below(256));
};

type Content = string | Uint8Array;
const FILES: readonly (readonly [what: string, content: Content, code: number, message: RegExp])[] = [
  ['an empty file', '', 2, /x\.sched:1:1: no model line/],
  ['noise', noise(3_000), 2, /x\.sched:\d+:\d+: /],
  ['one line of noise', noise(300).filter((byte) => byte !== 10), 2, /x\.sched:1:\d+: /],
  ['zeros', new Uint8Array(5_000), 2, /x\.sched:1:1: /],
  ['a Wasm module', Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0), 2, /x\.sched:1:1: /],
  ['the binary form', encodeSchedule(schedule), 2, /x\.sched:1:1: /],
  ['two megabytes', 'event transfer 10\n'.repeat(120_000), 2, /x\.sched:1:1: longer than 1048576 bytes/],
  ['a line of 900 kilobytes', `${text}switch ${'a'.repeat(900_000)}\n`, 2, /x\.sched:\d+:\d+: /],
  ['too many events', `model bank\n${'event transfer 1\n'.repeat(101)}`, 2, /x\.sched:102:1: .*100/],
  [
    'a file cut after its head',
    text.slice(0, text.indexOf('event')),
    2,
    /x\.sched:1:1: a schedule needs at least one event/,
  ],
  ['a file cut in a switch', text.slice(0, text.indexOf(' -> ')), 2, /x\.sched:\d+:\d+: expected ->/],
  ['JSON', '{"schema": "heddle.finding/1"}', 2, /x\.sched:1:\d+: /],
  [
    'a newer version',
    text.replace('schedule 1', 'schedule 2'),
    5,
    /x\.sched is a schedule of version 2; this Heddle reads 1/,
  ],
  ['an absurd version', text.replace('schedule 1', 'schedule 99999999999'), 2, /x\.sched:1:\d+: /],
  [
    'an unknown model',
    text.replace('model bank', 'model vault'),
    2,
    /x\.sched is a schedule of the model vault[\s\S]*vault\.ts/,
  ],
  ['a path for a model', text.replace('model bank', 'model ../../bank'), 2, /x\.sched is a schedule of the model/],
  [
    'an unknown design',
    text.replace('design racy', 'design slow'),
    5,
    /x\.sched: bank has no design “slow”[\s\S]*racy, locked/,
  ],
  [
    'an unknown scene',
    text.replace(/scene .*/, 'scene none'),
    5,
    /x\.sched: bank has no scene “none”[\s\S]*two-transfers/,
  ],
  ['an unknown option', text.replace(/^event/m, 'option depth 3\nevent'), 5, /x\.sched: bank has no option “depth”/],
  ['an unknown event', text.replace('event transfer', 'event pay'), 5, /x\.sched: .*“pay”[\s\S]*declares: transfer/],
  ['a task that does not exist', text.replace(/-> \d+/, '-> 9'), 2, /x\.sched:\d+:1: task 9 does not exist/],
];

describe('a file that is no schedule of the model', () => {
  it.each(FILES)('%s', async (_, content, code, message) => {
    const file = join(root, 'x.sched');
    writeFileSync(file, content);
    expectError(await heddle(['replay', 'x.sched'], { cwd: root }), code, message);
  });

  it('is refused by minimize and explain in the same words', async () => {
    writeFileSync(join(root, 'y.sched'), `${text}swich 0\n`);
    const lines = text.split('\n').length;
    for (const command of ['minimize', 'explain']) {
      const outcome = await heddle([command, 'y.sched'], { cwd: root });
      expectError(outcome, 2, new RegExp(`^error: y\\.sched:${lines}:1: unknown line "swich"`));
    }
  });

  it('is refused from standard input, too', async () => {
    expectError(await heddle(['replay', '-'], { input: 'model bank\n' }), 2, /standard input:1:1: /);
    expectError(
      await heddle(['replay', '-'], { input: text.replace('event transfer', 'event pay') }),
      5,
      /^error: standard input: /,
    );
  });

  it('but of another model that was named', async () => {
    expectError(await heddle(['replay', committed, 'abba']), 5, /is a schedule of the model bank, not of abba/);
  });
});

describe('a path that leads nowhere', () => {
  it('does not exist', async () => {
    for (const command of ['replay', 'minimize', 'explain']) {
      expectError(await heddle([command, 'no/such.sched'], { cwd: root }), 2, /no\/such\.sched does not exist\nhint: /);
    }
  });

  it('is a folder without a finding, or the campaign’s instead of the finding’s', async () => {
    mkdirSync(join(root, 'empty'), { recursive: true });
    for (const folder of ['empty', 'campaign']) {
      expectError(
        await heddle(['replay', folder], { cwd: root }),
        2,
        new RegExp(`${folder} is not the folder of a finding`),
      );
    }
  });
});

describe('a finding’s folder', () => {
  const broken = (name: string, file: string, content: string): string => {
    const folder = join(root, name);
    cpSync(finding, folder, { recursive: true });
    writeFileSync(join(folder, file), content);
    return basename(folder);
  };

  it.each([
    ['not JSON', '{"schema": ', 2, /finding\.json is not JSON/],
    ['JSON that says nothing', '{}', 2, /finding\.json is no finding: /],
    ['JSON of a list', '[]', 2, /finding\.json is no finding: /],
    ['a record without its fields', '{"schema":"heddle.finding/1"}', 2, /finding\.json is no finding: kind/],
    ['a newer record', '{"schema":"heddle.finding/2"}', 5, /finding\.json has the format “heddle\.finding\/2”/],
    [
      'a file of the quarantine',
      '{"schema":"heddle.quarantine/1"}',
      2,
      /finding\.json is no finding: it has the format “heddle\.quarantine/,
    ],
  ])('with %s for a record is refused; its schedule can still be replayed', async (what, content, code, message) => {
    const folder = broken(`record ${what}`, 'finding.json', content);
    expectError(await heddle(['replay', folder], { cwd: root }), code, message);
    expect((await heddle(['replay', join(folder, 'min.sched')], { cwd: root })).code).toBe(3);
  });

  it('with a broken schedule names that file', async () => {
    const folder = broken('schedule', 'min.sched', 'garbage\n');
    expectError(await heddle(['replay', folder], { cwd: root }), 2, /schedule\/min\.sched:1:1: unknown line "garbage"/);
    expect((await heddle(['replay', join(folder, 'finding.json')], { cwd: root })).code).toBe(3);
  });

  it('below a broken campaign.json of a model that does not come with Heddle asks for the model', async () => {
    const folder = join(root, 'stranger');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'campaign.json'), '{"modelArgument": ');
    writeFileSync(join(folder, 'a.sched'), text.replace('model bank', 'model vault'));
    expectError(
      await heddle(['replay', 'stranger/a.sched'], { cwd: root }),
      2,
      /name its file: heddle replay stranger\/a\.sched/,
    );
  });
});
