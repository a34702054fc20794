/** Runs of models for the server: one at a time, kept, and ended when they take too long. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { BusyError, Inspections, TimeError } from '../../src/server/inspections.js';

const folder = mkdtempSync(join(tmpdir(), 'heddle-inspections-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A thread that does what the path of the request says, and notes that it began and ended. */
const log = join(folder, 'log');
const entry = join(folder, 'entry.mjs');
writeFileSync(
  entry,
  `import { parentPort, workerData } from 'node:worker_threads';
import { appendFileSync } from 'node:fs';
const { path } = workerData;
appendFileSync(${JSON.stringify(log)}, 'begin ' + path + '\\n');
if (path === 'hangs') for (;;) {}
if (path === 'throws') throw new Error('broken');
if (path === 'silent') process.exit(0);
await new Promise((done) => setTimeout(done, 30));
appendFileSync(${JSON.stringify(log)}, 'end ' + path + '\\n');
parentPort.postMessage(path === 'refused' ? { ok: false, error: 'no such model', hint: 'name it' } : { ok: true, value: path });
`,
);
const make = (timeMs?: number): Inspections => new Inspections(pathToFileURL(entry), timeMs);
const logged = (): string[] => readFileSync(log, 'utf8').trim().split('\n');

it('are made one at a time, and once while the file stays the same', async () => {
  writeFileSync(log, '');
  const inspections = make();
  const ask = (path: string, print = '1'): Promise<unknown> => inspections.ask({ kind: 'entry', path }, print);
  expect(await Promise.all([ask('a'), ask('b'), ask('a'), ask('c')])).toEqual(['a', 'b', 'a', 'c']);
  expect(await ask('a')).toBe('a');
  const pair = (path: string): string[] => [`begin ${path}`, `end ${path}`];
  expect(logged()).toEqual(['a', 'b', 'c'].flatMap(pair));
  await ask('a', '2');
  expect(logged()).toHaveLength(8);
});

it('that hang are ended, and the next goes on', async () => {
  const inspections = make(400);
  const hanging = inspections.ask({ kind: 'entry', path: 'hangs' }, '');
  const next = inspections.ask({ kind: 'entry', path: 'next' }, '');
  await expect(hanging).rejects.toThrow(TimeError);
  expect(await next).toBe('next');
});

it('that fail say why, and are tried again when asked again', async () => {
  writeFileSync(log, '');
  const inspections = make();
  const ask = (path: string): Promise<unknown> => inspections.ask({ kind: 'finding', path }, '');
  await expect(ask('refused')).rejects.toMatchObject({
    code: 'HDL_SCHEDULE_MODEL',
    message: 'no such model',
    hint: 'name it',
  });
  await expect(ask('throws')).rejects.toThrow('its run failed: broken');
  await expect(ask('silent')).rejects.toThrow(BusyError);
  await expect(ask('refused')).rejects.toThrow('no such model');
  expect(logged().filter((line) => line === 'begin refused')).toHaveLength(2);
});

it('of which there are too many are refused at once; closing ends what runs', async () => {
  const inspections = make();
  const asked = Array.from({ length: 20 }, (_, i) =>
    inspections.ask({ kind: 'entry', path: i === 0 ? 'hangs' : `x${i}` }, '').catch((error: Error) => error),
  );
  const refused = await Promise.all(asked.slice(16));
  for (const error of refused) expect(error).toBeInstanceOf(BusyError);
  inspections.close();
  for (const error of await Promise.all(asked)) expect(error).toBeInstanceOf(BusyError);
});
