import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heddle } from '../cli/run.js';
import { committedEntries } from '../corpus/committed.js';
import { size } from '../support/size.js';
import { findingsOf } from './campaigns.js';

/** Processes for each schedule. Each runs it in the release and in the debug executor. */
const PROCESSES = { default: 3, ci: 8, soak: 100 }[size().name];
const TIMEOUT_MS = 30_000 + PROCESSES * 4_000;

interface Replayed {
  readonly verdict: string;
  readonly points: number;
  readonly state: string;
  readonly trace: string;
  readonly verification: {
    readonly runs: number;
    readonly equal: number;
    readonly state: string;
    readonly trace: string;
  };
  readonly finding: { readonly kind: string; readonly signature: string; readonly symptom: string } | null;
}

const root = mkdtempSync(join(tmpdir(), 'heddle-replay-'));
/** Folder of one finding by the name of its model. */
const folders = new Map<string, string>();
const MODELS = ['bank', 'abba', 'iommu'] as const;

beforeAll(async () => {
  const [bank, abba, iommu] = await Promise.all([
    findingsOf(join(root, 'bank'), ['bank', '--design', 'racy'], 5_000),
    findingsOf(join(root, 'abba'), ['abba', '--design', 'abba'], 5_000),
    findingsOf(join(root, 'iommu'), ['iommu', '--design', 'v6.6', '--scene', 'walk-client'], 5_000),
  ]);
  folders.set('bank', bank[0] ?? '');
  folders.set('abba', abba[0] ?? '');
  folders.set('iommu', iommu.find((folder) => basename(folder).startsWith('use-after-free')) ?? '');
}, 60_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

const folderOf = (model: string): string => folders.get(model) ?? '';
const recordOf = (folder: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder, 'finding.json'), 'utf8'));

/** One process after the other on each core; what they print and how they exit. */
async function inProcesses(path: string): Promise<{ code: number | null; replayed: Replayed }[]> {
  const results: { code: number | null; replayed: Replayed }[] = [];
  let left = PROCESSES;
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      const { code, stdout } = await heddle(['replay', path, '--json', '--verify', '2']);
      results.push({ code, replayed: JSON.parse(stdout) });
    }
  };
  await Promise.all(Array.from({ length: Math.min(PROCESSES, availableParallelism()) }, lane));
  return results;
}

/** Asserts that all processes and both executors agree; answers what they say. */
function agreed(results: readonly { code: number | null; replayed: Replayed }[], code: number): Replayed {
  const [first] = results;
  if (!first) throw new Error('no process ran');
  expect(results).toHaveLength(PROCESSES);
  for (const result of results) expect(result).toEqual(first);
  expect(first.code).toBe(code);
  const { verification, state, trace } = first.replayed;
  expect(verification).toEqual({ runs: 2, equal: 2, state, trace });
  expect(state).toMatch(/^[0-9a-f]{16}$/);
  expect(trace).toMatch(/^[0-9a-f]{64}$/);
  return first.replayed;
}

describe(`replay in ${PROCESSES} processes`, () => {
  it.each(MODELS)(
    'of a finding of %s: the same trace and state in each, release and debug',
    async (model) => {
      const { kind, signature, symptom, hash } = recordOf(folderOf(model));
      const replayed = agreed(await inProcesses(folderOf(model)), 3);
      expect(replayed).toMatchObject({ verdict: 'reproduced', state: hash, finding: { kind, signature, symptom } });
    },
    TIMEOUT_MS,
  );

  it.each(MODELS)(
    'of a passing schedule of %s: the same trace and state in each',
    async (model) => {
      const passing = committedEntries()
        .filter(({ schedule, verdict }) => schedule.model === model && verdict === 'passes')
        .sort((a, b) => b.schedule.deviations.length - a.schedule.deviations.length);
      const replayed = agreed(await inProcesses(passing[0]?.path ?? ''), 0);
      expect(replayed).toMatchObject({ verdict: 'passes', finding: null });
    },
    TIMEOUT_MS,
  );
});

describe('a finding', () => {
  it.each(MODELS)('of %s is the same by its folder, its record, its schedule, and elsewhere', async (model) => {
    const folder = folderOf(model);
    const copy = join(root, `copy-${model}`);
    cpSync(folder, copy, { recursive: true });
    const outcomes = await Promise.all(
      [folder, join(folder, 'finding.json'), join(folder, 'min.sched'), copy].map((path) =>
        heddle(['replay', path, '--json']),
      ),
    );
    const texts = new Set(outcomes.map(({ stdout }) => stdout));
    expect(outcomes.map(({ code }) => code)).toEqual([3, 3, 3, 3]);
    expect(texts.size).toBe(1);
  });

  it.each(MODELS)('of %s: explain says what its report says', async (model) => {
    const folder = folderOf(model);
    const record = recordOf(folder);
    const text = await heddle(['explain', folder]);
    expect(text.code).toBe(0);
    expect(text.stdout.split('\n')[0]).toBe(record.title);
    expect(text.stdout).toContain(`${record.kind}-${record.signature}`);
    expect(text.stdout.replace(/^ +/gm, '')).toContain((record.diagram as string).trim().replace(/^ +/gm, ''));
    const json = await heddle(['explain', folder, '--json']);
    const { kind, signature, symptom, identity, schedule, hash } = record;
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: 'heddle.explain/1',
      ...{ kind, signature, symptom, identity, schedule, hash },
    });
  });

  it.each(MODELS)(
    'of %s: minimize finds nothing left to take away, and its result is the same finding',
    async (model) => {
      const folder = folderOf(model);
      // Whether the minimum is proved is another matter; a search for the proof takes a minute in the IOMMU model.
      const { code, stdout } = await heddle(['minimize', folder, '-q', '--transitions', '20000']);
      expect(code).toBe(0);
      expect(stdout).toBe(readFileSync(join(folder, 'min.sched'), 'utf8'));
      const again = await heddle(['replay', '-', '--json'], { input: stdout });
      const { kind, signature } = recordOf(folder);
      expect(JSON.parse(again.stdout)).toMatchObject({ verdict: 'reproduced', finding: { kind, signature } });
    },
    120_000,
  );

  it('in a schedule with more than it needs is minimized to the one that is known', async () => {
    const folder = folderOf('bank');
    const padded = readFileSync(join(folder, 'min.sched'), 'utf8')
      .replace(/^(switch)/m, 'event transfer 5\nevent transfer 7\n$1')
      .concat('switch 2 transfer load Account.balance #1 -> 3\n');
    const { code, stdout, stderr } = await heddle(['minimize', '-'], { input: padded });
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /4 events and \d+ decisions → 2 events and 1 decision in \d+ runs\nproved minimal: no fewer than 1 preemption, and no event less\n$/,
    );
    const replayed = await heddle(['replay', '-', '--json'], { input: stdout });
    expect(JSON.parse(replayed.stdout)).toMatchObject({ finding: { kind: 'invariant' } });
  });

  it('that is not there cannot be explained or minimized', async () => {
    const passing = committedEntries().find(({ verdict }) => verdict === 'passes')?.path ?? '';
    for (const command of ['explain', 'minimize']) {
      const { code, stdout, stderr } = await heddle([command, passing]);
      expect(stderr).toMatch(/^error: the schedule does not show any finding\nhint: it passes/);
      expect([code, stdout]).toEqual([4, '']);
    }
  });

  it('of one design is looked for in another: exit code 4, and what is shown instead', async () => {
    const { code, stdout } = await heddle(['replay', folderOf('iommu'), '--design', 'v6.7', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'not-reproduced' });
    expect(code).toBe(4);
  });
});
