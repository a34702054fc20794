/** Arrays end where their length says, not where the memory of another object begins; a check is no scheduling point. */
import { expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import { modelOf } from '../support/models.js';

const SOURCE = `import { event, free, Ghost, scene } from 'heddle';
const three = new StaticArray<i32>(3);
const four = new StaticArray<i32>(4);
const next = new StaticArray<i32>(4);
const bytes = new StaticArray<u8>(9);
const wide = new StaticArray<i64>(2);
const fixed: StaticArray<i32> = [1, 2, 3];
const objects = new StaticArray<Ghost | null>(2);
function storing(n: i32): void { three[n] = 1; }
function beyond(n: i32): void { four[n] = 1; }
function loading(n: i32): void { next[0] = four[n]; }
function small(n: i32): void { bytes[n] = 1; }
function large(n: i32): void { wide[n] = 1; }
function literal(n: i32): void { next[0] = fixed[n]; }
function object(n: i32): void { objects[n] = null; }
function own(n: i32): void { const mine = new StaticArray<i32>(3); mine[n] = 1; free(mine); }
function gone(n: i32): void { const mine: StaticArray<i32> | null = null; mine![n] = 1; }
export function register(): void {
  event('storing', storing);
  event('beyond', beyond);
  event('loading', loading);
  event('small', small);
  event('large', large);
  event('literal', literal);
  event('object', object);
  event('own', own);
  event('gone', gone);
  scene('any').with('storing');
}
`;
const LENGTHS = [
  ['storing', 3, 1],
  ['beyond', 4, 1],
  ['loading', 4, 2],
  ['small', 9, 1],
  ['large', 2, 1],
  ['literal', 3, 2],
  ['object', 2, 1],
  ['own', 3, 0],
] as const;

it.each(LENGTHS)('%s: all below the length of %i', async (event, length, accesses) => {
  const executor = Executor.create({ artefact: await modelOf(SOURCE, 'indices') });
  const index = executor.declarations.events.findIndex(({ name }) => name === event);
  const run = (n: number) => executor.run({ events: [{ event: index, args: [n] }], deviations: [], choices: [] });
  for (const n of [0, length - 1]) {
    const { findings, points } = run(n);
    expect([findings, points]).toEqual([[], accesses + 1]); // the exit counts
  }
  for (const n of [length, length + 4, 4 * length, 1 << 30, -1, -5])
    expect([n, run(n).findings.map(({ kind }) => kind)]).toEqual([n, ['invalid-access']]);
});

it('the finding names the array and the line', async () => {
  const executor = Executor.create({ artefact: await modelOf(SOURCE, 'indices') });
  const record = analyseFinding(executor, { events: [{ event: 0, args: [3] }], deviations: [], choices: [] }, null);
  expect(record.title).toBe('invalid-access of StaticArray<i32> in storing (store StaticArray<i32>[])');
  expect(record.place).toMatchObject({ file: 'indices.ts', line: 9 });
});

it('where there is no array the access says so', async () => {
  const executor = Executor.create({ artefact: await modelOf(SOURCE, 'indices') });
  const events = [{ event: executor.declarations.events.findIndex(({ name }) => name === 'gone'), args: [1] }];
  expect(executor.run({ events, deviations: [], choices: [] }).findings).toMatchObject([{ kind: 'null-dereference' }]);
});
