import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { heddle, inFolder } from './run.js';

const FAILING = `heddle-schedule 1
model bank
design racy
event transfer 10
event transfer 20
switch 0 transfer store Account.balance -> 1
`;
const PASSING = FAILING.replace(/^switch.*\n/m, '');

describe('heddle replay', () => {
  it('exits 3 for a schedule that fails and 0 for one that passes, from a file and from standard input', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'a.sched'), FAILING);
      writeFileSync(join(cwd, 'b.sched'), PASSING);
      expect((await heddle(['replay', 'a.sched'], { cwd })).code).toBe(3);
      expect((await heddle(['replay', 'b.sched'], { cwd })).code).toBe(0);
      expect((await heddle(['replay', '-'], { cwd, input: FAILING })).code).toBe(3);
    });
  });

  it('--verify runs both builds in fresh executors', async () => {
    for (const [text, code] of [
      [FAILING, 3],
      [PASSING, 0],
    ] as const) {
      const outcome = await heddle(['replay', '-', '--verify', '3'], { input: text });
      expect(outcome.stdout).toMatch(/^3 of 3 runs equal, .*: state [0-9a-f]{16} trace [0-9a-f]{64}$/m);
      expect(outcome.code).toBe(code);
    }
  });

  it('--trace shows every step, --until the first ones', async () => {
    const all = await heddle(['replay', '-', '--trace'], { input: FAILING });
    expect(all.stdout).toMatch(/^ *1 {2}transfer\(10\) {2}load Account\.balance = 100 {2}transfer \(bank\.ts:\d+\)$/m);
    const some = await heddle(['replay', '-', '--until', '2'], { input: FAILING });
    expect(some.stdout).toMatch(/^… \d+ more$/m);
  });

  it('--design runs the schedule on another design', async () => {
    const { code, stdout } = await heddle(['replay', '-', '--design', 'locked'], { input: FAILING });
    expect(stdout).toMatch(/bank locked, two-transfers: passes/);
    expect(code).toBe(0);
  });

  it('takes the file that the campaign was given, not a model of Heddle that has its name', async () => {
    await inFolder(async (cwd) => {
      const file = join(cwd, 'bank.ts');
      const text = readFileSync(new URL('../../examples/bank.ts', import.meta.url), 'utf8');
      writeFileSync(file, text);
      const fuzzed = await heddle(['fuzz', './bank.ts', '--design', 'racy', '--max-execs', '2k', '--json', '-q'], {
        cwd,
      });
      const { records } = JSON.parse(fuzzed.stdout.trim().split('\n').at(-1) ?? '') as {
        records: { folder: string }[];
      };
      const replay = ['replay', records[0]?.folder ?? ''];
      expect((await heddle(replay, { cwd })).code).toBe(3);
      // Repaired: the same lock as in the other design.
      writeFileSync(file, text.replaceAll('designIs(Design.locked)', 'true'));
      expect((await heddle(replay, { cwd })).code).toBe(4);
      rmSync(file);
      const gone = await heddle(replay, { cwd });
      expect([gone.code, gone.stderr]).toEqual([2, expect.stringMatching(/whose file \.\/bank\.ts is not there/)]);
    });
  });

  it('exits 4 when the finding that is recorded beside it does not recur', async () => {
    await inFolder(async (cwd) => {
      const found = await heddle(['fuzz', 'bank', '--max-execs', '20k', '--json', '-q'], { cwd });
      const folder = (JSON.parse(found.stdout.trim().split('\n').at(-1) ?? '') as { records: { folder: string }[] })
        .records[0]?.folder;
      const { code, stdout } = await heddle(['replay', folder ?? '', '--design', 'locked'], { cwd });
      expect(stdout).toContain('did not reproduce');
      expect(code).toBe(4);
    });
  });

  it('exits 5 for a schedule of another model and 2 for what is no schedule', async () => {
    const other = await heddle(['replay', '-', 'abba'], { input: FAILING });
    expect(other.stderr).toContain('a schedule of the model bank, not of abba');
    expect(other.code).toBe(5);
    const newer = await heddle(['replay', '-'], { input: FAILING.replace('schedule 1', 'schedule 99') });
    expect(newer.code).toBe(5);
    const broken = await heddle(['replay', '-'], { input: `${FAILING}swich 0\n` });
    expect(broken.stderr).toContain('standard input:7');
    expect(broken.code).toBe(2);
  });

  it('--json is one document', async () => {
    const { stdout } = await heddle(['replay', '-', '--json', '--verify', '2'], { input: FAILING });
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'heddle.replay/1',
      verdict: 'reproduced',
      verification: { runs: 2, equal: 2 },
      finding: { kind: 'invariant' },
    });
  });
});

describe('heddle minimize and explain', () => {
  it('minimize leaves out what is not needed and writes a schedule that still fails', async () => {
    await inFolder(async (cwd) => {
      const long = FAILING.replace('switch', 'event transfer 30\nevent transfer 40\nswitch');
      const { code, stdout, stderr } = await heddle(['minimize', '-'], { cwd, input: long });
      expect(stdout.match(/^event/gm)).toHaveLength(2);
      expect(stderr).toMatch(/4 events and \d decisions? → 2 events and 1 decision/);
      expect(code).toBe(0);
      await heddle(['minimize', '-', '-o', 'small.sched'], { cwd, input: long });
      expect(readFileSync(join(cwd, 'small.sched'), 'utf8')).toBe(stdout);
      expect((await heddle(['replay', 'small.sched'], { cwd })).code).toBe(3);
    });
  });

  it('minimize exits 4 when there is nothing to minimize', async () => {
    expect((await heddle(['minimize', '-'], { input: PASSING })).code).toBe(4);
  });

  it('explain prints the report, or the record as JSON', async () => {
    const text = await heddle(['explain', '-'], { input: FAILING });
    expect(text.stdout).toContain('What happened:');
    expect(text.code).toBe(0);
    const json = await heddle(['explain', '-', '--json'], { input: FAILING });
    expect(JSON.parse(json.stdout)).toMatchObject({ schema: 'heddle.explain/1', kind: 'invariant' });
  });
});

describe('heddle coverage', () => {
  it('tells what a design never reaches', async () => {
    const { code, stdout } = await inFolder((cwd) =>
      heddle(['coverage', 'bank', '--max-execs', '5k', '-j', '1'], { cwd }),
    );
    expect(stdout).toMatch(/bank\.ts:\d+ {2}never: lock Mutex/);
    expect(code).toBe(0);
  });
});
