/** A stale lock has exactly one heir, however many want it and whenever they come. */
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, it } from 'vitest';
import { FolderLock, lockState } from '../../src/campaign/lock.js';
import { injectFaults } from '../../src/corpus/disk.js';
import { size } from '../support/size.js';

const CONTENDER = fileURLToPath(new URL('../support/lock-contender.mjs', import.meta.url));
const CONTENDERS = 4;
const ROUNDS = { default: 60, ci: 300, soak: 3_000 }[size().name];
/** No process has this one: it is above what Linux gives out. */
const NOBODY = 2 ** 22 + 1;

const root = mkdtempSync(join(tmpdir(), 'heddle-lock-'));
const children: ChildProcess[] = [];
afterEach(() => injectFaults(null));
afterAll(() => {
  for (const child of children) child.kill();
  rmSync(root, { recursive: true, force: true });
});

const staleText = (start = 'an earlier boot/1'): string =>
  `${JSON.stringify({ pid: NOBODY, start, host: hostname() })}\n`;

function staleFolder(name: string): string {
  const dir = join(root, name);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'lock'), staleText());
  return dir;
}

/** null: it was refused. */
function attempt(dir: string): FolderLock | null {
  try {
    return FolderLock.take(dir);
  } catch (error) {
    expect((error as { code?: string }).code).toBe('HDL_USAGE');
    return null;
  }
}

const claims = (dir: string): string[] => readdirSync(dir).filter((name) => name !== 'lock');
const claimName = (content: string): string =>
  `lock.after-${createHash('sha256').update(content).digest('hex').slice(0, 16)}`;

it(`of ${CONTENDERS} processes at a stale lock one gets it, ${ROUNDS} times`, async () => {
  for (let i = 0; i < CONTENDERS; i++) {
    const child = fork(CONTENDER);
    children.push(child);
    await once(child, 'message');
  }
  const wins = children.map(() => 0);
  for (let round = 0; round < ROUNDS; round++) {
    const dir = staleFolder(`round-${round}`);
    const answers = children.map((child) => once(child, 'message') as Promise<[{ hasIt: boolean; message: string }]>);
    const at = Date.now() + 8;
    for (const child of children) child.send({ dir, at });
    const results = (await Promise.all(answers)).map(([answer]) => answer);
    expect([round, results.filter(({ hasIt }) => hasIt).length, results]).toEqual([round, 1, results]);
    results.forEach(({ hasIt, message }, i) => {
      if (hasIt) wins[i] = (wins[i] ?? 0) + 1;
      else expect(message).toMatch(/is in use by process \d+|is being taken by another/);
    });
    const { pid } = JSON.parse(readFileSync(join(dir, 'lock'), 'utf8')) as { pid: number };
    expect(pid).toBe(children[results.findIndex(({ hasIt }) => hasIt)]?.pid);
    expect([round, claims(dir)]).toEqual([round, []]);
  }
  console.log(`${ROUNDS} stale locks, taken over ${wins.join(', ')} times`);
}, 300_000);

it.each([true, false])('whenever a second one comes, one of the two has it (stale lock: %s)', (isStale) => {
  let moments = 0;
  let seconds = 0;
  for (let n = 1, goesOn = true; goesOn; n++) {
    const dir = staleFolder(`moment-${isStale}-${n}`);
    if (!isStale) rmSync(join(dir, 'lock'));
    let count = 0;
    let second: FolderLock | null = null;
    injectFaults(() => {
      // Its own writes pass.
      if (++count === n) second = attempt(dir);
      return null;
    });
    const first = attempt(dir);
    injectFaults(null);
    goesOn = count >= n;
    expect([n, [first, second].filter((one) => one !== null).length]).toEqual([n, 1]);
    expect([n, lockState(dir).state]).toEqual([n, 'held']);
    expect(attempt(dir)).toBeNull();
    (first ?? second)?.release();
    expect([n, lockState(dir).state, claims(dir)]).toEqual([n, 'none', []]);
    moments += 1;
    if (second !== null) seconds += 1;
  }
  console.log(`${moments} moments, at ${seconds} of them the second one was quicker`);
  expect(seconds).toBeGreaterThanOrEqual(2);
  expect(moments - seconds).toBeGreaterThanOrEqual(2);
});

it('what died while it took over is taken over itself, and half a lock as well', () => {
  const dir = staleFolder('claimed');
  const middle = staleText('an earlier boot/2');
  writeFileSync(join(dir, claimName(staleText())), middle);
  writeFileSync(join(dir, claimName(middle)), '{"pid":');
  expect(lockState(dir).state).toBe('stale');
  const lock = FolderLock.take(dir);
  expect(claims(dir)).toEqual([]);
  expect(lockState(dir)).toMatchObject({ state: 'held', holder: { pid: process.pid } });
  lock.release();
  expect(readdirSync(dir)).toEqual([]);
});

it('a living claim holds the folder, and whoever was robbed of the lock takes nobody else’s away', () => {
  const dir = staleFolder('robbed');
  const lock = FolderLock.take(dir);
  const own = readFileSync(join(dir, 'lock'), 'utf8');
  writeFileSync(join(dir, 'lock'), staleText());
  writeFileSync(join(dir, claimName(staleText())), own);
  expect(() => FolderLock.take(dir)).toThrow(`in use by process ${process.pid}`);
  lock.release();
  expect(readFileSync(join(dir, 'lock'), 'utf8')).toBe(staleText());
});

it('a folder where nothing can be made is an error, not a wait', () => {
  expect(() => FolderLock.take('/proc/heddle/campaign')).toThrow(/cannot lock \/proc\/heddle\/campaign: E[A-Z]+/);
});
