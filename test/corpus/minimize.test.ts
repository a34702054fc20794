/** `heddle corpus minimize`: the same features with fewer entries, each executed at most twice. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CorpusStore } from '../../src/corpus/store.js';
import { scheduleId } from '../../src/corpus/read-entry.js';
import { formatSchedule, parseSchedule } from '../../src/schedule/text.js';
import { heddle, inFolder } from '../cli/run.js';

/** Its tasks choose, so that decisions of both sorts are in the corpus. */
const FUZZ = ['test/models/choosing.ts', '-j', '1', '--ui', 'none', '-q', '--exit-zero', '--seed', '5'];

interface Report {
  readonly before: number;
  readonly kept: number;
  readonly features: number;
  readonly executions: number;
  readonly executionsMax: number;
  readonly refused: readonly { readonly file: string; readonly reason: string }[];
}

async function minimize(folder: string, jobs: string): Promise<Report> {
  const { code, stdout, stderr } = await heddle(['corpus', 'minimize', folder, '-j', jobs, '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Report;
}

it('keeps every feature in fewer entries, the same ones whatever the number of workers, in two executions each', async () => {
  await inFolder(async (folder) => {
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    expect((await heddle(['fuzz', ...FUZZ, '--max-execs', '4000', '-o', a])).code).toBe(0);
    cpSync(a, b, { recursive: true });
    const one = await minimize(a, '1');
    expect(one.kept).toBeLessThan(one.before);
    expect(one).toMatchObject({ executions: 2 * one.before, executionsMax: 2, refused: [] });
    const ids = (from: string): string[] => new CorpusStore(join(from, 'corpus')).load(() => {}).map(({ id }) => id);
    expect(ids(a)).toHaveLength(one.kept);
    expect(await minimize(b, '2')).toEqual(one);
    expect(ids(b)).toEqual(ids(a));
    // Nothing is lost, and no entry of the rest can be left out.
    expect(await minimize(a, '2')).toMatchObject({ before: one.kept, kept: one.kept, features: one.features });
  });
}, 120_000);

it('leaves what does not run where it is, and says why', async () => {
  await inFolder(async (folder) => {
    const out = join(folder, 'a');
    expect((await heddle(['fuzz', ...FUZZ, '--max-execs', '500', '-o', out])).code).toBe(0);
    const store = new CorpusStore(join(out, 'corpus'));
    const [path = ''] = store.files();
    const [entry] = store.load(() => {});
    if (!entry) throw new Error('the campaign kept nothing');
    const other = formatSchedule({ ...entry.schedule, scene: 'elsewhere' });
    const file = join(path, '..', `${scheduleId(parseSchedule(other))}.sched`);
    writeFileSync(file, other);
    const { refused } = await minimize(out, '1');
    expect(refused).toEqual([{ file, reason: expect.stringContaining('elsewhere') as string }]);
    expect(store.files()).toContain(file);
  });
}, 120_000);
