/**
 * Built models on disk. An index file for each (entry, options) lists every source with its hash; while all are unchanged, the artefact
 * that it names is loaded and nothing heavy is imported. Whatever is wrong with the cache, the answer is to build again.
 */
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EntryFile, PipelineOptions } from './build.js';
import { toolVersions } from './build-hash.js';
import type { Manifest } from './manifest.js';
import { isUnchanged, sha256 } from './source-files.js';
import type { SourceFile } from './source-files.js';

export interface Artefact {
  readonly wasm: Uint8Array;
  readonly manifest: Manifest;
}

interface Index {
  readonly tools: string;
  readonly hash: string;
  readonly wasmSha256: string;
  readonly manifestSha256: string;
  readonly files: readonly SourceFile[];
}

export class ModelCache {
  private readonly key: string;

  constructor(
    private readonly directory: string,
    entry: EntryFile,
    options: PipelineOptions,
  ) {
    const parts = [entry.baseDir, entry.file, options.flavour, options.kitDir, String(options.fuel)];
    this.key = `index-${sha256(parts.join('\n')).slice(0, 32)}.json`;
  }

  /** The artefact, if it is there, intact and of the sources as they are now. */
  async load(): Promise<(Artefact & { readonly files: readonly SourceFile[] }) | undefined> {
    try {
      const index = await this.readIndex();
      if (!index || index.tools !== (await toolchain())) return undefined;
      const fresh = await Promise.all(index.files.map(isUnchanged));
      if (!fresh.every(Boolean)) return undefined;
      const [wasm, json] = await Promise.all([
        readFile(this.path(`${index.hash}.wasm`)),
        readFile(this.path(`${index.hash}.json`)),
      ]);
      if (sha256(wasm) !== index.wasmSha256 || sha256(json) !== index.manifestSha256) return undefined;
      const manifest = JSON.parse(json.toString('utf8')) as Manifest;
      // The same artefact may have been built from a copy elsewhere.
      const sources = index.files.filter((f) => f.sha256 !== '');
      return { wasm: new Uint8Array(wasm), manifest: { ...manifest, sources }, files: index.files };
    } catch {
      return undefined;
    }
  }

  /** Never fails: without a cache the next build is only slower. */
  async store({ wasm, manifest }: Artefact, files: readonly SourceFile[]): Promise<void> {
    try {
      await mkdir(this.directory, { recursive: true });
      const before = await this.readIndex().catch(() => undefined);
      const json = JSON.stringify({ ...manifest, sources: [] });
      const index: Index = {
        tools: await toolchain(),
        hash: manifest.hash,
        wasmSha256: sha256(wasm),
        manifestSha256: sha256(json),
        files,
      };
      await this.write(`${manifest.hash}.wasm`, wasm);
      await this.write(`${manifest.hash}.json`, json);
      await this.write(this.key, JSON.stringify(index));
      if (before && /^[0-9a-f]{64}$/.test(before.hash) && before.hash !== manifest.hash) {
        for (const end of ['wasm', 'json']) await rm(this.path(`${before.hash}.${end}`), { force: true });
      }
    } catch {
      // Full, read-only or gone.
    }
  }

  private path(name: string): string {
    return join(this.directory, name);
  }

  private async readIndex(): Promise<Index | undefined> {
    const index = JSON.parse(await readFile(this.path(this.key), 'utf8')) as Partial<Index> | null;
    return index && typeof index.hash === 'string' && Array.isArray(index.files) ? (index as Index) : undefined;
  }

  private write(name: string, data: string | Uint8Array): Promise<void> {
    return writeWhole(this.directory, name, data);
  }
}

let temporaries = 0;

/** Other processes see the old file or the new one, never a part. */
async function writeWhole(directory: string, name: string, data: string | Uint8Array): Promise<void> {
  const temporary = join(directory, `.${name}.${process.pid}.${temporaries++}.tmp`);
  try {
    await writeFile(temporary, data);
    await rename(temporary, join(directory, name));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** A file of the cache that is no model; undefined if it is not there. */
export async function cachedBytes(directory: string, name: string): Promise<Uint8Array | undefined> {
  return readFile(join(directory, name)).catch(() => undefined);
}

/** Never fails, as `ModelCache.store`. Files of this kind that were not read for a month are removed. */
export async function keepBytes(directory: string, name: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await writeWhole(directory, name, bytes);
    await removeOld(directory, name);
  } catch {
    // Full, read-only or gone.
  }
}

const MONTH_MS = 30 * 24 * 60 * 60 * 1000;

async function removeOld(directory: string, newest: string): Promise<void> {
  const kind = newest.slice(0, newest.indexOf('-') + 1);
  const { mtimeMs } = await stat(join(directory, newest));
  for (const name of (await readdir(directory)).filter((n) => n.startsWith(kind))) {
    const path = join(directory, name);
    const { atimeMs, mtimeMs: written } = await stat(path);
    if (Math.max(atimeMs, written) < mtimeMs - MONTH_MS) await rm(path, { force: true });
  }
}

let fingerprint: Promise<string> | undefined;

/** Versions, and the bytes of this folder: whoever works on the passes must not get yesterday's output. */
export function toolchain(): Promise<string> {
  fingerprint ??= (async () => {
    const folder = dirname(fileURLToPath(import.meta.url));
    const names = (await readdir(folder)).filter((n) => /(?<!\.d)\.[jt]s$/.test(n)).sort();
    const files = await Promise.all(names.map((n) => readFile(join(folder, n))));
    return `${toolVersions()}, ${sha256(files.map(sha256).join())}`;
  })();
  return fingerprint;
}

/**
 * Where to cache by default: `node_modules/.cache/heddle` of the package around the working directory, else a folder of the user's own
 * under the system's temporary one. Undefined: nowhere.
 */
export async function defaultCacheDir(): Promise<string | undefined> {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if ((await exists(join(folder, 'package.json'))) && (await exists(modules))) {
      const directory = join(modules, '.cache', 'heddle');
      if (await isWritable(directory)) return directory;
      break;
    }
    if (dirname(folder) === folder) break;
  }
  const uid = process.getuid?.();
  const directory = join(tmpdir(), `heddle-cache-${uid ?? 'user'}`);
  if (!(await isWritable(directory))) return undefined;
  // Anybody can make a folder of this name: what lies in another user's is not ours to run.
  return uid === undefined || (await stat(directory)).uid === uid ? directory : undefined;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function isWritable(directory: string): Promise<boolean> {
  const probe = join(directory, `.probe.${process.pid}`);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await (await open(probe, 'w')).close();
    await rm(probe, { force: true });
    return true;
  } catch {
    return false;
  }
}
