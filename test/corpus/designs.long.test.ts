/** A folder may hold the corpora of several designs and options: a command on one of them leaves the others as they are. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { CorpusStore } from '../../src/corpus/store.js';
import { formatSchedule } from '../../src/schedule/text.js';
import { heddle } from '../cli/run.js';
import { sourceOf } from '../support/models.js';
import { temporaryFolder } from '../support/temporary.js';

const QUIET = ['-j', '1', '--ui', 'none', '-q', '--exit-zero'];

/** A campaign of the racy bank in `c`, with three entries of the locked one, whose model is `bank.ts` there. */
async function makeFolderOfTwo(cwd: string): Promise<readonly string[]> {
  writeFileSync(join(cwd, 'bank.ts'), sourceOf('examples/bank.ts'));
  const fuzz = (design: string, out: string): Promise<unknown> =>
    heddle(['fuzz', './bank.ts', '--design', design, '--max-execs', '3000', '-o', out, ...QUIET], { cwd });
  await fuzz('locked', 'c');
  const locked = new CorpusStore(join(cwd, 'c', 'corpus')).files();
  await fuzz('racy', 'c');
  return locked;
}

/** It is made once; each test has it as it was, at the same place, where the model is built already. */
let cwd = '';
let kept = '';
let locked: readonly string[] = [];
beforeAll(async () => {
  [cwd, kept] = [temporaryFolder('designs'), temporaryFolder('designs-kept')];
  locked = await makeFolderOfTwo(cwd);
  cpSync(cwd, kept, { recursive: true });
}, 120_000);

function folderOfTwo(): { readonly store: CorpusStore } {
  rmSync(cwd, { recursive: true });
  cpSync(kept, cwd, { recursive: true });
  return { store: new CorpusStore(join(cwd, 'c', 'corpus')) };
}

it('check, minimize and migrate', async () => {
  const { store } = folderOfTwo();
  expect(locked.length).toBeGreaterThan(0);
  const others = locked.length;
  const json = async (...args: string[]): Promise<Record<string, unknown>> => {
    const { code, stdout, stderr } = await heddle(['corpus', ...args, '-j', '1', '--json'], { cwd });
    expect({ args, code, stderr }).toMatchObject({ code: 0 });
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  expect(await json('check', 'c')).toMatchObject({ others, refused: [] });
  expect(await json('check', 'c', '--design', 'locked')).toMatchObject({ entries: others, refused: [] });
  expect(await json('minimize', 'c')).toMatchObject({ others });
  expect(store.files()).toEqual(expect.arrayContaining([...locked]));
  writeFileSync(join(cwd, 'bank.ts'), `${sourceOf('examples/bank.ts')}\n// edited\nexport const more: i32 = 1;\n`);
  expect(await json('migrate', 'c')).toMatchObject({ others, lost: 0 });
  expect(store.files()).toEqual(expect.arrayContaining([...locked]));
}, 120_000);

it('another model is refused, and nothing is removed', async () => {
  const { store } = folderOfTwo();
  const before = store.files();
  const header = readFileSync(join(cwd, 'c', 'campaign.json'), 'utf8');
  const { code, stderr } = await heddle(['corpus', 'migrate', 'c', '--model', 'abba', '-j', '1'], { cwd });
  expect(code).toBe(5);
  expect(stderr).toMatch(/c is a campaign of bank, not of abba/);
  expect(store.files()).toEqual(before);
  expect(readFileSync(join(cwd, 'c', 'campaign.json'), 'utf8')).toBe(header);
  // A corpus without a header: what is of another model has nothing to do there.
  mkdirSync(join(cwd, 'bare'));
  cpSync(join(cwd, 'c', 'corpus'), join(cwd, 'bare'), { recursive: true });
  const bare = ['corpus', 'migrate', 'bare', '--model', 'abba', '-j', '1', '--json'];
  const { stdout } = await heddle(bare, { cwd });
  expect(JSON.parse(stdout)).toMatchObject({ before: 0, others: before.length, lost: 0 });
  expect(new CorpusStore(join(cwd, 'bare')).files()).toHaveLength(before.length);
}, 120_000);

it('a campaign that has lost its corpus gets it back in its place', async () => {
  const { store } = folderOfTwo();
  const texts = store.load(() => {}).filter(({ schedule }) => schedule.design === 'racy');
  mkdirSync(join(cwd, 'from'));
  for (const { id, schedule } of texts) writeFileSync(join(cwd, 'from', `${id}.sched`), formatSchedule(schedule));
  rmSync(join(cwd, 'c', 'corpus'), { recursive: true });
  await heddle(['corpus', 'import', 'c', 'from', '-j', '1'], { cwd });
  expect(store.files().length).toBeGreaterThan(0);
}, 120_000);
