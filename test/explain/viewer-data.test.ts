/** The data of the interleaving viewer: step for step the diagram, with the values, holders and objects that the model's text says. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { fromPortable } from '../../src/executor/portable.js';
import { explainFinding, viewOfRun } from '../../src/explain/explanation.js';
import { windowed } from '../../src/explain/view-window.js';
import type { ViewerData } from '../../src/explain/viewer-data.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import { bucketOf } from '../../src/findings/place.js';
import type { HotSchedule } from '../../src/schedule/schedule.js';
import { committedEntries, committedFailure, sourceOfModel } from '../corpus/committed.js';
import { modelAt, modelOf } from '../support/models.js';
import { failingSchedules } from '../support/schedules.js';
import { lanesOf, rowTexts, valuesAfter } from '../support/viewer.js';

interface Case {
  readonly artefact: Awaited<ReturnType<typeof modelAt>>;
  readonly scene?: string;
  readonly design?: string;
  readonly build?: 'oracles';
  readonly steps?: number;
  readonly hot: (executor: Executor) => HotSchedule;
}

function executorsOf({ artefact, scene = '', design = '', build, steps = 2_000 }: Case): [Executor, Executor] {
  const limits = { steps, fuel: 1 << 20 };
  const base = { artefact, configuration: { scene, design }, limits, ...(build ? { build } : {}) };
  return [Executor.create(base), Executor.create({ ...base, eager: true })];
}

/** The viewer's data, checked against the diagram that it must agree with. */
function viewed(one: Case): ViewerData {
  const [executor, eager] = executorsOf(one);
  const hot = one.hot(executor);
  const [raw] = executor.run(hot).findings;
  if (!raw) throw new Error('the schedule does not fail');
  const record = analyseFinding(executor, hot, bucketOf(raw, executor.manifest));
  const explanation = explainFinding({ executor, eager, hot, record });
  expect(rowTexts(explanation.viewer)).toEqual(rowTexts(explanation));
  return explanation.viewer;
}

async function ofCommitted({ schedule }: ReturnType<typeof committedFailure>): Promise<ViewerData> {
  const { scene, design, model } = schedule;
  const artefact = await modelAt(sourceOfModel(model));
  return viewed({ artefact, scene, design, hot: (executor) => fromPortable(executor, schedule).hot });
}

const sceneOf = (executor: Executor): HotSchedule => executor.sceneSchedule();

/** The reader still has the box when the other task frees it. */
const BOX = `
import { event, free, scene } from 'heddle';
class Box { full: bool = true; count: i32 = 7; big: i64 = 1; }
class Shelf { box: Box | null = null; }
const shelf = new Shelf();
let takes: i32 = 3;
function take(): void {
  const box = shelf.box;
  if (box == null) return;
  takes = takes + 1;
  box!.count = box!.count - 1;
}
function clear(): void {
  const box = shelf.box;
  shelf.box = null;
  if (box) free(box);
}
export function register(): void {
  event('take', take);
  event('clear', clear);
  scene('both', () => { shelf.box = new Box(); }).with('take').with('clear');
}`;

/** One box is made and put where all can see it. */
const MADE = `
import { check, event, scene } from 'heddle';
class Box { low: u8 = 1; high: u8 = 2; wide: u16 = 300; count: i32 = -5; big: i64 = -6000000000; next: Box | null = null; }
class Shelf { box: Box | null = null; rows: StaticArray<i32> = new StaticArray<i32>(100); }
const shelf = new Shelf();
function put(): void {
  if (shelf.box != null) return;
  const box = new Box();
  box.count = 41;
  shelf.box = box;
  box.count = 42;
  box.high = 3;
  shelf.rows[70] = 9;
  box.next = box;
  check(false, 'seen');
}
export function register(): void {
  event('put', put).arg('n', 0, 1);
  scene('one').with('put');
}`.replace('function put()', 'function put(n: i32)');

describe('the steps of a run', () => {
  it('are those of the diagram of the bank, with the balances that its text says', async () => {
    const data = await ofCommitted(committedFailure('bank', 'invariant'));
    expect(lanesOf(data)).toEqual([
      'transfer(10) transfer Account#1.balance read 100',
      'transfer(10) transfer Account#1.balance write 90',
      'transfer(10) transfer Account#2.balance read 100',
      'transfer(20) transfer Account#1.balance read 90',
      'transfer(20) transfer Account#1.balance write 70',
      'transfer(20) transfer Account#2.balance read 100',
      'transfer(20) transfer Account#2.balance write 120',
      'transfer(20)  (ends)',
      'transfer(10) transfer Account#2.balance write 110',
      'transfer(10)  (ends)',
    ]);
    const last = data.steps[8];
    expect(last).toMatchObject({ before: '120', value: '110', arrival: 'end', changes: [[1, 0, '110']] });
    expect(last).toMatchObject({ file: 'bank.ts', line: 19, source: 'bob.balance += amount;' });
    expect(data.steps.map(({ arrival }) => arrival)).toEqual([
      'start',
      '',
      '',
      'preemption',
      '',
      '',
      '',
      '',
      'end',
      '',
    ]);
    expect(valuesAfter(data, 3)).toEqual({ 'Account#1.balance': '90', 'Account#2.balance': '100' });
    expect(valuesAfter(data, 9)).toEqual({ 'Account#1.balance': '70', 'Account#2.balance': '110' });
    expect(data.tasks[1]).toEqual({ name: 'transfer(20)', event: 'transfer', args: [{ name: 'amount', value: 20 }] });
  });

  it('have the pairs of the orders that explain found, and the curve over the same steps', async () => {
    const data = await ofCommitted(committedFailure('bank', 'invariant'));
    const orders = data.pairs.filter(({ order }) => order > 0);
    expect(orders.map(({ first, second, relation, order }) => ({ first, second, relation, order }))).toEqual([
      { first: { step: 2 }, second: { step: 6 }, relation: 'necessary', order: 1 },
      { first: { step: 1 }, second: { step: 4 }, relation: 'alike', order: 1 },
      { first: { step: 5 }, second: { step: 8 }, relation: 'necessary', order: 2 },
    ]);
    expect(data.likelihood?.turn).toMatchObject({ step: 5, after: 1 });
    expect(data.likelihood?.points[0]?.steps).toBe(0);
  });

  it('of a deadlock tell who holds and who waits', async () => {
    const { steps, syncs, tasks } = await ofCommitted(committedFailure('abba', 'deadlock'));
    expect(tasks.map(({ name }) => name)).toEqual(['forward', 'backward']);
    expect(syncs.map(({ name }) => name)).toEqual(['Mutex#1', 'Mutex#2']);
    expect(steps.map(({ text, mark, uses }) => ({ text, mark, uses }))).toEqual([
      { text: 'Mutex#1 lock', mark: '', uses: [[0, [0], []]] },
      { text: 'Mutex#2 lock', mark: '', uses: [[1, [1], []]] },
      { text: 'Mutex#1 lock, waits', mark: 'deadlock', uses: [[0, [0], [1]]] },
      { text: 'Mutex#2 lock, waits', mark: 'deadlock', uses: [[1, [1], [0]]] },
    ]);
  });

  it('show a read that failed after the object was freed', async () => {
    const artefact = await modelOf(BOX, 'box');
    const hot = (executor: Executor): HotSchedule =>
      failingSchedules(executor, 'use-after-free')[0] ?? sceneOf(executor);
    const data = viewed({ artefact, hot });
    const failed = data.steps.findIndex(({ mark }) => mark === 'use-after-free');
    const freed = data.objects.find(({ name }) => name === 'Box')?.freed;
    expect(data.steps[failed]).toMatchObject({ kind: 'fail' });
    expect(data.steps[freed ?? -1]).toMatchObject({ kind: 'free', text: 'free Box' });
    expect(failed).toBeGreaterThan(freed ?? failed);
    expect(valuesAfter(data, failed)).toMatchObject({ 'Shelf.box': 'NULL', 'Box.count': '7', 'Box.big': '1' });
  });

  it('have module variables, narrow, wide and pointer fields, array elements, and objects from when others can reach them', async () => {
    const artefact = await modelOf(MADE, 'made');
    const data = viewed({ artefact, hot: sceneOf });
    const box = data.objects.find(({ name }) => name === 'Box');
    const born = data.steps[box?.born ?? -1];
    expect(born).toMatchObject({ text: 'Shelf.box write → Box', before: 'NULL', value: '→ Box' });
    expect(valuesAfter(data, box?.born ?? 0)).toMatchObject({
      'Box.low': '1',
      'Box.high': '2',
      'Box.wide': '300',
      'Box.count': '41',
      'Box.big': '-6000000000',
      'Box.next': 'NULL',
    });
    const end = valuesAfter(data, data.steps.length - 1);
    expect(end).toMatchObject({
      'Box.count': '42',
      'Box.high': '3',
      'Box.next': '→ Box',
      'StaticArray<i32>.[70]': '9',
    });
    expect(data.tasks[0]?.args).toEqual([{ name: 'n', value: 0 }]);
  });

  it('of a lost wake-up end with a sleeper that nobody holds', async () => {
    const artefact = await modelAt('test/models/oracles.ts');
    const hot = (executor: Executor): HotSchedule => failingSchedules(executor, 'lost-wakeup')[0] ?? sceneOf(executor);
    const data = viewed({ artefact, scene: 'lost-wakeup', build: 'oracles', hot });
    const waits = data.steps.findIndex(({ kind }) => kind === 'wait');
    expect(data.steps[waits]?.uses).toEqual([[0, [], [data.steps[waits]?.task]]]);
    expect(data.syncs[0]?.name).toBe('WaitQueue');
    expect(data.likelihood).toBe(null);
  });

  it('of a livelock are kept as far as they lead to it', async () => {
    const artefact = await modelAt('test/models/oracles.ts');
    const hot = (executor: Executor): HotSchedule => failingSchedules(executor, 'livelock')[0] ?? sceneOf(executor);
    const steps = 800;
    const data = viewed({ artefact, scene: 'livelock', build: 'oracles', hot, steps });
    expect(data.finding?.kind).toBe('livelock');
    expect(data.steps.length).toBeLessThanOrEqual(steps);
  });

  it('of every committed run of the small models agree with the diagram and with the trace’s own values', async () => {
    const entries = committedEntries().filter((entry) => entry.schedule.model !== 'iommu');
    expect(entries.length).toBeGreaterThan(5);
    for (const { schedule, name } of entries) {
      const { scene, design, model } = schedule;
      const [executor, eager] = executorsOf({
        artefact: await modelAt(sourceOfModel(model)),
        scene,
        design,
        hot: sceneOf,
      });
      const { hot } = fromPortable(executor, schedule);
      const data = viewOfRun(executor, eager, hot, null);
      expect(data.finding, name).toBe(null);
      for (const { kind, text, value } of data.steps) if (kind === 'write') expect(text, name).toContain(` ${value}`);
      expect(JSON.stringify(viewOfRun(executor, eager, hot, null)), name).toBe(JSON.stringify(data));
    }
  });
});

describe('a long run', () => {
  it('is cut to the steps around what failed, with the values that were there before', async () => {
    const whole = await ofCommitted(committedFailure('bank', 'invariant'));
    const cut = windowed(whole, 4);
    expect(cut.window).toEqual({ before: 6, total: 10 });
    expect(lanesOf(cut)).toEqual(lanesOf(whole).slice(6));
    for (const i of [0, 1, 2, 3]) expect(valuesAfter(cut, i)).toEqual(valuesAfter(whole, i + 6));
    // Of an order whose first step was cut off the second is still shown.
    expect(cut.pairs.find(({ order }) => order === 1)).toMatchObject({ first: null, second: { step: 0 } });
    expect(windowed(whole, 10)).toBe(whole);
  });

  it('keeps what leads to the mark, and a few steps after it', async () => {
    const whole = await ofCommitted(committedFailure('abba', 'deadlock'));
    const marked = { ...whole, steps: whole.steps.map((step, i) => ({ ...step, mark: i === 1 ? 'deadlock' : '' })) };
    expect(windowed(marked, 2)).toMatchObject({ window: { before: 1, total: 4 }, steps: [{}, {}] });
    expect(windowed(marked, 2).syncs[0]?.holders).toEqual([0]);
  });
});
