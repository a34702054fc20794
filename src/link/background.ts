/** Links in a thread of its own, beside a campaign. */
import { cachedBytes, defaultCacheDir, keepBytes, toolchain } from '../build/cache.js';
import { inThread } from '../build/in-thread.js';
import { sha256 } from '../build/source-files.js';
import type { Configuration } from '../executor/executor.js';
import type { ModelArtefact } from '../executor/instance.js';
import { merge } from './link.js';

/** What the thread is given: `inline` merged modules, then `train` them for what they will run. */
export type LinkWork =
  | { readonly type: 'inline'; readonly merged: Uint8Array }
  | {
      readonly type: 'train';
      readonly linked: Uint8Array;
      readonly artefact: ModelArtefact;
      readonly configurations: readonly Configuration[];
    };

/**
 * As `link` and `train`; what does not depend on configurations is kept in the cache. `cacheDir`: as of `buildModel`.
 * @throws Error with the message of what went wrong, or if `signal` aborts.
 */
export async function linkInBackground(
  executor: Uint8Array,
  artefact: ModelArtefact,
  configurations: readonly Configuration[],
  signal: AbortSignal,
  cacheDir?: string | null,
): Promise<Uint8Array> {
  const linked = await linkedBytes(executor, artefact.wasm, signal, cacheDir);
  return inLinkThread({ type: 'train', linked, artefact, configurations }, signal);
}

async function linkedBytes(
  executor: Uint8Array,
  model: Uint8Array,
  signal: AbortSignal,
  cacheDir: string | null | undefined,
): Promise<Uint8Array> {
  const folder = cacheDir === undefined ? await defaultCacheDir() : cacheDir;
  const name = `linked-${sha256([await toolchain(), sha256(executor), sha256(model)].join('\n'))}.wasm`;
  const kept = folder ? await cachedBytes(folder, name) : undefined;
  if (kept && WebAssembly.validate(new Uint8Array(kept))) return kept;
  const linked = await inLinkThread({ type: 'inline', merged: await merge(executor, model, signal) }, signal);
  if (folder) await keepBytes(folder, name, linked);
  return linked;
}

const inLinkThread = (work: LinkWork, signal: AbortSignal): Promise<Uint8Array> =>
  inThread('link/thread.js', work, signal);
