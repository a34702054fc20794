/** What runs before any task: it must leave nothing held and wait for nobody. */
import { expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { failure } from '../support/failure.js';
import { modelOf } from '../support/models.js';

const KIT = 'Completion, event, Mutex, RwLock, RwSem, scene, Semaphore, spawn, SpinLock, Timer, yieldNow, check';
const SET_UPS: readonly [scene: string, body: string, message: string, hint: RegExp][] = [
  ['mutex', 'mutex.lock();', 'ends with Mutex mutex held', /take it in an event/],
  ['spin', 'spin.lock();', 'ends with SpinLock spin held', /take it in an event/],
  ['sem', 'rwsem.downWrite();', 'ends with RwSem rwsem held', /take it in an event/],
  ['readers', 'rwsem.downRead();', 'ends with RwSem rwsem held', /take it in an event/],
  ['lock', 'rwlock.writeLock();', 'ends with RwLock rwlock held', /take it in an event/],
  ['twice', 'mutex.lock(); mutex.lock();', 'takes Mutex mutex, which it holds already', /must not block/],
  ['spin-twice', 'spin.lock(); spin.lock();', 'takes SpinLock spin, which it holds already', /must not block/],
  ['permits', 'permits.down(); permits.down();', 'waits for Semaphore permits', /must not block/],
  ['wait', 'done.wait();', 'waits for Completion done', /must not block/],
  ['foreign', 'mutex.unlock();', 'fails: unlock-by-non-owner', /must not fail/],
  ['atomic', 'spin.lock(); mutex.lock(); mutex.unlock(); spin.unlock();', 'fails: sleep-in-atomic', /must not fail/],
  ['check', "check(false, 'no');", 'fails: assertion “no”', /must not fail/],
  ['spawn', 'spawn(visit);', 'starts a task, visit', /started by events/],
  ['timer', 'timer.arm();', 'starts a task, elapse', /started by events/],
];
const ALLOWED: readonly [scene: string, body: string][] = [
  ['locked', 'mutex.lock(); n = mutex.tryLock() ? 9 : 1; mutex.unlock(); spin.lock(); spin.unlock();'],
  ['taken', 'n = 1; permits.down(); rwsem.downRead(); rwsem.upRead();'],
  ['yielding', 'yieldNow(); n = 1;'],
];
const scenes = [...SET_UPS, ...ALLOWED];
const SOURCE = `import { ${KIT} } from 'heddle';
let n: i32 = 0;
const mutex = new Mutex();
const spin = new SpinLock();
const rwsem = new RwSem();
const rwlock = new RwLock();
const permits = new Semaphore(1);
const done = new Completion();
function visit(): void { check(n == 1, 'the set-up ran'); mutex.lock(); mutex.unlock(); }
const timer = new Timer(visit);
${scenes.map(([, body], i) => `function prepare${i}(): void { ${body} }`).join('\n')}
export function register(): void {
  event('visit', visit);
${scenes.map(([scene], i) => `  scene('${scene}', prepare${i}).with('visit');`).join('\n')}
}
`;

it.each(SET_UPS)('a set-up that does what none may is an error with its scene and line: %s', async (...row) => {
  const [scene, body, message, hint] = row;
  const artefact = await modelOf(SOURCE, 'boot');
  const error = failure(() => Executor.create({ artefact, configuration: { scene } }));
  expect(error.code).toBe('HDL_MODEL_DECLARATION');
  expect(error.message).toBe(`boot fails while it starts: the set-up of scene “${scene}” ${message}`);
  expect(error.hint).toMatch(hint);
  const line = SOURCE.split('\n').findIndex((text) => text.includes(`{ ${body} }`)) + 1;
  expect(error.diagnostics).toMatchObject([{ file: 'boot.ts', line }]);
});

it.each(ALLOWED)('a set-up may take what it gives back, and permits: %s', async (scene) => {
  const executor = Executor.create({ artefact: await modelOf(SOURCE, 'boot'), configuration: { scene } });
  expect(executor.run(executor.sceneSchedule()).findings).toEqual([]);
});

it('register() starts no task', async () => {
  const artefact = await modelOf(
    `import { event, scene, spawn } from 'heddle';
let n: i32 = 0;
function visit(): void { n++; }
export function register(): void {
  event('visit', visit);
  scene('one').with('visit');
  spawn(visit);
}
`,
    'starts',
  );
  const error = failure(() => Executor.describe(artefact));
  expect(error.message).toBe('starts fails while it starts: register() starts a task, visit');
  expect(error.diagnostics).toMatchObject([{ file: 'starts.ts', line: 7 }]);
});

it.each([
  ['while (true) n++;', 'its module-level code'],
  ['for (let i = 0; i >= 0; i += 0) { n = i; }', 'its module-level code'],
  ['function spin(): void { while (n >= 0) n = 1; } spin();', 'its module-level code'],
])('what never ends before any task is an error with its line: %s', async (loop, part) => {
  const text = `import { event, scene } from 'heddle';\nlet n: i32 = 0;\n${loop}\nfunction visit(): void { n = 1; }
export function register(): void { event('visit', visit); scene('one').with('visit'); }\n`;
  const artefact = await modelOf(text, 'endless');
  const error = failure(() => Executor.describe(artefact));
  expect(error.message).toBe(`endless fails while it starts: ${part} fails: no-progress`);
  expect(error.diagnostics).toMatchObject([{ file: 'endless.ts', line: 3 }]);
});

it('a loop that ends may be as long as one of a task', async () => {
  const text = `import { check, event, scene } from 'heddle';\nlet n: i32 = 0;\nfor (let i = 0; i < 100000; i++) n += 1;
function visit(): void { check(n == 100000, 'all'); }
export function register(): void { event('visit', visit); scene('one').with('visit'); }\n`;
  const executor = Executor.create({ artefact: await modelOf(text, 'ends') });
  expect(executor.run(executor.sceneSchedule()).findings).toEqual([]);
});
