/** What a campaign writes: flushed before it is in place, in place before the journal names it, and in the order in which it was asked for. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Journal, readJournal } from '../../src/campaign/journal.js';
import { Writes } from '../../src/campaign/writes.js';
import { type FaultPlan, injectFaults } from '../../src/corpus/disk.js';

let dir = '';
let warnings: string[] = [];
let failures: unknown[] = [];
let operations: string[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'heddle-writes-'));
  [warnings, failures, operations] = [[], [], []];
});
afterEach(() => {
  injectFaults(null);
  rmSync(dir, { recursive: true, force: true });
});

const file = (name: string) => ({ path: join(dir, name), content: name });
const nameOf = (path: string): string => (path.split('/').at(-1) ?? '').replace(/\.\d+\.\d+\.tmp$/, '');
const journalled = (): string[] =>
  readJournal(join(dir, 'journal.ndjson')).lines.flatMap((line) => (line.type === 'entry' ? [line.id] : []));

function writesWith(plan: FaultPlan): Writes {
  injectFaults((operation, path) => {
    operations.push(`${operation} ${nameOf(path)}`);
    return plan(operation, path);
  });
  return new Writes(
    new Journal(join(dir, 'journal.ndjson')),
    (message) => warnings.push(message),
    (error) => failures.push(error),
  );
}

function entry(writes: Writes, id: string): void {
  writes.files(() => [file(`${id}.json`), file(`${id}.sched`)]);
  writes.line({ type: 'entry', id, parent: '', origin: '', fresh: 1, at: 0 }, false);
}

it('flushes what is asked for together at once, and names nothing before it is in place', async () => {
  const writes = writesWith(() => null);
  const ids = Array.from({ length: 200 }, (_, i) => `e${i}`);
  for (const id of ids) entry(writes, id);
  expect(existsSync(join(dir, 'e0.sched'))).toBe(false);
  await writes.settle();
  expect(journalled()).toEqual(ids);
  const at = (operation: string): number => operations.indexOf(operation);
  for (const id of ids) {
    const appended = operations.findIndex((o, i) => o === 'write journal.ndjson' && i > at(`rename ${id}.sched`));
    const order = ['write .json', 'fsync .json', 'rename .json', 'rename .sched'].map((o) =>
      at(o.replace('.', `${id}.`)),
    );
    expect([...order, appended]).toEqual([...order, appended].sort((a, b) => a - b));
    expect(at(`fsync ${id}.sched`)).toBeLessThan(at(`rename ${id}.json`));
    expect(order[0]).toBeGreaterThanOrEqual(0);
  }
  // So many files, so few lots: a line is not written by itself.
  expect(operations.filter((o) => o === 'write journal.ndjson').length).toBeLessThan(10);
});

it('lets what comes later wait for what came first', async () => {
  const writes = writesWith(() => null);
  const seen: boolean[] = [];
  entry(writes, 'first');
  writes.other(() => seen.push(existsSync(join(dir, 'first.sched')), journalled().includes('first')));
  entry(writes, 'second');
  expect(seen).toEqual([]);
  await writes.settle();
  expect(seen).toEqual([true, true]);
  expect(journalled()).toEqual(['first', 'second']);
});

it.each(['open', 'write', 'fsync', 'rename'])('keeps the order when %s fails for a while', async (operation) => {
  let left = 2;
  const writes = writesWith((o, path) => (o === operation && nameOf(path) === 'b.sched' && left-- > 0 ? 'EIO' : null));
  for (const id of ['a', 'b', 'c']) entry(writes, id);
  await writes.settle();
  expect(journalled()).toEqual(['a']);
  expect(warnings).toHaveLength(1);
  entry(writes, 'd');
  await writes.settle();
  await writes.settle();
  expect(journalled()).toEqual(['a', 'b', 'c', 'd']);
  expect(readdirSync(dir).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  expect([failures, writes.left]).toEqual([[], 0]);
});

it('is done with what was asked for while it was at work', async () => {
  const writes = writesWith(() => null);
  entry(writes, 'a');
  for (let i = 0; i < 20; i++) {
    await (i % 2 ? sleep(1) : null);
    entry(writes, `b${i}`);
  }
  for (let waited = 0; writes.left > 0 && waited < 5_000; waited += 10) await sleep(10);
  expect(journalled()).toHaveLength(21);
});

it('tells the death of the process apart from the disk', async () => {
  const writes = writesWith((operation) => (operation === 'fsync' ? 'crash' : null));
  entry(writes, 'a');
  await writes.settle();
  expect(failures.map(String)).toEqual(expect.arrayContaining([expect.stringContaining('crash at fsync')]));
  expect(journalled()).toEqual([]);
  expect(existsSync(join(dir, 'a.sched'))).toBe(false);
});
