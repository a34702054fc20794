/** Linking in the background: kept in the cache, given up without leaving anything, and no worse without a cache. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkInBackground } from '../../src/build/index.js';
import { executorBytes } from '../../src/executor/instance.js';
import { modelAt } from '../support/models.js';

const never = new AbortController().signal;
const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('heddle-link-'));
let directory = '';
let model: Uint8Array;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'heddle-linked-'));
  ({ wasm: model } = await modelAt('test/models/choosing.ts'));
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const kept = (cache: string): string[] => readdirSync(cache).filter((name) => name.startsWith('linked-'));

describe('linking in the background', () => {
  it('has the exports of both, is kept, and replaces what is damaged', async () => {
    const cache = join(directory, 'cache');
    const bytes = await linkInBackground(executorBytes(), model, never, cache);
    const names = WebAssembly.Module.exports(new WebAssembly.Module(new Uint8Array(bytes))).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['runBatch', 'ld32', '_start', 'register', 'memory', 'table']));
    const [name] = kept(cache);
    const path = join(cache, name ?? '');
    expect(readFileSync(path)).toEqual(Buffer.from(bytes));

    // A file of the same name that is a module is taken as it is: nothing is linked.
    const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    writeFileSync(path, empty);
    expect(Buffer.from(await linkInBackground(executorBytes(), model, never, cache))).toEqual(Buffer.from(empty));

    writeFileSync(path, bytes.subarray(0, 1000));
    expect(Buffer.from(await linkInBackground(executorBytes(), model, never, cache))).toEqual(Buffer.from(bytes));
    expect(readFileSync(path)).toEqual(Buffer.from(bytes));
  });

  it('removes what was not used for a month, and nothing else', async () => {
    const cache = join(directory, 'old');
    mkdirSync(cache);
    const days = (n: number): number => Date.now() / 1000 - n * 86_400;
    for (const [name, age] of [
      ['linked-a.wasm', 40],
      ['linked-b.wasm', 20],
      ['c.wasm', 40],
    ] as const) {
      writeFileSync(join(cache, name), '');
      utimesSync(join(cache, name), days(age), days(age));
    }
    await linkInBackground(executorBytes(), model, never, cache);
    expect(readdirSync(cache)).toContain('c.wasm');
    expect(kept(cache)).toContain('linked-b.wasm');
    expect(kept(cache)).not.toContain('linked-a.wasm');
    expect(kept(cache)).toHaveLength(2);
  });

  it('leaves no folder and no program when it is given up', async () => {
    const before = folders();
    const giveUp = new AbortController();
    const linking = linkInBackground(executorBytes(), model, giveUp.signal, null);
    setTimeout(() => giveUp.abort(), 300);
    await expect(linking).rejects.toThrow();
    expect(folders()).toEqual(before);
  });

  it('does without a cache that cannot be written', async () => {
    const file = join(directory, 'a-file');
    writeFileSync(file, '');
    const bytes = await linkInBackground(executorBytes(), model, never, file);
    expect(WebAssembly.validate(new Uint8Array(bytes))).toBe(true);
  });

  it('tells what is no model', async () => {
    await expect(linkInBackground(executorBytes(), new Uint8Array(8), never, null)).rejects.toThrow('wasm-merge');
  });
});
