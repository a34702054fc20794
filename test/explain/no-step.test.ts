/** Every preemption of a run is seen in its diagram, and what comes after the diagram's end is said. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { renderDiagram } from '../../src/explain/diagram.js';
import { explainFinding, viewOfRun } from '../../src/explain/explanation.js';
import { placeDiagram } from '../../src/explain/place-diagram.js';
import { parseDiagram } from '../../src/explain/read-diagram.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import { preemptionsOf } from '../../src/findings/turns.js';
import type { HotDeviation, HotSchedule } from '../../src/schedule/schedule.js';
import { modelAt, modelOf } from '../support/models.js';

/** Three that add without a lock. */
const ADDERS = `
import { event, invariant, scene } from 'heddle';
class Cell { value: i32 = 0; }
const cell = new Cell();
function add(by: i32): void { cell.value = cell.value + by; }
export function register(): void {
  event('add', add).arg('by', 0, 9);
  scene('three').with('add', 1).with('add', 2).with('add', 3);
  invariant('none is lost', () => cell.value == 6);
}`;

/** A race, and then cells of each task's own. */
const GOES_ON = `
import { event, scene } from 'heddle';
class Cell { value: i32 = 0; left: i32 = 0; right: i32 = 0; }
const cell = new Cell();
function left(): void { cell.value = 1; cell.left = 1; cell.left = 2; }
function right(): void { cell.value = 2; cell.right = 1; cell.right = 2; }
export function register(): void {
  event('left', left);
  event('right', right);
  scene('both').with('left').with('right');
}`;

async function diagramOf(source: string | { readonly path: string; readonly scene: string }, ...by: HotDeviation[]) {
  const artefact = typeof source === 'string' ? await modelOf(source, 'adders') : await modelAt(source.path);
  const executor = Executor.create({
    artefact,
    configuration: typeof source === 'string' ? {} : { scene: source.scene },
  });
  const hot: HotSchedule = { ...executor.sceneSchedule(), deviations: by };
  const { trace, tasks, recorded, findings } = executor.trace(hot);
  const { manifest } = executor;
  const scene = { manifest, trace, tasks, finding: findings[0] ?? null, deviations: recorded.deviations };
  return { executor, hot: recorded, diagram: renderDiagram(scene) };
}

describe('a task that gets the processor and gives it on before its next step', () => {
  it('has a line in the diagram', async () => {
    const { executor, hot, diagram } = await diagramOf(
      ADDERS,
      { task: 0, step: 1, target: 2 },
      { task: 2, step: 0, target: 1 },
    );
    expect(preemptionsOf(executor, hot)).toBe(2);
    expect(diagram).toMatchInlineSnapshot(`
      "add(1)                   add(2)                   add(3)
      -----------------------  -----------------------  -----------------------
      add: Cell.value read 0
                                                        (gives way at once)
                               add: Cell.value read 0
                               add: Cell.value write 2
                               (ends)
      add: Cell.value write 1
      (ends)
                                                        add: Cell.value read 1
                                                        add: Cell.value write 4

      => invariant “none is lost” is broken at the end"
    `);
  });

  it('has one where it was only woken', async () => {
    const { hot, diagram } = await diagramOf(
      { path: 'test/models/waiting.ts', scene: 'wait-two' },
      { task: 0, step: 3, target: 1 },
    );
    expect(hot.deviations).toHaveLength(1);
    expect(diagram).toMatchInlineSnapshot(`
      "waiter [task 0]                   waiter [task 1]                   setter
      --------------------------------  --------------------------------  ---------------------------
      waiter: WaitQueue.waitUntil
      waiter~anonymous|0: State.ready
          read 0
      waiter: WaitQueue.waitUntil,
          waits
                                        waiter: WaitQueue.waitUntil
                                        waiter~anonymous|0: State.ready
                                            read 0
                                        waiter: WaitQueue.waitUntil,
                                            waits
                                                                          setter: State.ready write 1
                                                                          setter: WaitQueue.wakeAll
                                                                          (ends)
      (gives way at once)
                                        waiter~anonymous|0: State.ready
                                            read 1
                                        waiter: State.seen write 1
                                        (ends)
      waiter~anonymous|0: State.ready
          read 1
      waiter: State.seen write 1"
    `);
  });

  it('is read from a diagram that is pasted back', async () => {
    const { executor, hot, diagram } = await diagramOf(
      ADDERS,
      { task: 0, step: 1, target: 2 },
      { task: 2, step: 0, target: 1 },
      { task: 1, step: 1, target: 2 },
    );
    expect(placeDiagram(executor, parseDiagram(diagram, 'diagram.txt'))).toEqual(hot);
  });

  it('is a step of the viewer, which a preemption leads to and another one from', async () => {
    const { hot } = await diagramOf(ADDERS, { task: 0, step: 1, target: 2 }, { task: 2, step: 0, target: 1 });
    const artefact = await modelOf(ADDERS, 'adders');
    const { steps } = viewOfRun(Executor.create({ artefact }), Executor.create({ artefact, eager: true }), hot, null);
    const shown = steps.slice(0, 3).map(({ task, text, arrival }) => [task, text, arrival]);
    expect(shown).toEqual([
      [0, 'Cell.value read 0', 'start'],
      [2, '(gives way at once)', 'preemption'],
      [1, 'Cell.value read 0', 'preemption'],
    ]);
  });
});

it('says how many preemptions come after the failure, where the diagram ends', async () => {
  const artefact = await modelOf(GOES_ON, 'goes-on');
  const executor = Executor.create({ artefact, build: 'oracles' });
  const eager = Executor.create({ artefact, build: 'oracles', eager: true });
  const summaryOf = (...deviations: HotDeviation[]): string => {
    const hot = executor.run({ ...executor.sceneSchedule(), deviations }).recorded;
    expect(hot.deviations).toEqual(deviations);
    return explainFinding({ executor, eager, hot, record: analyseFinding(executor, hot, null) }).summary;
  };
  const first = { task: 0, step: 0, target: 1 };
  const back = { task: 1, step: 1, target: 0 };
  expect(summaryOf(first, back)).toContain('The schedule has 2 preemptions.');
  const later = { task: 0, step: 1, target: 1 };
  expect(summaryOf(first, later, back)).toContain('The schedule has 3 preemptions, 1 of them after the failure.');
});
