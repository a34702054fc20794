/** The model toolchain: a source file → what the executor runs. */
export { buildInBackground } from './background.js';
export { buildModel } from './build-model.js';
export type { BuildOptions, BuiltModel } from './build-model.js';
export { IS_PATH, listModels, resolveModel } from './resolve.js';
export type { ModelEntry } from './resolve.js';
export { watchModel } from './watch.js';
export type { WatchResult } from './watch.js';
export type { Manifest, Site } from './manifest.js';
