/** `heddle verify` as a command: which scenes it runs, what it prints of each, and its exit code. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { heddle } from '../cli/run.js';

const root = mkdtempSync(join(tmpdir(), 'heddle-verify-command-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** One task alone keeps the count right, two see each other's. */
writeFileSync(
  join(root, 'scenes.ts'),
  `import { check, event, scene } from 'heddle';
class Counter { value: i32 = 0; }
const counter = new Counter();
function add(): void {
  const before = counter.value;
  counter.value = before + 1;
  check(counter.value == before + 1, 'nothing is lost');
}
export function register(): void {
  event('add', add);
  scene('one').with('add');
  scene('two').with('add').with('add');
  scene('again').with('add');
}
`,
);
const run = (...flags: string[]) => heddle(['verify', './scenes.ts', '-q', '-j', '1', ...flags], { cwd: root });

it('runs each scene in turn unless one is named; the worst verdict is the exit code', async () => {
  const all = await run();
  const verdicts = all.stdout.split('\n').filter((line) => /^scenes \S+[,:] /.test(line));
  expect(verdicts.map((line) => line.replace(/(verified|violated).*/, '$1'))).toEqual([
    expect.stringMatching(/one: verified$/),
    expect.stringMatching(/two: violated$/),
    expect.stringMatching(/again: verified$/),
    expect.stringMatching(/of 3 scenes 2 verified$/),
  ]);
  expect(all.code).toBe(3);
  const one = await run('--scene', 'one');
  expect([one.code, one.stdout]).toEqual([0, expect.not.stringMatching(/ scenes /)]);
}, 60_000);

it('prints a document a scene with --json', async () => {
  const documents = (await run('--json')).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(documents.map(({ scene, verdict }) => [scene, verdict])).toEqual([
    ['one', 'verified'],
    ['two', 'violated'],
    ['again', 'verified'],
  ]);
}, 60_000);

it('names the scenes for which there was no time, and counts them as incomplete', async () => {
  const { code, stdout, stderr } = await run('--max-time', '1ms');
  expect(stderr).toMatch(/^not begun, as its time was up: two, again$/m);
  expect(stdout).toMatch(/^scenes default: of 3 scenes (1 verified, 2|3) incomplete$/m);
  expect(code).toBe(4);
}, 60_000);
