/** Which final states are judged, and what the set of them says, however full it is. */
import { describe, expect, it } from 'vitest';
import { Executor, INTEREST } from '../../src/executor/executor.js';
import { MEMORY } from '../../src/executor/layout.js';
import { estimateStates } from '../../src/executor/totals.js';
import type { ExecutionResult } from '../../src/executor/types.js';
import { modelOf } from '../support/models.js';

/** Nearly each execution ends in a state of its own; one in a thousand violates. */
const MODEL = `import { event, invariant, scene } from 'heddle';
class Cells { log: i64 = 0; }
const cells = new Cells();
function write(n: i32): void { for (let i = 0; i < 12; i++) cells.log = cells.log * 6364136223846793005 + n; }
export function register(): void {
  event('write', write).arg('n', 1, 3);
  scene('three').with('write', 1).with('write', 2).with('write', 3);
  invariant('not 77', () => (cells.log & 1023) != 77);
}
`;
const EXECUTIONS = 20_000;
const STATE_BITS = MEMORY.STATE_SET_SIZE * 8;

async function create(): Promise<Executor> {
  const executor = Executor.create({ artefact: await modelOf(MODEL, 'many-final-states') });
  executor.strategy('random', 1, 50);
  executor.setEvents(executor.sceneSchedule());
  executor.seed(5n);
  return executor;
}

/** Runs until something is found. */
function untilFound(executor: Executor): ExecutionResult & { nth: number } {
  for (let nth = 0; nth < EXECUTIONS; ) {
    nth += executor.batch(EXECUTIONS - nth);
    if (executor.interest() & INTEREST.finding) return { ...executor.result(), nth };
  }
  throw new Error('nothing was found');
}

describe('a final state that violates', () => {
  it('is found though its place in the set of states is taken', async () => {
    const [fresh, full] = [await create(), await create()];
    full.view.bytes.fill(0xff, MEMORY.STATE_SET, MEMORY.STATE_SET + MEMORY.STATE_SET_SIZE);
    expect(untilFound(full).nth).toBe(untilFound(fresh).nth);
  });

  it('is found in a batch though the host has run it alone before', async () => {
    const { recorded, nth } = untilFound(await create());
    const executor = await create();
    expect(executor.run(recorded).findings).toHaveLength(1);
    executor.strategy('random', 1, 50);
    executor.setEvents(executor.sceneSchedule());
    executor.seed(5n);
    expect(untilFound(executor).nth).toBe(nth);
  });

  it('is found each time that it is run alone', async () => {
    const { recorded } = untilFound(await create());
    const executor = await create();
    for (let i = 0; i < 3; i++) expect(executor.run(recorded).findings).toHaveLength(1);
  });
});

describe('the number of final states', () => {
  it('does not count what the host runs alone', async () => {
    const executor = await create();
    executor.run(executor.sceneSchedule());
    expect(executor.totals().states).toBe(0);
    executor.strategy('random', 1, 50);
    executor.setEvents(executor.sceneSchedule());
    executor.batch(10);
    expect(executor.totals()).toMatchObject({ states: 10, statesOnce: 10 });
  });

  it('is exact for a few', () => {
    expect(estimateStates(2000, 500)).toEqual({ states: 2000, statesOnce: 1500 });
  });

  it.each([0.1, 0.5, 2])(
    'is told from the part of the set that is taken: %d states a bit, each seen once',
    (perBit) => {
      const states = perBit * STATE_BITS;
      const taken = 1 - Math.exp(-perBit);
      const bits = Math.round(taken * STATE_BITS);
      const told = estimateStates(bits, 0);
      expect(told.states / states).toBeCloseTo(1, 4);
      // As many bits of each state are new as are free: the chance that the next one is new, by the states that were seen once, is 1 again.
      expect(told.statesOnce / (bits / (1 - taken))).toBeCloseTo(1, 4);
    },
  );
});
