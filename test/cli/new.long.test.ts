import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { heddle, inFolder } from './run.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('heddle new', () => {
  it('makes a model that builds, whose bug is found, and whose own tests pass', async () => {
    await inFolder(async (cwd) => {
      const made = await heddle(['new', 'my-queue'], { cwd });
      expect(made.code).toBe(0);
      expect(readdirSync(join(cwd, 'my-queue')).sort()).toEqual(
        ['ci.yml', 'heddle.config.json', 'my-queue.test.ts', 'my-queue.ts'].sort(),
      );
      const [fuzz] = /heddle (fuzz .*)$/m.exec(made.stdout)?.[1]?.split(' --max-time') ?? [];
      const found = await heddle([...(fuzz ?? '').split(' '), '--max-execs', '20k'], { cwd });
      expect(found.stdout).toMatch(/symptom +lost-item/);
      expect(found.code).toBe(3);
      // As in a project that has installed both.
      mkdirSync(join(cwd, 'node_modules'));
      symlinkSync(ROOT, join(cwd, 'node_modules', 'heddle'));
      symlinkSync(join(ROOT, 'node_modules', 'vitest'), join(cwd, 'node_modules', 'vitest'));
      const run = spawnSync(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', 'my-queue'], {
        cwd,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1' },
      });
      expect(run.stdout + run.stderr).toMatch(/Tests +3 passed/);
      expect(run.status).toBe(0);
    });
  }, 120_000);

  it('refuses a name that is none, and a folder with something in it', async () => {
    await inFolder(async (cwd) => {
      for (const name of ['../up', 'My Queue', '-x', 'a'.repeat(65)]) {
        const { code, stderr } = await heddle(['new', '--', name], { cwd });
        expect(stderr, name).toMatch(/cannot be the name of a model/);
        expect(code, name).toBe(2);
      }
      mkdirSync(join(cwd, 'taken'));
      writeFileSync(join(cwd, 'taken', 'mine.txt'), 'mine');
      const { code, stderr } = await heddle(['new', 'taken'], { cwd });
      expect(stderr).toMatch(/taken exists and is not empty/);
      expect(code).toBe(2);
      expect(readdirSync(join(cwd, 'taken'))).toEqual(['mine.txt']);
    });
  });
});
