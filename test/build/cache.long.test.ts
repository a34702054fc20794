import { cpSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { BuiltModel, WatchResult } from './toolchain.js';
import { buildModel, watchModel } from '../../src/build/index.js';
import { build, failure, KIT, writeModel } from './toolchain.js';
import { temporaryFolder } from '../support/temporary.js';

const MODEL = `
import { event } from "heddle";
import { bump } from "./lib/count";
function task(): void { bump(); }
export function register(): void { event("task", task); }
`;
const FILES = { 'm.ts': MODEL, 'lib/count.ts': 'let count: i32 = 0;\nexport function bump(): void { count++; }\n' };
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const same = (a: BuiltModel, b: BuiltModel): void => {
  expect(hex(a.wasm)).toBe(hex(b.wasm));
  expect({ ...a.manifest, sources: [] }).toEqual({ ...b.manifest, sources: [] });
};

describe('the cache', () => {
  it('answers the same artefact, and only for the same sources and options', async () => {
    const entry = writeModel(FILES);
    const options = { kitDir: KIT, cacheDir: temporaryFolder('build') };
    const first = await buildModel(entry, options);
    expect(first.cached).toBe(false);
    const second = await buildModel(entry, options);
    expect(second.cached).toBe(true);
    same(first, second);
    expect(second.manifest.sources).toEqual(first.manifest.sources);
    expect(first.manifest.sources.map((s) => s.name)).toEqual([
      'lib/count.ts',
      'm.ts',
      '~lib/heddle.ts',
      '~lib/heddle/abi/heddle.ts',
      '~lib/heddle/parts.ts',
    ]);
    expect((await buildModel(entry, { ...options, flavour: 'exact' })).cached).toBe(false);
    expect((await buildModel(entry, options)).cached).toBe(true);

    writeFileSync(join(dirname(entry), 'lib/count.ts'), `${FILES['lib/count.ts']}// changed\n`);
    const third = await buildModel(entry, options);
    expect(third.cached).toBe(false);
    expect(third.manifest.hash).not.toBe(first.manifest.hash);
    expect(hex(third.wasm)).toBe(hex(first.wasm));
  });

  it('notices a file that would now be found first', async () => {
    const entry = writeModel({ 'm.ts': MODEL, 'lib/count/index.ts': FILES['lib/count.ts'] });
    const options = { kitDir: KIT, cacheDir: temporaryFolder('build') };
    await buildModel(entry, options);
    expect((await buildModel(entry, options)).cached).toBe(true);
    writeFileSync(join(dirname(entry), 'lib/count.ts'), 'export function bump(): void {}');
    expect((await buildModel(entry, options)).cached).toBe(false);
  });

  it('builds again, silently, from a damaged cache', async () => {
    const entry = writeModel(FILES);
    const cacheDir = temporaryFolder('build');
    const options = { kitDir: KIT, cacheDir };
    const first = await buildModel(entry, options);
    const damage: ((path: string) => void)[] = [
      (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
      (path) => writeFileSync(path, 'garbage'),
      (path) => writeFileSync(path, 'null'),
      (path) =>
        writeFileSync(
          path,
          readFileSync(path).map((b, i) => (i === 40 ? b ^ 1 : b)),
        ),
    ];
    for (const harm of damage) {
      for (const end of ['.wasm', '.json']) {
        const victims = readdirSync(cacheDir).filter((n) => n.endsWith(end));
        for (const name of victims) harm(join(cacheDir, name));
        const again = await buildModel(entry, options);
        expect(again.cached).toBe(false);
        same(first, again);
        expect((await buildModel(entry, options)).cached).toBe(true);
      }
    }
  });

  it('is not needed', async () => {
    const entry = writeModel(FILES);
    const file = join(temporaryFolder('build'), 'file');
    writeFileSync(file, '');
    for (const cacheDir of [file, join(file, 'below')]) {
      expect((await buildModel(entry, { kitDir: KIT, cacheDir })).cached).toBe(false);
    }
  });

  it('keeps no artefact of an older state of the sources, and no temporary file', async () => {
    const entry = writeModel(FILES);
    const cacheDir = temporaryFolder('build');
    await buildModel(entry, { kitDir: KIT, cacheDir });
    writeFileSync(entry, `${MODEL}\n`);
    await buildModel(entry, { kitDir: KIT, cacheDir });
    expect(readdirSync(cacheDir).filter((n) => n.endsWith('.wasm'))).toHaveLength(1);
    expect(readdirSync(cacheDir).filter((n) => n.endsWith('.tmp'))).toEqual([]);
  });
});

describe('the bytes of an artefact', () => {
  it('depend on nothing that was built before, and not on where the sources lie', async () => {
    const first = await build(FILES);
    await build(FILES, { flavour: 'exact' });
    await failure(build('export function register(): void { foo(); }'));
    const second = await build(FILES);
    same(first, second);
    expect(JSON.stringify({ ...first.manifest, sources: [] })).not.toContain(temporaryFolder('build').slice(0, 8));
    const entry = writeModel(FILES);
    const kitDir = temporaryFolder('build');
    cpSync(KIT, kitDir, { recursive: true });
    same(first, await buildModel(entry, { kitDir, cacheDir: null }));
  });

  it('are those of the kit as it is now', async () => {
    const kitDir = temporaryFolder('build');
    cpSync(KIT, kitDir, { recursive: true });
    const entry = writeModel(FILES);
    const first = await buildModel(entry, { kitDir, cacheDir: null });
    const parts = join(kitDir, 'heddle/parts.ts');
    writeFileSync(parts, readFileSync(parts, 'utf8').replace('abi.declare(1,', 'abi.declare(2,'));
    writeFileSync(
      join(kitDir, 'heddle.ts'),
      `${readFileSync(join(KIT, 'heddle.ts'), 'utf8')}\nexport const EXTRA: i32 = 1;\n`,
    );
    const second = await buildModel(entry, { kitDir, cacheDir: null });
    expect(hex(second.wasm)).not.toBe(hex(first.wasm));
    expect(second.manifest.hash).not.toBe(first.manifest.hash);
  });

  it('are right when builds run at the same time', async () => {
    const [a, b, c] = await Promise.all([build(FILES), build(FILES, { flavour: 'exact' }), build(FILES)]);
    same(a, c);
    expect(hex(b.wasm)).not.toBe(hex(a.wasm));
  });
});

describe('a hit', () => {
  it('loads neither compiler', async () => {
    const entry = writeModel(FILES);
    const options = { kitDir: KIT, cacheDir: temporaryFolder('build') };
    await buildModel(entry, options);
    vi.resetModules();
    const loaded: string[] = [];
    for (const name of ['assemblyscript/asc', 'binaryen']) {
      vi.doMock(name, (original) => {
        loaded.push(name);
        return original();
      });
    }
    const fresh = await import('../../src/build/index.js');
    expect((await fresh.buildModel(entry, options)).cached).toBe(true);
    expect(loaded).toEqual([]);
    expect((await fresh.buildModel(entry, { ...options, cacheDir: null })).cached).toBe(false);
    expect(loaded).toEqual(['assemblyscript/asc', 'binaryen']);
  });
});

describe('watching', () => {
  it('builds at once, after each change, and reports errors without stopping', async () => {
    const entry = writeModel(FILES);
    const results: WatchResult[] = [];
    let arrived = (): void => undefined;
    const next = async (n: number): Promise<WatchResult | undefined> => {
      while (results.length < n) await new Promise<void>((done) => (arrived = done));
      return results[n - 1];
    };
    const stop = watchModel(entry, { kitDir: KIT, cacheDir: null }, (result) => {
      results.push(result);
      arrived();
    });
    try {
      expect((await next(1))?.ok).toBe(true);
      writeFileSync(join(dirname(entry), 'lib/count.ts'), 'export function bump(): void { nothing(); }');
      expect((await next(2))?.ok).toBe(false);
      writeFileSync(join(dirname(entry), 'lib/count.ts'), FILES['lib/count.ts']);
      expect((await next(3))?.ok).toBe(true);
    } finally {
      stop();
    }
    expect(results).toHaveLength(3);
  });
});
