/** What WebAssembly itself stops is a finding of the model that names the task and the cause, in an execution as in a search. */
import { expect, it } from 'vitest';
import { analyseFinding } from '../../src/findings/analyse.js';
import { Executor } from '../../src/executor/executor.js';
import { modelOf } from '../support/models.js';
import { searched } from '../support/searched.js';

const SOURCE = `import { event, scene } from 'heddle';
let x: i32 = 0;
let y: i32 = 1;
function divide(n: i32): void { x = 5 / n; }
function remain(n: i32): void { x = 5 % n; }
function overflow(n: i32): void { x = i32.MIN_VALUE / n; }
function stop(n: i32): void { if (n) unreachable(); }
function declares(n: i32): void { x = n; event('late', zero); }
function zero(): void { y = 0; y = 1; }
function divideBy(): void { x = 5 / y; }
export function register(): void {
  event('divide', divide);
  event('remain', remain);
  event('overflow', overflow);
  event('stop', stop);
  event('declares', declares);
  event('zero', zero);
  event('divide-by', divideBy);
  scene('divide').with('divide', 0);
  scene('remain').with('remain', 0);
  scene('overflow').with('overflow', -1);
  scene('stop').with('stop', 1);
  scene('declares').with('declares', 1);
  scene('race').with('zero').with('divide-by');
}
`;
const ALONE = [
  ['divide', 'trap: divide by zero in divide(0)'],
  ['remain', 'trap: remainder by zero in remain(0)'],
  ['overflow', 'trap: integer overflow in overflow(-1)'],
  ['stop', 'trap: unreachable in stop'],
  ['declares', 'trap: a declaration, which belongs to register(), in declares(1), after call event in declares'],
] as const;
const RACE = 'trap: divide by zero in divide-by, after load y in divideBy';

it.each(ALONE)('an execution: %s', async (scene, title) => {
  const executor = Executor.create({ artefact: await modelOf(SOURCE, 'traps'), configuration: { scene } });
  const schedule = executor.sceneSchedule();
  expect(analyseFinding(executor, schedule, null)).toMatchObject({ kind: 'trap', title });
});

it.each([...ALONE, ['race', RACE] as const])('a search: %s', async (scene, title) => {
  const result = await searched((flavour) => modelOf(SOURCE, 'traps', flavour), { scene });
  expect([result.verdict, result.exhausted, result.records.map((r) => r.title)]).toEqual(['violated', true, [title]]);
});
