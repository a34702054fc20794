/** The pipeline behind the cache. */
import { runPipeline } from './build.js';
import { defaultCacheDir, ModelCache } from './cache.js';
import { KIT_DIR } from './kit.js';
import type { Manifest } from './manifest.js';
import { entryFile } from './resolve.js';
import { SourceFiles } from './source-files.js';

export interface BuildOptions {
  /** `fast` for fuzzing (default), `exact` for exhaustive search: equal states have equal stacks. */
  readonly flavour?: Manifest['flavour'];
  /** Default: `node_modules/.cache/heddle`, or a temporary folder; null: no cache. */
  readonly cacheDir?: string | null;
  /** Folder of the kit, `heddle.ts` in it. Default: this package's. */
  readonly kitDir?: string;
  /** Count loop iterations (default). Off only to test what stops a model that loops for ever. */
  readonly fuel?: boolean;
  /**
   * Keys (`siteKey`) of calls of the kit that are left out: the arguments are computed and dropped, and a call that answers something
   * answers that it succeeded (`try…`, `queue…`, `…Timeout`), else 0. The sites keep their numbers. Such a model is never cached.
   */
  readonly without?: readonly string[];
}

export interface BuiltModel {
  readonly wasm: Uint8Array;
  readonly manifest: Manifest;
  /** Nothing was compiled. */
  readonly cached: boolean;
  /** Milliseconds by phase, and `total`. */
  readonly times: Readonly<Record<string, number>>;
}

/**
 * Builds the model of one entry file, or takes it from the cache. The same sources give the same bytes, wherever they lie.
 *
 * Throws `HDL_MODEL_COMPILE`, `HDL_MODEL_SUBSET` and `HDL_MODEL_DECLARATION` with places and remedies, `HDL_MODEL_UNKNOWN` if there is
 * no such file, `HDL_USAGE` if a key in `without` is no call of the kit.
 */
export async function buildModel(entry: string, options: BuildOptions = {}): Promise<BuiltModel> {
  return (await buildWithSources(entry, options)).result();
}

/** The model of the entry file if the cache has it; null: it would have to be built. Throws `HDL_MODEL_UNKNOWN`. */
export async function cachedModel(entry: string, options: BuildOptions = {}): Promise<BuiltModel | null> {
  const start = performance.now();
  const { hit } = await lookUp(entry, options);
  if (!hit) return null;
  return { wasm: hit.wasm, manifest: hit.manifest, cached: true, times: { total: performance.now() - start } };
}

/** As `buildModel`, but answers what was read also when the build failed. */
export async function buildWithSources(
  entry: string,
  options: BuildOptions,
): Promise<{ readonly sources: SourceFiles; readonly result: () => BuiltModel }> {
  const start = performance.now();
  const { file, settings, cache, hit } = await lookUp(entry, options);
  const sources = new SourceFiles(file.baseDir, settings.kitDir);
  if (hit) {
    sources.adopt(hit.files);
    const total = performance.now() - start;
    return { sources, result: () => ({ wasm: hit.wasm, manifest: hit.manifest, cached: true, times: { total } }) };
  }
  try {
    const built = await runPipeline(file, settings, sources);
    await cache?.store(built, sources.list());
    const times = { ...built.times, total: performance.now() - start };
    return { sources, result: () => ({ wasm: built.wasm, manifest: built.manifest, cached: false, times }) };
  } catch (error) {
    return {
      sources,
      result: () => {
        throw error;
      },
    };
  }
}

/** What a build depends on, and what the cache has of it. */
async function lookUp(entry: string, options: BuildOptions) {
  const file = await entryFile(entry);
  const settings = {
    flavour: options.flavour ?? 'fast',
    kitDir: options.kitDir ?? KIT_DIR,
    fuel: options.fuel ?? true,
    without: [...(options.without ?? [])].sort(),
  } as const;
  const caches = settings.without.length === 0;
  const directory = !caches
    ? undefined
    : options.cacheDir === undefined
      ? await defaultCacheDir()
      : (options.cacheDir ?? undefined);
  const cache = directory === undefined ? undefined : new ModelCache(directory, file, settings);
  const hit = await cache?.load();
  return { file, settings, cache, hit };
}
