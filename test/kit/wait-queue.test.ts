/** The line of a wait queue: who waits longest is woken first, whatever the order of the events and whether it sleeps yet. */
import { describe, expect, it } from 'vitest';
import { modelOf } from '../support/models.js';
import { searched } from '../support/searched.js';

/**
 * A and B get in line, both test their conditions, and one is woken. B goes on in any case, A only if it is the one who is woken. The order
 * in which the others wait for each other says who is first in line.
 */
const source = (first: 'A' | 'B', wake: 'wakeOne' | 'wakeAll'): string => `
import { cpuRelax, event, scene, WaitQueue } from 'heddle';
class State {
  inA: bool = false;
  inB: bool = false;
  ready: bool = false;
  woken: bool = false;
}
const s = new State();
const queue = new WaitQueue();
function tests(): bool {
  const was = s.ready;
  while (!s.woken) cpuRelax();
  return was;
}
function conditionOfA(): bool {
  s.inA = true;
  return tests();
}
function conditionOfB(): bool {
  s.inB = true;
  while (!s.woken) cpuRelax();
  return s.ready;
}
function a(): void {
  ${first === 'B' ? 'while (!s.inB) cpuRelax();' : ''}
  queue.waitUntil(conditionOfA);
}
function b(): void {
  ${first === 'A' ? 'while (!s.inA) cpuRelax();' : ''}
  queue.waitUntil(conditionOfB);
}
function waker(): void {
  while (!s.inA || !s.inB) cpuRelax();
  s.ready = true;
  queue.${wake}();
  s.woken = true;
}
export function register(): void {
  event('A', a);
  event('B', b);
  event('waker', waker);
  scene('AB').with('A').with('B').with('waker');
  scene('BA').with('B').with('A').with('waker');
}
`;

/** One sleeps, one whose time may be over stands before it. */
const TIMED = `
import { Completion, event, scene, WaitQueue } from 'heddle';
class State {
  woken: i32 = 0;
}
const s = new State();
const queue = new WaitQueue();
const stands = new Completion();
function never(): bool {
  return false;
}
function timed(): void {
  stands.complete();
  if (!queue.waitTimeout(never)) s.woken += 1;
}
function sleeper(): void {
  stands.wait();
  queue.sleep();
}
function waker(): void {
  queue.wakeAll();
  queue.wakeOne();
}
export function register(): void {
  event('timed', timed);
  event('sleeper', sleeper);
  event('waker', waker);
  scene('timed').with('timed').with('sleeper').with('waker');
}
`;

async function verdictsOf(text: string, scene: string) {
  const verdicts: string[] = [];
  for (const reduce of [true, false]) {
    const result = await searched((flavour) => modelOf(text, 'line', flavour), { scene, reduce });
    expect(result.exhausted).toBe(true);
    verdicts.push([...new Set(result.records.map(({ kind }) => kind))].join(' ') || result.verdict);
  }
  return verdicts;
}

describe('a wait queue', () => {
  it.each(['AB', 'BA'])('wakes the first in line, not the lowest task: %s', async (scene) => {
    expect(await verdictsOf(source('B', 'wakeOne'), scene)).toEqual(['deadlock', 'deadlock']);
  });
  it.each(['AB', 'BA'])('lets the first in line go on, whose condition held too early: %s', async (scene) => {
    expect(await verdictsOf(source('A', 'wakeOne'), scene)).toEqual(['verified', 'verified']);
  });
  it.each(['AB', 'BA'])('wakes all in line: %s', async (scene) => {
    expect(await verdictsOf(source('B', 'wakeAll'), scene)).toEqual(['verified', 'verified']);
  });
  it('is left by one whose time is over', async () => {
    expect(await verdictsOf(TIMED, 'timed')).toEqual(['deadlock', 'deadlock']);
  });
});
