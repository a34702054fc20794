/** What is asked about stays what it is while it is minimized: a sleeper that was called in vain, and the symptom that was seen. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { toPortable } from '../../src/executor/portable.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import { minimizeFinding } from '../../src/findings/minimize.js';
import { minimizeToOptimum } from '../../src/findings/optimum.js';
import { preemptionsOf } from '../../src/findings/turns.js';
import type { HotSchedule } from '../../src/schedule/schedule.js';
import { formatSchedule } from '../../src/schedule/text.js';
import { heddle, inFolder } from '../cli/run.js';
import { executorOf, modelAt, modelOf } from '../support/models.js';

const WAITING = 'test/models/waiting.ts';

/** The setter wakes all between the sleeper's test and its sleep. */
async function lost(): Promise<{ executor: Executor; hot: HotSchedule }> {
  const executor = await executorOf(WAITING, { scene: 'lost' });
  const hot = { ...executor.sceneSchedule(), deviations: [{ task: 0, step: 1, target: 1 }] };
  return { executor, hot };
}

function eventsOf(executor: Executor, { events }: HotSchedule): (string | undefined)[] {
  return events.map(({ event }) => executor.declarations.events[event]?.name);
}

describe('a lost wake-up', () => {
  it('stays one: the waker is kept', async () => {
    const { executor, hot } = await lost();
    const [raw] = executor.run(hot).findings;
    if (raw === undefined) throw new Error('the schedule does not fail');
    const exact = await modelAt(WAITING, 'exact');
    const story = { wakers: true };
    const minimized = minimizeFinding(executor, hot, raw, { story });
    expect(eventsOf(executor, minimized.hot)).toEqual(['lossy', 'setter']);
    const optimum = minimizeToOptimum(executor, hot, raw, { exact, story });
    expect(eventsOf(executor, optimum.hot)).toEqual(['lossy', 'setter']);
    expect(optimum.minimality).toMatchObject({ proved: true, atLeast: 1 });
  });

  it('drops who has nothing to do with it', async () => {
    const { executor, hot } = await lost();
    const consumer = executor.declarations.events.findIndex(({ name }) => name === 'queuer');
    const events = [...hot.events, { event: consumer, args: [] }];
    const [raw] = executor.run({ ...hot, events }).findings;
    const minimized = minimizeFinding(executor, { ...hot, events }, raw ?? 'none', { story: { wakers: true } });
    expect(eventsOf(executor, minimized.hot)).toEqual(['lossy', 'setter']);
  });

  it('is what heddle explain --minimize explains', async () => {
    const { executor, hot } = await lost();
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'lost.sched'), formatSchedule(toPortable(executor, hot, 'waiting')));
      const model = join(import.meta.dirname, '../models/waiting.ts');
      const { code, stdout } = await heddle(['explain', 'lost.sched', model, '--minimize'], { cwd });
      expect(code).toBe(0);
      expect(stdout).toContain('setter: WaitQueue.wakeAll');
      expect(stdout).toContain('The schedule has one preemption');
    });
  });
});

/** Two that lose a count, each a symptom of its own; the first one needs one preemption only. */
const TWO_SYMPTOMS = `
import { event, invariant, scene, symptom } from 'heddle';
class Cell { value: i32 = 0; }
const cell = new Cell();
function left(): void { cell.value = cell.value + 1; }
function right(): void { cell.value = cell.value + 1; }
export function register(): void {
  event('left', left);
  event('right', right);
  scene('both').with('left').with('right');
  invariant('both count', () => cell.value == 2);
  symptom('R', 'right is interrupted').on('interrupted', 'right');
  symptom('L', 'left is interrupted').on('interrupted', 'left');
}`;

it('the symptom that was seen is kept if it is asked for', async () => {
  const artefact = await modelOf(TWO_SYMPTOMS, 'two-symptoms');
  const exact = await modelOf(TWO_SYMPTOMS, 'two-symptoms', 'exact');
  const executor = Executor.create({ artefact });
  const deviations = [
    { task: 0, step: 0, target: 1 },
    { task: 1, step: 1, target: 0 },
  ];
  const hot = { ...executor.sceneSchedule(), deviations };
  const seen = analyseFinding(executor, hot, null);
  expect(seen.symptom).toBe('R');
  const minimized = (symptom: boolean) =>
    minimizeToOptimum(executor, hot, seen.bucket, { exact, keepEvents: true, story: { symptom } });
  const kept = minimized(true).hot;
  expect([analyseFinding(executor, kept, seen.bucket).symptom, preemptionsOf(executor, kept)]).toEqual(['R', 2]);
  const smallest = minimized(false).hot;
  expect([analyseFinding(executor, smallest, seen.bucket).symptom, preemptionsOf(executor, smallest)]).toEqual([
    'L',
    1,
  ]);
});
