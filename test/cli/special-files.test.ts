/** Pipes where files are expected: real ones, that nobody writes to. Whoever opens one waits for ever, so an answer at all is the point. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildModel } from '../../src/build/index.js';
import { inspect, inspectEntry } from '../../src/cli/inspect.js';
import { Inspections } from '../../src/server/inspections.js';

const root = mkdtempSync(join(tmpdir(), 'heddle-special-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const pipe = (path: string): string => {
  execFileSync('mkfifo', [path]);
  return path;
};

const SCHEDULE = 'heddle-schedule 1\nmodel mine\ndesign default\nscene one\nevent step 1\n';
let names = 0;
/** A campaign's folder with one entry, whose header names this model. Answers the entry's path. */
function campaign(modelArgument: string): string {
  const dir = join(root, `campaign-${names++}`);
  mkdirSync(join(dir, 'corpus'), { recursive: true });
  writeFileSync(join(dir, 'campaign.json'), JSON.stringify({ modelArgument }));
  const entry = join(dir, 'corpus', 'one.sched');
  writeFileSync(entry, SCHEDULE);
  return entry;
}

const refused = (path: string) => ({
  ok: false,
  error: `${path} is no regular file but a pipe, a socket or a device: it is not read`,
  hint: 'put a regular file in its place, or name another',
});

beforeAll(() => {
  mkdirSync(join(root, 'folder'));
  pipe(join(root, 'mine.ts'));
  pipe(join(root, 'folder', 'index.ts'));
  pipe(join(root, 'imported.ts'));
});

it('as a model are refused: the file, the index of a folder, a device', async () => {
  for (const [argument, path] of [
    [join(root, 'mine.ts'), join(root, 'mine.ts')],
    [join(root, 'folder'), join(root, 'folder', 'index.ts')],
    ['/dev/zero', '/dev/zero'],
  ] as const) {
    expect(await inspect({ kind: 'entry', path: campaign(argument) })).toEqual(refused(path));
  }
  await expect(buildModel(join(root, 'mine.ts'))).rejects.toMatchObject({ code: 'HDL_IO' });
});

it('in what a model imports are refused', async () => {
  const model = join(root, 'imports.ts');
  writeFileSync(model, "import { x } from './imported';\nexport function register(): void { x(); }\n");
  await expect(buildModel(model)).rejects.toMatchObject({
    code: 'HDL_IO',
    message: expect.stringContaining(join(root, 'imported.ts')),
  });
});

it('that take the place of a file in the cache’s list are not read', async () => {
  const folder = join(root, 'replaced');
  cpSync(resolve('test/models/two-by-three.ts'), join(folder, 'two-by-three.ts'));
  await buildModel(join(folder, 'two-by-three.ts'));
  rmSync(join(folder, 'two-by-three.ts'));
  pipe(join(folder, 'two-by-three.ts'));
  await expect(buildModel(join(folder, 'two-by-three.ts'))).rejects.toMatchObject({ code: 'HDL_IO' });
});

it('beside an entry are refused: a header, a finding', async () => {
  const inner = campaign('mine.ts');
  const header = pipe(join(inner, '..', 'campaign.json'));
  expect(await inspect({ kind: 'entry', path: inner })).toEqual(refused(header));
  const entry = campaign('mine.ts');
  rmSync(entry);
  mkdirSync(entry);
  const schedule = pipe(join(entry, 'min.sched'));
  expect(await inspect({ kind: 'finding', path: entry })).toEqual(refused(schedule));
  const record = pipe(join(entry, 'finding.json'));
  expect(await inspect({ kind: 'finding', path: record })).toEqual(refused(record));
});

it('do not hold up the server’s thread: the next question is answered', async () => {
  const inspections = new Inspections(inspectEntry());
  for (let i = 0; i < 2; i++) {
    const asked = inspections.ask({ kind: 'entry', path: campaign(join(root, 'mine.ts')) }, '');
    await expect(asked).rejects.toThrow(/mine\.ts is no regular file/);
  }
  inspections.close();
});
