/** What is wrong with the flags of a program of bench/ is one line and ends it with 2. Needs the built command line. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAMS = [
  'peers',
  'objects',
  'visibility',
  'full',
  'energy',
  'overhead',
  'compilers',
  'linked',
  'soak',
  'hub',
  'run',
  'explain',
];

function refusal(program: string, ...args: string[]): { status: number | null; lines: string[]; stdout: string } {
  const options = { cwd: ROOT, encoding: 'utf8', timeout: 30_000 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [`bench/${program}.mjs`, ...args], options);
  return { status, lines: stderr.trimEnd().split('\n'), stdout };
}

it.each(PROGRAMS)('bench/%s.mjs refuses a flag that it does not have', (program) => {
  const { status, lines, stdout } = refusal(program, '--no-such-flag');
  expect(lines).toEqual([expect.stringContaining('--no-such-flag')]);
  expect([status, stdout]).toEqual([2, '']);
});

it.each([
  ['peers', '--scene', 'nowhere', 'there is no “nowhere”'],
  ['objects', '--trials', '0', '--trials takes a whole number from 1'],
  ['visibility', '--max-execs', '1', '--max-execs takes a whole number from 2'],
  ['full', '--trials', 'some', '--trials takes a whole number from 1'],
  ['full', '--strategies', 'luck', 'there is no “luck”'],
  ['energy', '--trials', '1.5', '--trials takes a whole number from 1'],
  ['energy', '--subjects', 'reorder_10,', 'there is no “”'],
  ['overhead', '--warm', '0', '--warm takes a number above 0'],
  ['overhead', '--subjects', 'toString', 'there is no “toString”'],
  ['linked', '--rounds', '', '--rounds takes a whole number from 1'],
  ['soak', '--minutes', 'none', '--minutes takes a number above 0'],
  ['hub', '--peers', '-1', "'--peers"],
  ['hub', '--rate', 'fast', '--rate takes a number above 0'],
])('bench/%s.mjs refuses %s %j', (program, flag, value, message) => {
  const { status, lines, stdout } = refusal(program, flag, value);
  expect(lines).toEqual([expect.stringContaining(message)]);
  expect([status, stdout]).toEqual([2, '']);
});
