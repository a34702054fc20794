/** Reads-from learns who wrote what a read sees, and no other cell's writer. */
import { expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { modelOf } from '../support/models.js';

/** assembly/strategies/layout.ts: records of (write's site, read's site, cell, …) of 16 bytes. */
const PAIRS = 0x102d000;
const PAIR_BYTES = 16;

const model = (read: number): string => `import { event, scene } from 'heddle';
const cells = new StaticArray<i32>(2050);
function write(): void { cells[5] = 1; }
function read(): void { if (cells[${read}] == 3) cells[7] = 1; }
export function register(): void {
  event('write', write);
  event('read', read);
  scene('both').with('write').with('read');
}
`;

/** Pairs of a write by one task and a read by the other. */
async function pairs(read: number): Promise<number> {
  const executor = Executor.create({ artefact: await modelOf(model(read), `last-writer-${read}`) });
  executor.seed(3n);
  executor.strategy('reads-from', 0, 20);
  executor.setEvents(executor.sceneSchedule());
  for (let i = 0; i < 50; i++) executor.batch(1);
  const seen = Array.from({ length: 16 }, (_, i) => PAIRS + PAIR_BYTES * i);
  return seen.filter((at) => executor.view.i32(at) !== 0 && executor.view.i32(at + 4) !== 0).length;
}

it('knows the writer of the same cell', async () => {
  expect(await pairs(5)).toBeGreaterThan(0);
});

it.each([
  ['4 KiB away', 5 + 1024],
  ['elsewhere', 5 + 1026],
])('knows no writer of a cell %s', async (_, read) => {
  expect(await pairs(read)).toBe(0);
});
