/** Folders with links that lead back to themselves, as sources of `heddle corpus import`. */
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { heddle, inFolder } from '../cli/run.js';
import { committedFailure } from './committed.js';

it('each schedule below a folder is taken once, whatever links there are to folders', async () => {
  await inFolder(async (cwd) => {
    mkdirSync(join(cwd, 'from', 'inner'), { recursive: true });
    mkdirSync(join(cwd, 'mine', 'corpus'), { recursive: true });
    cpSync(committedFailure('bank', 'invariant').path, join(cwd, 'from', 'inner', 'one.sched'));
    // Two of them would be 2^40 paths.
    symlinkSync('.', join(cwd, 'from', 'back'));
    const args = ['corpus', 'import', 'mine', 'from', '--model', 'bank', '-j', '1', '--json'];
    const { code, stdout } = await heddle(args, { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ candidates: 1, added: 1 });
    expect(code).toBe(0);
  });
});
