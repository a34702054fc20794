import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import type { FindingKind } from '../../src/executor/types.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import type { FindingRecord } from '../../src/findings/finding.js';
import { minimizeFinding } from '../../src/findings/minimize.js';
import { bucketOf } from '../../src/findings/place.js';
import { executorOf, modelOf, sourceOf } from '../support/models.js';
import { failingSchedules } from '../support/schedules.js';

function minimizedRecords(executor: Executor, kind: FindingKind, count: number): FindingRecord[] {
  return failingSchedules(executor, kind, count).map((schedule) => {
    const raw = executor.run(schedule).findings.find((finding) => finding.kind === kind);
    const bucket = raw ? bucketOf(raw, executor.manifest) : kind;
    const { hot } = minimizeFinding(executor, schedule, bucket);
    return analyseFinding(executor, hot, bucket, { minimized: true });
  });
}

function signatures(records: readonly FindingRecord[]): string[] {
  return [...new Set(records.map(({ signature }) => signature))].sort();
}

describe('a signature', () => {
  it('is the same for all schedules of one deadlock', async () => {
    const executor = await executorOf('examples/abba.ts');
    const records = minimizedRecords(executor, 'deadlock', 12);
    expect(records).toHaveLength(12);
    expect(signatures(records)).toHaveLength(1);
    expect(records[0]?.identity).toEqual(['deadlock', 'backward waits for Mutex', 'forward waits for Mutex']);
  });

  it('is the same wherever a handler interrupts the task that holds its lock, and the report says who stands still', async () => {
    const executor = await executorOf('test/models/kit-irq.ts', { scene: 'plain' });
    const records = minimizedRecords(executor, 'deadlock', 12);
    expect(new Set(records.map(({ schedule }) => JSON.stringify(schedule.deviations))).size).toBeGreaterThan(1);
    expect(signatures(records)).toHaveLength(1);
    const [record] = records;
    expect(record?.title).toMatch(/\(interrupted\)/);
    expect(record?.identity).toContain('plain is interrupted');
    expect(record?.report).toMatch(
      /plain stands still in plain \(kit-irq\.ts:\d+\): interrupting runs on its processor, and has not ended/,
    );
    expect(record?.report).not.toMatch(/held by interrupting/);
  });

  it('of a reader that asks again names the writer which it waits behind', async () => {
    const artefact = await modelOf(
      `
import { event, RwSem, scene } from 'heddle';
const sem = new RwSem();
function readTwice(): void { sem.downRead(); sem.downRead(); sem.upRead(); sem.upRead(); }
function write(): void { sem.downWrite(); sem.upWrite(); }
export function register(): void {
  event('read-twice', readTwice);
  event('write', write);
  scene('both').with('read-twice').with('write');
}`,
      'read-twice',
    );
    const [record] = minimizedRecords(Executor.create({ artefact }), 'deadlock', 1);
    expect(record?.identity).toEqual(['deadlock', 'readTwice waits for RwSem', 'write waits for RwSem']);
    expect(record?.report).toMatch(/read-twice waits for RwSem in readTwice \(read-twice\.ts:4\), behind write$/m);
    expect(record?.report).toMatch(
      /write waits for RwSem in write \(read-twice\.ts:5\), held by read-twice since readTwice/,
    );
  });

  it('is the same for all schedules that lose money', async () => {
    const executor = await executorOf('examples/bank.ts');
    const records = minimizedRecords(executor, 'invariant', 20);
    expect(records).toHaveLength(20);
    expect(signatures(records)).toHaveLength(1);
    expect(records[0]?.identity).toEqual([
      'invariant',
      'no money is lost',
      'interrupted before transfer store Account.balance #1',
    ]);
  });

  it.each([
    ['examples/abba.ts', 'deadlock'],
    ['examples/bank.ts', 'invariant'],
    ['examples/double-checked.ts', 'assertion'],
  ] as const)('of %s does not change when lines move', async (path, kind) => {
    const source = sourceOf(path).replace(/^(class|function)/gm, '// A comment.\n\n$1');
    const name = path.replace(/^.*\/|\.ts$/g, '');
    const edited = Executor.create({ artefact: await modelOf(source, name) });
    const original = await executorOf(path);
    expect(source).not.toBe(sourceOf(path));
    expect(signatures(minimizedRecords(edited, kind, 10))).toEqual(signatures(minimizedRecords(original, kind, 10)));
  });

  it('names who made the pointer NULL, or that nobody did', async () => {
    const source = `
import { event, free, scene } from 'heddle';
class Spec { ids: i32 = 1; }
class Device { spec: Spec | null = null; other: Spec | null = null; }
const device = new Device();
function probe(): void {
  device.spec = new Spec();
  device.spec!.ids += 1;
}
function release(): void {
  const spec = device.spec;
  device.spec = null;
  if (spec) free(spec);
}
function early(): void {
  device.other!.ids += 1;
}
export function register(): void {
  event('probe', probe);
  event('release', release);
  event('early', early);
  scene('race').with('probe').with('release');
  scene('early').with('early');
}`;
    const artefact = await modelOf(source, 'null');
    const race = Executor.create({ artefact, configuration: { scene: 'race' } });
    const [record] = minimizedRecords(race, 'null-dereference', 1);
    expect(record?.identity.at(-1)).toBe('cleared by release store Device.spec');
    const early = Executor.create({ artefact, configuration: { scene: 'early' } });
    expect(analyseFinding(early, early.sceneSchedule(), null).identity.at(-1)).toBe('the pointer was never set');
  });
});
