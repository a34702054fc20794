/** Builds and links models in a thread of its own, so that who waits for it can do something else meanwhile. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type BuildOptions, type BuiltModel, cachedModel } from './build-model.js';
import { cachedBytes, defaultCacheDir, keepBytes, toolchain } from './cache.js';
import { merge } from './link.js';
import { sha256 } from './source-files.js';

export type BackgroundWork =
  | { readonly type: 'build'; readonly entry: string; readonly options: BuildOptions }
  | { readonly type: 'inline'; readonly merged: Uint8Array };

/** The thread's code exists as a file in dist/ only, also under the test runner. */
function threadFile(): string {
  const beside = fileURLToPath(new URL('background-thread.js', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../dist/build/background-thread.js', import.meta.url));
}

/** As `buildModel`, with lower priority where threads have one. @throws Error with the message of what went wrong, or if `signal` aborts. */
export async function buildInBackground(
  entry: string,
  options: BuildOptions,
  signal: AbortSignal,
): Promise<BuiltModel> {
  return (await cachedModel(entry, options)) ?? inThread<BuiltModel>({ type: 'build', entry, options }, signal);
}

/**
 * As `link`, kept in the cache. `cacheDir`: as of `buildModel`.
 * @throws Error with the message of what went wrong, or if `signal` aborts.
 */
export async function linkInBackground(
  executor: Uint8Array,
  model: Uint8Array,
  signal: AbortSignal,
  cacheDir?: string | null,
): Promise<Uint8Array> {
  const folder = cacheDir === undefined ? await defaultCacheDir() : cacheDir;
  const name = `linked-${sha256([await toolchain(), sha256(executor), sha256(model)].join('\n'))}.wasm`;
  const kept = folder ? await cachedBytes(folder, name) : undefined;
  if (kept && WebAssembly.validate(new Uint8Array(kept))) return kept;
  const merged = await merge(executor, model, signal);
  const linked = await inThread<Uint8Array>({ type: 'inline', merged }, signal);
  if (folder) await keepBytes(folder, name, linked);
  return linked;
}

function inThread<Result>(workerData: BackgroundWork, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(threadFile(), { workerData });
    const stop = (): void => void worker.terminate();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => {
      signal.removeEventListener('abort', stop);
      reject(new Error('the build was given up'));
    });
  });
}
