/** What the viewer shows at a step, and where its rows and arrows lie: without a browser. */
import { beforeAll, describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { fromPortable } from '../../src/executor/portable.js';
import { explainFinding } from '../../src/explain/explanation.js';
import type { ViewerData } from '../../src/explain/viewer-data.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import { arrowOf, laneLeft, laneWidth, rowBoxes } from '../../web/viewer/layout.js';
import {
  conflictSteps,
  failingStep,
  neighbour,
  objectsAfter,
  preemptionSteps,
  stepSentence,
  syncsAfter,
} from '../../web/viewer/state.js';
import { committedFailure, sourceOfModel } from '../corpus/committed.js';
import { modelAt } from '../support/models.js';

async function viewed(model: string, kind: string): Promise<ViewerData> {
  const { schedule } = committedFailure(model, kind);
  const { scene, design } = schedule;
  const base = { artefact: await modelAt(sourceOfModel(model)), configuration: { scene, design } };
  const executor = Executor.create(base);
  const { hot } = fromPortable(executor, schedule);
  const record = analyseFinding(executor, hot, null);
  return explainFinding({ executor, eager: Executor.create({ ...base, eager: true }), hot, record }).viewer;
}

describe('the viewer', () => {
  let bank: ViewerData;
  let early: ViewerData;
  beforeAll(async () => {
    bank = await viewed('bank', 'invariant');
    early = await viewed('double-checked', 'assertion');
  });

  it('has the values after a step, what the step changed with the value before, and the objects of orders first', () => {
    expect(objectsAfter(bank, 6)).toEqual([
      { name: 'Account#2', isNew: false, isFreed: false, fields: [{ name: 'balance', value: '120', was: '100' }] },
      { name: 'Account#1', isNew: false, isFreed: false, fields: [{ name: 'balance', value: '70', was: null }] },
    ]);
  });

  it('shows an object from the step with which others can reach it', () => {
    const born = early.steps.findIndex(({ text }) => text === 'Slot.config write → Config');
    const names = (at: number): string[] => objectsAfter(early, at).map(({ name }) => name);
    expect(names(born - 1)).toEqual(['Slot']);
    expect(names(born)).toEqual(['Slot', 'Config']);
    expect(objectsAfter(early, born)[1]).toMatchObject({ isNew: true, fields: [{ value: '0', was: '' }] });
  });

  it('knows who holds a lock, and since which step', () => {
    expect(syncsAfter(early, 0)).toEqual([{ name: 'Mutex', holders: [], waiters: [], isChanged: false }]);
    expect(syncsAfter(early, 1)).toEqual([{ name: 'Mutex', holders: [0], waiters: [], isChanged: true }]);
    expect(syncsAfter(early, 7)).toEqual([{ name: 'Mutex', holders: [0], waiters: [], isChanged: false }]);
  });

  it('goes to conflicts and preemptions, round the ends, and begins where the run fails', () => {
    expect(conflictSteps(bank)).toEqual([1, 2, 4, 5, 6, 8]);
    expect(preemptionSteps(bank)).toEqual([3]);
    expect([neighbour([1, 4], 2, 1), neighbour([1, 4], 4, 1), neighbour([1, 4], 1, -1), neighbour([], 7, 1)]).toEqual([
      4, 1, 4, 7,
    ]);
    expect([failingStep(bank), failingStep(early)]).toEqual([8, 7]);
    expect(stepSentence(bank, 3)).toBe(
      'Step 4 of 10, transfer(20) after a preemption, transfer: Account#1.balance read 90',
    );
  });

  it('lays out rows without overlap and arrows from the first step to the second, also to what comes too late', () => {
    const boxes = rowBoxes(early);
    const all = [...boxes.steps, ...boxes.later];
    for (const [i, { top }] of all.slice(1).entries())
      expect(top).toBeGreaterThanOrEqual((all[i]?.top ?? 0) + (all[i]?.height ?? 0));
    const width = laneWidth(800, 2);
    const orders = early.pairs.filter(({ order }) => order > 0);
    const arrows = orders.map((pair) => arrowOf(pair, early, boxes, width));
    expect(arrows).not.toContain(null);
    expect(arrows[0]?.path).toMatch(new RegExp(`^M${laneLeft(0, width) + width + 2} ${boxes.steps[3]?.middle} `));
    expect(arrows[1]?.path).toMatch(new RegExp(` ${boxes.later[0]?.middle}$`));
    expect(arrowOf({ ...orders[0], first: null } as (typeof orders)[0], early, boxes, width)).toBe(null);
  });

  it('keeps lanes wide enough to read however many there are', () => {
    expect(laneWidth(350, 2)).toBe(150);
    expect(laneWidth(5_000, 2)).toBe(460);
  });
});
