/**
 * Models for tests: each is built once and kept in a cache folder, so that test files, which run in several processes, share the
 * work. The key is what the build itself depends on, so a stale model is never served.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type * as Build from '../../src/build/index.js';
import type { Manifest } from '../../src/build/manifest.js';
import { type Configuration, Executor, type ExecutorOptions } from '../../src/executor/executor.js';
import type { ModelArtefact } from '../../src/executor/instance.js';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const CACHE = join(tmpdir(), 'heddle-test-models');

export type Flavour = Manifest['flavour'];

const built = new Map<string, Promise<ModelArtefact>>();

/** The built model at a path relative to the repository's root, for example `examples/bank.ts`. */
export function modelAt(path: string, flavour: Flavour = 'fast'): Promise<ModelArtefact> {
  const key = `${flavour} ${path}`;
  let promise = built.get(key);
  if (!promise) {
    promise = buildCached(resolve(ROOT, path), flavour);
    built.set(key, promise);
  }
  return promise;
}

/** A model from source text, for tests that edit a model; `name` becomes the model's name. */
export function modelOf(source: string, name: string, flavour: Flavour = 'fast'): Promise<ModelArtefact> {
  const dir = join(CACHE, 'sources', createHash('sha256').update(source).digest('hex').slice(0, 16));
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${name}.ts`);
  writeAtomically(file, source);
  return modelAt(file, flavour);
}

/** An executor with the model booted. */
export async function executorOf(
  path: string,
  configuration: Configuration = {},
  more: Omit<ExecutorOptions, 'artefact' | 'configuration'> = {},
): Promise<Executor> {
  return Executor.create({ artefact: await modelAt(path), configuration, ...more });
}

/** The text of a model's source file. */
export function sourceOf(path: string): string {
  return readFileSync(resolve(ROOT, path), 'utf8');
}

async function buildCached(entry: string, flavour: Flavour): Promise<ModelArtefact> {
  const key = createHash('sha256').update(`${flavour}\n${entry}\n`);
  const ours = [...filesBelow(join(ROOT, 'src/build')), ...filesBelow(join(ROOT, 'assembly/kit'))];
  for (const file of [...ours, ...withImports(entry)]) {
    key.update(file).update(readFileSync(file));
  }
  const base = join(CACHE, key.digest('hex').slice(0, 32));
  mkdirSync(CACHE, { recursive: true });
  // A large model takes 20 seconds: whoever wants it meanwhile waits.
  while (!existsSync(`${base}.json`)) {
    if (takeLock(`${base}.lock`)) {
      try {
        // The built command line's own build, which shares its cache with the processes that tests start.
        const { buildModel } = (await import(join(ROOT, 'dist/build/index.js'))) as typeof Build;
        const { wasm, manifest } = await buildModel(entry, { flavour });
        writeAtomically(`${base}.wasm`, wasm);
        writeAtomically(`${base}.json`, JSON.stringify(manifest));
        return { wasm, manifest };
      } finally {
        rmSync(`${base}.lock`, { force: true });
      }
    }
    await setTimeout(100);
  }
  const manifest = JSON.parse(readFileSync(`${base}.json`, 'utf8')) as Manifest;
  return { wasm: new Uint8Array(readFileSync(`${base}.wasm`)), manifest };
}

/** Whether the lock is ours now. One whose process has gone is nobody's. */
function takeLock(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!isAlive(ownerOf(file))) rmSync(file, { force: true });
    return false;
  }
}

/** Ourselves, where the file has just gone or is not written yet. */
function ownerOf(lock: string): number {
  try {
    return Number(readFileSync(lock, 'utf8')) || process.pid;
  } catch {
    return process.pid;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The file and all that it imports by a relative path. */
function withImports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/\bfrom '(\.[^']*)'/g)) {
    const target = join(dirname(file), path);
    withImports(existsSync(`${target}.ts`) ? `${target}.ts` : join(target, 'index.ts'), seen);
  }
  return seen;
}

function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function writeAtomically(file: string, data: string | Uint8Array): void {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, data);
  renameSync(temporary, file);
}
