/** Checkpoints that are written while a search goes on: it may be killed at any moment, and the folder may refuse them. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type VerifyOptions, type VerifyResult, verify } from '../../src/verify/verify.js';
import { modelAt } from '../support/models.js';

const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const MODEL = 'test/models/toy.ts';

async function run(more: Partial<VerifyOptions>): Promise<VerifyResult> {
  const base = { design: '', scene: 'three', options: {}, oracles: null, reduce: false, all: true };
  const limits = { memoryBytes: 64 << 20, stepLimit: 2_000, fuelLimit: 1 << 16 };
  const artefacts = { exact: await modelAt(MODEL, 'exact'), fast: await modelAt(MODEL) };
  return verify({ ...artefacts, ...base, ...limits, ...more }, () => {}, new AbortController().signal);
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-killed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a search that is killed', () => {
  it('goes on from its last checkpoint, to the same verdict and counts', async () => {
    const whole = await run({});
    const file = join(folder, 'three.checkpoint');
    const child = spawn(
      process.execPath,
      [join(ROOT, 'test/support/verify-slowly.mjs'), join(ROOT, MODEL), 'three', file],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const ended = new Promise<NodeJS.Signals | null>((done) => child.on('exit', (_, signal) => done(signal)));
    while (!existsSync(file) && child.exitCode === null) await new Promise((done) => setTimeout(done, 20));
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    const result = await run({ checkpoint: { file, resume: true } });
    expect([result.verdict, result.states, result.transitions]).toEqual([
      whole.verdict,
      whole.states,
      whole.transitions,
    ]);
    // Nothing of the first process's work is done twice: it is not what the second one has counted itself.
    expect(result.observed).toBeNull();
    expect(existsSync(file)).toBe(false);
  }, 30_000);

  it('does so with several threads', async () => {
    const whole = await run({});
    const file = join(folder, 'three.checkpoint');
    const many = { jobs: 2, helpersAfterMs: 0 };
    const controller = new AbortController();
    const artefacts = { exact: await modelAt(MODEL, 'exact'), fast: await modelAt(MODEL) };
    const base = { design: '', scene: 'three', options: {}, oracles: null, reduce: false, all: true };
    const limits = { memoryBytes: 64 << 20, stepLimit: 2_000, fuelLimit: 1 << 16 };
    const checkpoint = { file, resume: false, everyMs: 1 };
    let slices = 0;
    const first = await verify(
      { ...artefacts, ...base, ...limits, ...many, checkpoint },
      () => {
        if (++slices > 3) controller.abort();
      },
      controller.signal,
    );
    if (!first.exhausted) {
      const second = await run({ ...many, checkpoint: { file, resume: true } });
      expect([second.verdict, second.states]).toEqual([whole.verdict, whole.states]);
    } else expect(first.states).toBe(whole.states);
  }, 30_000);
});

describe('a folder that cannot be written', () => {
  it('is told once, and the search goes on to its end', async () => {
    const blocked = join(folder, 'file');
    writeFileSync(blocked, '');
    const warnings: string[] = [];
    const checkpoint = {
      ...{ file: join(blocked, 'three.checkpoint'), resume: false, everyMs: 0 },
      warn: (message: string) => warnings.push(message),
    };
    const result = await run({ checkpoint });
    expect([result.verdict, result.checkpoint]).toEqual(['verified', '']);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/no checkpoint is kept: cannot write .*three\.checkpoint/);
  });
});
