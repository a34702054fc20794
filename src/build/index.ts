/** The model toolchain: a source file → what the executor runs. */
import { basename, dirname, resolve } from 'node:path';
import type { EntryFile } from './build.js';
import { runPipeline } from './build.js';
import { KIT_DIR } from './kit.js';
import type { Manifest } from './manifest.js';

export interface BuildOptions {
  /** `fast` for fuzzing (default), `exact` for exhaustive search. */
  readonly flavour?: Manifest['flavour'];
  readonly kitDir?: string;
  readonly fuel?: boolean;
}

export interface BuiltModel {
  readonly wasm: Uint8Array;
  readonly manifest: Manifest;
  readonly cached: boolean;
  /** Milliseconds. */
  readonly times: Readonly<Record<string, number>>;
}

export async function buildModel(entry: string, options: BuildOptions = {}): Promise<BuiltModel> {
  const file = entryFile(resolve(entry));
  const { flavour = 'fast', kitDir = KIT_DIR, fuel = true } = options;
  const { wasm, manifest, times } = await runPipeline(file, { flavour, kitDir, fuel });
  return { wasm, manifest, cached: false, times };
}

function entryFile(path: string): EntryFile {
  const base = basename(path, '.ts');
  return { name: base === 'index' ? basename(dirname(path)) : base, baseDir: dirname(path), file: basename(path) };
}
