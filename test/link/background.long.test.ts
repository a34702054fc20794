/** Linking in the background: kept in the cache, given up without leaving anything, and no worse without a cache. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executorBytes, type ModelArtefact } from '../../src/executor/instance.js';
import { linkInBackground } from '../../src/link/background.js';
import { withoutHints } from '../../src/build/branch-hints.js';
import { modelAt } from '../support/models.js';

const never = new AbortController().signal;
const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('heddle-link-'));
let directory = '';
let model: ModelArtefact;
const SCENES = [{ scene: 'pick' }, { scene: 'both' }];

const link = (signal: AbortSignal, cache: string | null): Promise<Uint8Array> =>
  linkInBackground(executorBytes(), model, SCENES, signal, cache);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'heddle-linked-'));
  model = await modelAt('test/models/choosing.ts');
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const kept = (cache: string): string[] => readdirSync(cache).filter((name) => name.startsWith('linked-'));

describe('linking in the background', () => {
  it('has the exports of both and hints, is kept, and replaces what is damaged', async () => {
    const cache = join(directory, 'cache');
    const bytes = await link(never, cache);
    const names = WebAssembly.Module.exports(new WebAssembly.Module(new Uint8Array(bytes))).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['runBatch', 'ld32', '_start', 'register', 'memory', 'table']));
    const [name] = kept(cache);
    const path = join(cache, name ?? '');
    const untrained = readFileSync(path);
    expect(Buffer.from(withoutHints(bytes))).toEqual(Buffer.from(withoutHints(untrained)));
    expect(Buffer.from(bytes)).not.toEqual(untrained);

    // A file of the same name that is a module is taken as it is: nothing is linked.
    const bare = Buffer.from(withoutHints(untrained));
    writeFileSync(path, bare);
    const fromBare = Buffer.from(await link(never, cache));
    expect(fromBare).not.toEqual(bare);
    expect(fromBare).not.toEqual(Buffer.from(bytes));
    expect(readFileSync(path)).toEqual(bare);

    writeFileSync(path, bytes.subarray(0, 1000));
    expect(Buffer.from(await link(never, cache))).toEqual(Buffer.from(bytes));
    expect(readFileSync(path)).toEqual(untrained);
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
    await link(never, cache);
    expect(readdirSync(cache)).toContain('c.wasm');
    expect(kept(cache)).toContain('linked-b.wasm');
    expect(kept(cache)).not.toContain('linked-a.wasm');
    expect(kept(cache)).toHaveLength(2);
  });

  it('leaves no folder and no program when it is given up', async () => {
    const before = folders();
    const giveUp = new AbortController();
    const linking = link(giveUp.signal, null);
    setTimeout(() => giveUp.abort(), 300);
    await expect(linking).rejects.toThrow();
    expect(folders()).toEqual(before);
  });

  it('does without a cache that cannot be written', async () => {
    const file = join(directory, 'a-file');
    writeFileSync(file, '');
    const bytes = await link(never, file);
    expect(WebAssembly.validate(new Uint8Array(bytes))).toBe(true);
  });

  it('tells what is no model', async () => {
    await expect(
      linkInBackground(executorBytes(), { ...model, wasm: new Uint8Array(8) }, SCENES, never, null),
    ).rejects.toThrow('wasm-merge');
  });
});
