/** An invariant may only read. One that does more is a finding that names it: it could hide what is wrong. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import { modelOf } from '../support/models.js';
import { searched } from '../support/searched.js';

/**
 * All of them in one model, which is built once: each does its deed in a design of its own, and is silent in the others. `more`: when they are
 * looked at.
 */
const source = (invariants: readonly string[], more = ''): string => `
import {
  Atomic, choose, Completion, design, designIs, event, free, Ghost, invariant, Mutex, RwSem, scene, spawn, SpinLock, WaitQueue, When, yieldNow,
} from 'heddle';
class Cell { x: i32 = 0; next: Cell | null = null; }
const cell = new Cell();
const mutex = new Mutex();
const sem = new RwSem();
const spin = new SpinLock();
const atomic = new Atomic(0);
const done = new Completion();
const queue = new WaitQueue();
const ghost = new Ghost(0);
let made: Cell | null = null;
function add(): void { cell.x += 1; ghost.add(1); }
function nothing(): void {}
function never(): bool { return false; }
function sum(): i32 { let n = 0; for (let c: Cell | null = cell; c; c = c.next) n += c.x; return n; }
export function register(): void {
  event('add', add);
  scene('s').with('add').with('add');
${invariants.map((_, i) => `  design('${nameOf(i)}');`).join('\n')}
${invariants.map((text, i) => `  invariant('${nameOf(i)}', ${inDesign(text, i)}${more});`).join('\n')}
  invariant('good', () => cell.x > 0);
}
`;
const nameOf = (i: number): string => `bad ${i}`;
/** The same function, which answers true in every other design. */
const inDesign = (text: string, i: number): string => {
  const body = text.replace(/^\(\) => /, '');
  const guard = `if (!designIs(${i})) return true;`;
  return body.startsWith('{') ? `() => { ${guard}${body.slice(1)}` : `() => { ${guard} return ${body}; }`;
};

const WRITES = 'trap: invariant “%” writes: it may only read';
const ACTS = 'trap: invariant “%” does what only a task may do';
const IN = ', in register~anonymous|#';
const BAD = [
  ['() => { cell.x = 2; return true; }', `${WRITES}${IN} (store Cell.x)`],
  ['() => { cell.next = changetype<Cell>(cell.x); return true; }', `${WRITES}${IN} (store Cell.next)`],
  ['() => { atomic.inc(); return true; }', WRITES],
  ['() => { done.complete(); return true; }', `${ACTS}${IN} (call Completion.complete)`],
  ['() => new Cell().x == 0', `${ACTS}${IN} (new Cell)`],
  ['() => { free(cell); return true; }', `${ACTS}${IN} (free)`],
  ['() => { spawn(nothing); return true; }', `${ACTS}${IN} (spawn)`],
  ['() => { yieldNow(); return true; }', `${ACTS}${IN} (yieldNow)`],
  ['() => choose(3) == 0', `${ACTS}${IN} (choose)`],
  ['() => { mutex.lock(); mutex.unlock(); return true; }', `${ACTS}${IN} (lock Mutex)`],
  ['() => mutex.tryLock()', `${ACTS}${IN} (tryLock Mutex)`],
  ['() => { spin.unlock(); return true; }', `${ACTS}${IN} (unlock SpinLock)`],
  ['() => { sem.downRead(); sem.upRead(); return true; }', `${ACTS}${IN} (call RwSem.downRead)`],
  ['() => { queue.wakeAll(); return true; }', `${ACTS}${IN} (call WaitQueue.wakeAll)`],
  ['() => { done.wait(); return true; }', `${ACTS}${IN} (call Completion.wait)`],
  ['() => { queue.waitUntil(never); return true; }', `${ACTS}${IN} (call WaitQueue.waitUntil)`],
] as const;

const GOOD = [
  '() => sum() > 0',
  '() => atomic.load() == 0 && !done.isDone()',
  '() => ghost.get() < 3',
  '() => { const was = made; return was == null; }',
] as const;

const WRITES_OVER = '() => { cell.x = 0; return true; }';
const ALL = [...BAD.map(([invariant]) => invariant), WRITES_OVER, ...GOOD];
const AT_THE_END = source(ALL);
const ALWAYS = source(
  ALL.map((text) => text.replace('sum() > 0', 'sum() >= 0')),
  ', When.Always',
);

const designOf = (invariant: string): string => nameOf(ALL.indexOf(invariant));
/** With the name and the place that it has there. */
const titled = (title: string, invariant: string): string =>
  title.replace('%', designOf(invariant)).replace('#', String(ALL.indexOf(invariant)));

async function titles(text: string, invariant: string): Promise<string[]> {
  const result = await searched((flavour) => modelOf(text, 'reads', flavour), { design: designOf(invariant) });
  expect(result.exhausted).toBe(true);
  return [...new Set(result.records.map(({ title }) => title))];
}

describe('an invariant that does more than read', () => {
  it.each(BAD)('at the end, in a search: %s', async (invariant, title) => {
    expect(await titles(AT_THE_END, invariant)).toEqual([titled(title, invariant)]);
  });
  it.each(BAD)('after each step, in an execution: %s', async (invariant, title) => {
    const configuration = { design: designOf(invariant) };
    const executor = Executor.create({ artefact: await modelOf(ALWAYS, 'reads'), configuration });
    const schedule = executor.sceneSchedule();
    expect(analyseFinding(executor, schedule, null)?.title.replace(/ in add.*/, '')).toBe(
      titled(title, invariant).replace(/ in add.*/, ''),
    );
  });
  it('breaks no other one by what it writes', async () => {
    expect(await titles(AT_THE_END, WRITES_OVER)).toEqual([titled(BAD[0][1], WRITES_OVER)]);
  });
});

describe('an invariant that reads', () => {
  it.each(GOOD)('is silent: %s', async (invariant) => {
    expect(await titles(AT_THE_END, invariant)).toEqual([]);
    expect(await titles(ALWAYS, invariant)).toEqual([]);
  });
});
