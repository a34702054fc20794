/**
 * A strategy that looks at each event is asked in passing where its task goes on; the debug build takes every decision the long way. Both run
 * the same executions.
 */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { modelAt, modelOf } from '../support/models.js';
import { size } from '../support/size.js';

const RUNS = { default: 15, ci: 100, soak: 5000 }[size().name];

/** One polls without giving way, which only the rule for spinning ends; in `for-ever` nothing does but the limit of steps. */
const POLLING = `
import { event, READ_ONCE, scene, WRITE_ONCE } from 'heddle';
class Words {
  a: i32 = 0;
  b: i32 = 0;
}
const words = new Words();
function waits(): void {
  while (READ_ONCE(words.a) == 0) {}
  words.b = WRITE_ONCE(READ_ONCE(words.b) + 1);
}
function comes(): void {
  words.b = WRITE_ONCE(READ_ONCE(words.b) + 1);
  words.a = WRITE_ONCE(1);
}
export function register(): void {
  event('waits', waits);
  event('comes', comes);
  scene('ends').with('waits').with('comes').with('comes');
  scene('for-ever').with('waits').with('waits');
}
`;

/** Two of the cells share a place in the table of drawn ones, on whichever side of a page the array begins. */
const FAR = `
import { event, scene } from 'heddle';
const cells = new StaticArray<i32>(2050);
function walks(): void {
  cells[0]++;
  cells[1025]++;
  cells[1024]++;
  cells[2049]++;
}
export function register(): void {
  event('walks', walks);
  scene('both').with('walks').with('walks');
}
`;
const SOURCES: Readonly<Record<string, string>> = { polling: POLLING, far: FAR };

/** Name, parameter, and whether it decides before visible events only. */
const STRATEGIES = [
  ['last-first', 0, false],
  ['turns', 1, false],
  ['turns', 2, false],
  ['pos', 0, false],
  ['pos', 0, true],
  ['pos', 1, true],
  ['surw', 0, false],
  ['surw', 0, true],
  ['surw', 1, false],
  ['surw', 4, false],
  ['surw', 4, true],
  ['surw', 32, false],
  ['reads-from', 0, false],
  ['reads-from', 0, true],
  ['bounded', 0, false],
  ['bounded', 0, true],
  ['delay', 0, false],
] as const;

const MODELS = [
  ['polling', '', 'ends'],
  ['polling', '', 'for-ever'],
  ['far', '', 'both'],
  ['assembly/models/iommu/index.ts', 'v6.6', 'walk-client'],
  ['test/models/spawning.ts', '', 'family'],
  ['test/models/choosing.ts', '', 'both'],
  ['test/models/lock-cycles.ts', 'crossed', 'table'],
] as const;

describe.each(MODELS)('%s %s %s', (path, design, scene) => {
  it.each(STRATEGIES)(
    '%s %d %s decides alike in passing and at every point',
    async (strategy, parameter, visibleOnly) => {
      const artefact = SOURCES[path] ? await modelOf(SOURCES[path], path) : await modelAt(path);
      const configuration = { design, scene };
      const options = { artefact, configuration, limits: { steps: 5000, fuel: 1 << 20 }, visibleOnly };
      const passing = Executor.create(options);
      const asking = Executor.create({ ...options, build: 'debug' });
      for (const executor of [passing, asking]) {
        executor.seed(3n);
        executor.strategy(strategy, parameter, 50);
      }
      for (let run = 0; run < RUNS; run++) {
        const ran = passing.batch(1);
        expect(asking.batch(1)).toBe(ran);
        if (ran === 0) break; // all of it was enumerated
        expect(asking.result()).toEqual(passing.result());
      }
      expect(asking.randomState()).toBe(passing.randomState());
    },
  );
});
