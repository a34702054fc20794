/** `heddle compare` as a user runs it: output, folders, bad input, interrupts. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { heddle, inFolder } from '../cli/run.js';
import { COSTS } from './setup.js';

const BANK = resolve('examples/bank.ts');
const MODEL = resolve(COSTS);
const QUICK = ['--budget', '1k', '--deterministic', '--verify-memory', '32M'];

describe('heddle compare', () => {
  it('prints the matrix, the findings and the explanation, and exits 0 although there is a finding', async () => {
    await inFolder(async (folder) => {
      const { code, stdout, stderr } = await heddle(['compare', BANK, ...QUICK, '-o', 'out'], { cwd: folder });
      expect(code).toBe(0);
      expect(stdout).toMatch(/^ +racy +locked\n/m);
      expect(stdout).toMatch(/found +verified absent\n/);
      expect(stdout).toContain('racy and locked, told apart by one schedule:');
      expect(stdout).toContain('locked with the same decisions: passes');
      expect(stderr).toContain('[1/9] fuzzing racy, two-transfers');
      const command = /npx heddle (replay out\/runs\/.*)$/m.exec(stdout)?.[1]?.split(' ') ?? [];
      expect((await heddle(command, { cwd: folder })).code).toBe(3);
      const other = /npx heddle (replay out\/explain\/.*other\.sched.*)$/m.exec(stdout)?.[1]?.split(' ') ?? [];
      expect((await heddle(other, { cwd: folder })).code).toBe(0);
    });
  });

  it('writes one JSON document, and a page that needs nothing else and escapes every name', async () => {
    await inFolder(async (folder) => {
      const args = [
        'compare',
        MODEL,
        ...QUICK,
        '-q',
        '-o',
        'out',
        '--json',
        '--html',
        'page.html',
        '--option',
        'items=1..2',
      ];
      const { code, stdout, stderr } = await heddle(args, { cwd: folder });
      expect([code, stderr]).toEqual([0, '']);
      const document = JSON.parse(stdout) as Record<string, unknown>;
      expect(document).toEqual(JSON.parse(readFileSync(join(folder, 'out/compare.json'), 'utf8')));
      expect(document).toMatchObject({
        schema: 'heddle.compare/1',
        model: 'costs',
        complete: true,
        seed: '1',
        sweep: { option: 'items', values: [1, 2] },
      });
      const rows = document['matrix'] as { cells: Record<string, { verdict: string; doubts?: string[] }> }[];
      expect(rows.map(({ cells }) => Object.values(cells).map(({ verdict }) => verdict))).toEqual([
        ['found', 'absent'],
        ['not-found', 'not-found'],
        ['absent', 'absent'],
      ]);
      expect(rows[1]?.cells['batch']?.doubts).toEqual(['the search does not look for data-race']);
      const page = readFileSync(join(folder, 'page.html'), 'utf8');
      expect(page).toContain('<th>&lt;i&gt;single&lt;/i&gt; &amp; &quot;one&quot;</th>');
      expect(page).not.toMatch(/<i>|<fillers>|S<1>|<lost>|<acquisitions>/);
      expect(page).toContain(`default-src 'none'`);
      expect(page).toContain('prefers-color-scheme: dark');
      expect(page).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|url\(|@import|https?:|\son\w+=/i);
      // Each link leads to a place of the page itself.
      const targets = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
      expect(targets.length).toBeGreaterThan(0);
      for (const id of targets) expect(page).toContain(`id="${id}"`);
    });
  });

  it('prints Markdown whose tables no name can break', async () => {
    await inFolder(async (folder) => {
      const args = ['compare', MODEL, ...QUICK, '-q', '-o', 'out', '--markdown', '--no-verify', '--per', 'nothing'];
      const { code, stdout } = await heddle(args, { cwd: folder });
      expect(code).toBe(0);
      const tables = stdout.split('\n\n').filter((part) => part.startsWith('| '));
      for (const table of tables) {
        const bars = table.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
        expect(new Set(bars).size).toBe(1);
      }
      expect(tables.length).toBeGreaterThanOrEqual(5);
      expect(stdout).toContain('| S\\<1\\> | **[found](');
      expect(stdout).toContain('- Warning: no execution has the counter “nothing”');
      // Diagrams and schedules are fenced.
      expect(stdout.replaceAll(/^```text\n[\s\S]*?^```$/gm, '')).not.toMatch(/<i>|[^\\]<fillers/);
    });
  });

  it.each([
    [['--designs', 'racy,fast'], /bank has no design “fast”\n.*it has: racy, locked/],
    [['--scenes', 'nowhere'], /bank has no scene “nowhere”\n.*it has: two-transfers/],
    [['--option', 'speed=3'], /no option “speed”/],
    [['--option', 'speed=3..1'], /the range must have 1 to 64 values/],
    [['--option', 'a=1..2', '--option', 'b=1..2'], /only one option can have a range; a has one/],
    [['--explain', 'racy'], /write two designs: a,b/],
    [['--designs', 'racy', '--explain', 'racy,locked'], /no compared design “locked”/],
    [['--budget', 'much'], /write executions such as 200k, or a duration such as 30s/],
    [['--budget', '3s', '--deterministic'], /--deterministic cannot keep a budget in time/],
    [['--verify-time', '3s', '--deterministic'], /--deterministic cannot keep --verify-time/],
    [['--jobs', '2', '--deterministic'], /--deterministic uses one worker/],
    [['--json', '--markdown'], /cannot be used with option '--json'/],
    [['-o', '.'], /is not empty, and no comparison wrote it\n.*name another folder with -o/],
  ])('refuses %j with exit code 2', async (args, message) => {
    await inFolder(async (folder) => {
      mkdirSync(join(folder, 'other'));
      writeFileSync(join(folder, 'mine.txt'), 'mine');
      const { code, stdout, stderr } = await heddle(['compare', BANK, '-q', ...args], { cwd: folder });
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(message);
      expect(readFileSync(join(folder, 'mine.txt'), 'utf8')).toBe('mine');
    });
  });

  it('prints what it has measured when it is interrupted, and says that it is incomplete', async () => {
    await inFolder(async (folder) => {
      const args = ['compare', BANK, '--budget', '10m', '--json', '-o', 'out'];
      const { code, stdout } = await heddle(args, {
        cwd: folder,
        onStderr: (child, text) => {
          if (text.includes('fuzzing racy') && !text.includes('stopping')) setTimeout(() => child.kill('SIGINT'), 500);
        },
      });
      expect(code).toBe(4);
      const document = JSON.parse(stdout) as { unfinished: string[] };
      expect(document).toMatchObject({ schema: 'heddle.compare/1', complete: false });
      expect(document.unfinished[0]).toBe('fuzzing racy, two-transfers');
    });
  });
});
