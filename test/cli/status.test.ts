/** `heddle status` of campaigns that run, that were killed and that have ended. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Standing } from '../../src/campaign/standing.js';
import { heddle, inFolder, MAIN } from './run.js';

const FUZZ = ['examples/bank.ts', '--design', 'racy', '-j', '1', '--ui', 'none', '-q', '--exit-zero', '--seed', '5'];

async function statusOf(...args: string[]): Promise<(Standing & { schema: string })[]> {
  const { code, stdout, stderr } = await heddle(['status', ...args, '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Standing & { schema: string });
}

it('tells which campaigns run, died and ended, and what they have found', async () => {
  await inFolder(async (folder) => {
    const ended = join(folder, 'a-ended');
    expect((await heddle(['fuzz', ...FUZZ, '--max-execs', '3000', '-o', ended])).code).toBe(0);
    const [one] = await statusOf(ended);
    expect(one).toMatchObject({
      ...{
        schema: 'heddle.status/1',
        dir: ended,
        state: 'ended',
        model: 'bank',
        design: 'racy',
        holder: null,
        torn: 0,
      },
      status: { executions: 3000 },
    });
    expect(one?.findings).toEqual([expect.stringMatching(/^invariant-[0-9a-f]{16}$/)]);
    expect(one?.bytes).toBeGreaterThan(1000);
    expect(one?.ageMs).toBeGreaterThanOrEqual(0);

    const other = join(folder, 'b-other');
    const child = spawn(process.execPath, [MAIN, 'fuzz', ...FUZZ, '-o', other], { stdio: 'ignore' });
    const over = new Promise((done) => child.on('close', done));
    try {
      while (!existsSync(join(other, 'stats.json')) && child.exitCode === null) await sleep(50);
      expect(await statusOf(other)).toMatchObject([{ state: 'running', holder: { pid: child.pid } }]);
      // The folder above has both, in the order of their names.
      expect((await statusOf(folder)).map(({ dir, state }) => [dir, state])).toEqual([
        [ended, 'ended'],
        [other, 'running'],
      ]);
      const { stdout } = await heddle(['status', folder]);
      expect(stdout).toContain(`${other}: running (process ${child.pid} on `);
      expect(stdout).toMatch(/^2 campaigns, 1 running: .* executions, 1 different finding$/m);
    } finally {
      child.kill('SIGKILL');
      await over;
    }
    const [dead] = await statusOf(other);
    expect(dead).toMatchObject({ state: 'died', dir: other });
    expect((await heddle(['status', other])).stdout).toContain(`${other}: died`);
    expect((await heddle(['fuzz', ...FUZZ, '--max-execs', '1', '-o', other])).code).toBe(0);
    expect(await statusOf(other)).toMatchObject([{ state: 'ended', holder: null }]);
  });
}, 120_000);

it('of a folder without campaigns is an error that says what to name', async () => {
  await inFolder(async (folder) => {
    const { code, stderr } = await heddle(['status', folder]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/is no campaign, and has none in it\nhint: Name the folder that heddle fuzz wrote/);
  });
});

it('shows a campaign that cannot be read, and reads nothing but regular files', async () => {
  await inFolder(async (folder) => {
    const damage: Readonly<Record<string, (dir: string) => void>> = {
      torn: (dir) => writeFileSync(join(dir, 'campaign.json'), '{"model'),
      journal: (dir) => mkdirSync(join(dir, 'journal.ndjson')),
      lock: (dir) => execFileSync('mkfifo', [join(dir, 'lock')]),
      stats: (dir) => execFileSync('mkfifo', [join(dir, 'stats.json')]),
    };
    for (const [name, spoil] of Object.entries(damage)) {
      const dir = join(folder, name);
      mkdirSync(dir);
      writeFileSync(join(dir, 'campaign.json'), '{"schema":"heddle.campaign/1","model":"bank"}');
      spoil(dir);
    }
    const { code, stdout } = await heddle(['status', folder, '--json']);
    const rows = stdout.trim().split('\n');
    const problems = rows.map((row) => JSON.parse(row) as { state: string; problem: string });
    expect(problems.map(({ state }) => state)).toEqual(['unreadable', 'unreadable', 'unreadable', 'unreadable']);
    expect(problems.map(({ problem }) => problem)).toEqual([
      expect.stringMatching(/journal\/journal\.ndjson is a folder, a pipe or a device where a file should be$/),
      expect.stringMatching(/lock\/lock is no regular file/),
      expect.stringMatching(/stats\/stats\.json is no regular file/),
      expect.stringMatching(/torn\/campaign\.json is no header of a campaign.* it is not JSON/),
    ]);
    expect(code).toBe(0);
    const text = await heddle(['status', folder]);
    expect(text.stdout).toMatch(/torn: unreadable\n {2}.*campaign\.json is no header.*\n4 campaigns, 0 running/s);
    expect(text.stderr).toBe('');
  });
});

it('fuzz names a folder that stands where its journal should be', async () => {
  await inFolder(async (cwd) => {
    mkdirSync(join(cwd, 'camp', 'journal.ndjson'), { recursive: true });
    const { code, stderr } = await heddle(['fuzz', 'bank', '-o', 'camp', '--max-execs', '1k', '-q'], { cwd });
    expect(stderr).toMatch(/^error: camp\/journal\.ndjson is a folder, a pipe or a device .*\nhint: move it away/);
    expect([code, existsSync(join(cwd, 'camp', 'lock'))]).toEqual([1, false]);
  });
});
