import { beforeAll, describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import type { ModelArtefact } from '../../src/executor/instance.js';
import type { FindingKind } from '../../src/executor/types.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import type { FindingRecord } from '../../src/findings/finding.js';
import { executorOf, modelOf, sourceOf } from '../support/models.js';
import { failingSchedules } from '../support/schedules.js';

/** Scene of `faults.ts` → the kind, the function that fails, and the operation there. */
const FAULTS: readonly (readonly [scene: string, kind: FindingKind, where: string, operation: string])[] = [
  ['null-dereference', 'null-dereference', 'nullDereference', 'load'],
  ['use-after-free', 'use-after-free', 'useAfterFree', 'load'],
  ['use-after-free-write', 'use-after-free', 'useAfterFreeWrite', 'store'],
  ['double-free', 'double-free', 'doubleFree', 'free'],
  ['invalid-free', 'invalid-free', 'invalidFree', 'free'],
  ['invalid-access', 'invalid-access', 'invalidAccess', 'load'],
  ['invalid-access-beyond', 'invalid-access', 'invalidAccessBeyond', 'load'],
  ['leak', 'leak', 'leak', 'new'],
  ['leak-overwritten', 'leak', 'leakOverwritten', 'new'],
  ['refcount-misuse', 'refcount-misuse', 'refcountMisuse', 'call'],
  ['refcount-misuse-put', 'refcount-misuse', 'refcountMisusePut', 'call'],
  ['self-deadlock', 'self-deadlock', 'selfDeadlock', 'lock'],
  ['unlock-by-non-owner', 'unlock-by-non-owner', 'unlockByNonOwner', 'unlock'],
  ['sleep-in-atomic', 'sleep-in-atomic', 'sleepInAtomic', 'lock'],
  ['no-progress', 'no-progress', 'noProgress', 'loop'],
  ['step-limit', 'step-limit', 'stepLimit', 'store'],
  ['stack-depth', 'stack-depth', 'down', 'enter'],
  ['trap', 'trap', 'trap', 'load'],
  ['trap-unreachable', 'trap', 'trapUnreachable', 'trap'],
  ['abort', 'abort', 'abort_', 'abort'],
  ['assertion', 'assertion', 'assertion', 'call'],
  ['invariant-always', 'invariant', 'invariantAlways', 'store'],
  ['out-of-memory', 'out-of-memory', 'outOfMemory', 'new'],
];

/** A symptom for each kind, and a narrower one before them. */
const KINDS = [...new Set<string>([...FAULTS.map(([, kind]) => kind), 'deadlock'])];
const SYMPTOMS = [
  `symptom('written', 'a freed cell is written').on('kind', 'use-after-free').on('object', 'Cell').on('function', '*Write');`,
  ...KINDS.map((kind) => `symptom('a ${kind}', '').on('kind', '${kind}');`),
].join('\n  ');

let artefact: ModelArtefact;

beforeAll(async () => {
  const source = sourceOf('test/models/faults.ts')
    .replace('SpinLock, When', 'SpinLock, symptom, When')
    .replace('export function register(): void {', `export function register(): void {\n  ${SYMPTOMS}`);
  artefact = await modelOf(source, 'faults');
}, 30_000);

function recordOf(scene: string): FindingRecord {
  const executor = Executor.create({ artefact, configuration: { scene } });
  return analyseFinding(executor, executor.sceneSchedule(), null);
}

describe('analyseFinding', () => {
  it.each(FAULTS)('names kind, place and symptom of %s', (scene, kind, where, operation) => {
    const record = recordOf(scene);
    expect(record.kind).toBe(kind);
    expect(record.place).toMatchObject({ function: where, operation, file: 'faults.ts', task: scene });
    expect(record.place?.line).toBeGreaterThan(0);
    expect(record.symptom).toBe(scene === 'use-after-free-write' ? 'written' : `a ${kind}`);
    expect(record.signature).toMatch(/^[0-9a-f]{16}$/);
    expect(record.identity[0]).toBe(kind);
    expect(record.title).toContain(kind);
    expect(record.report).toContain(record.title);
    expect(record.report).toContain(`${kind}-${record.signature}`);
    expect(record.preemptions).toBe(0);
    expect(record.diagram).toContain(kind);
  });

  it('tells where the object was allocated and freed, and by whom', () => {
    const record = recordOf('use-after-free');
    expect(record).toMatchObject({
      object: 'Cell+0',
      allocated: { function: 'useAfterFree', operation: 'new', task: 'use-after-free' },
      freed: { function: 'useAfterFree', operation: 'free', task: 'use-after-free' },
      identity: ['use-after-free', 'at useAfterFree load Cell.x', 'freed by useAfterFree free'],
    });
    expect(record.report).toContain('Freed by     useAfterFree (faults.ts:');
    expect(recordOf('refcount-misuse').allocated?.task).toBe('boot');
  });

  it('tells of an invariant at the end that it has no place', () => {
    const record = recordOf('invariant');
    expect(record).toMatchObject({
      kind: 'invariant',
      place: null,
      message: 'x does not end as 1313',
      symptom: 'a invariant',
    });
    expect(record.identity).toEqual(['invariant', 'x does not end as 1313']);
    expect(record.diagram).toContain('=> invariant “x does not end as 1313” is broken at the end');
  });

  it('tells the cycle of a deadlock in words', () => {
    const executor = Executor.create({ artefact, configuration: { scene: 'deadlock' } });
    const hot = { ...executor.sceneSchedule(), deviations: [{ task: 0, step: 1, target: 1 }] };
    const record = analyseFinding(executor, hot, null, { command: 'heddle replay faults x.sched' });
    expect(record).toMatchObject({ kind: 'deadlock', symptom: 'a deadlock', preemptions: 1 });
    expect(record.identity).toEqual(['deadlock', 'deadlock waits for Mutex']);
    expect(record.report).toMatch(
      /deadlock\(0\) waits for Mutex in deadlock \(faults\.ts:\d+\), held by deadlock\(1\) since deadlock \(faults\.ts:\d+\)/,
    );
    expect(record.report).toMatch(
      /deadlock\(0\) \[0\] gives way to deadlock\(1\) \[1\] before deadlock lock Mutex #1 \(faults\.ts:\d+\)/,
    );
    expect(record.report.endsWith('\nTo see it again:\n\n  heddle replay faults x.sched\n')).toBe(true);
    expect(record.diagram.match(/<== deadlock/g)).toHaveLength(2);
  });

  it('tells who nobody will wake', async () => {
    const executor = await executorOf('test/models/waiting.ts', { scene: 'starved' });
    const record = analyseFinding(executor, executor.sceneSchedule(), null);
    expect(record.identity).toEqual(['deadlock', 'consumer waits for Completion']);
    expect(record.report).toContain('consumer waits for Completion in consumer');
    expect(record.report).toContain('which nobody holds');
  });

  it('refuses a schedule that does not show the bucket', () => {
    const executor = Executor.create({ artefact, configuration: { scene: 'leak' } });
    const twin = Executor.create({ artefact, configuration: { scene: 'leak-twin' } });
    expect(() => analyseFinding(executor, executor.sceneSchedule(), 'deadlock at f lock Mutex')).toThrow(
      /does not show deadlock at f lock Mutex; it shows leak at leak new Cell/,
    );
    expect(() => analyseFinding(twin, twin.sceneSchedule(), null)).toThrow(
      expect.objectContaining({ code: 'HDL_NOT_REPRODUCED' }),
    );
  });
});

describe('the symptom', () => {
  const MODEL = `
    import { event, free, scene, symptom } from 'heddle';
    class Cell { x: i32 = 0; next: Cell | null = null; }
    const box = new Cell();
    function make(): Cell { return new Cell(); }
    function put(): void { box.next = make(); }
    function drop(cell: Cell): void { free(cell); }
    function move(cell: Cell): void { box.next = make(); free(cell); }
    function clear(): void { const cell = box.next!; box.next = null; drop(cell); }
    function renew(): void { move(box.next!); }
    function use(): void { if (box.next) box.x = box.next!.x; }
    export function register(): void {
      event('clear', clear);
      event('renew', renew);
      event('use', use);
      scene('clear', put).with('clear').with('use');
      scene('renew', put).with('renew').with('use');
      symptom('moved', '').on('freed', 'move').on('allocated', 'make').on('by', 'renew');
      symptom('cleared', '').on('cleared', 'clear').on('by', 'clear').on('interrupted', 'use');
      symptom('dropped', '').on('freed', 'drop').on('task', 'use').on('interrupted', 'use');
    }`;

  it.each([
    ['renew', 'use-after-free', 'moved'],
    ['clear', 'null-dereference', 'cleared'],
    ['clear', 'use-after-free', 'dropped'],
  ] as const)('knows who freed and cleared: %s, %s', async (scene, kind, name) => {
    const executor = Executor.create({ artefact: await modelOf(MODEL, 'roles'), configuration: { scene } });
    const [schedule] = failingSchedules(executor, kind);
    if (!schedule) throw new Error(`no ${kind} in ${scene}`);
    const finding = executor.run(schedule).findings.find((found) => found.kind === kind);
    expect(analyseFinding(executor, schedule, finding ?? null).symptom).toBe(name);
  });
});

describe('an invariant at a named moment', () => {
  const path = 'test/models/moments.ts';

  it('has a name and a place, and its twin is silent', async () => {
    const executor = await executorOf(path, { scene: 'seen' });
    const [schedule] = failingSchedules(executor, 'invariant');
    if (!schedule) throw new Error('no invariant is broken');
    const record = analyseFinding(executor, schedule, null);
    expect(record.identity.slice(0, 2)).toEqual(['invariant', 'y is even']);
    expect(record.place).toMatchObject({ function: 'look', task: 'look' });
    expect(failingSchedules(await executorOf(path, { scene: 'seen-twin' }), 'invariant', 1, 300)).toEqual([]);
  });

  it('that fails for itself ends the run with that finding', async () => {
    const executor = await executorOf(path, { scene: 'faulty' });
    const { findings } = executor.run(executor.sceneSchedule());
    expect(findings.map((f) => f.kind)).toEqual(['null-dereference']);
    expect(executor.run(executor.sceneSchedule()).hash).toBe(executor.run(executor.sceneSchedule()).hash);
    const twin = await executorOf(path, { scene: 'faulty-twin' });
    expect(twin.run(twin.sceneSchedule()).findings).toEqual([]);
  });
});
