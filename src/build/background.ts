/** Builds models in a thread of its own. */
import { type BuildOptions, type BuiltModel, cachedModel } from './build-model.js';
import { inThread } from './in-thread.js';

export interface BuildWork {
  readonly entry: string;
  readonly options: BuildOptions;
}

/** As `buildModel`, with lower priority where threads have one. @throws Error with the message of what went wrong, or if `signal` aborts. */
export async function buildInBackground(
  entry: string,
  options: BuildOptions,
  signal: AbortSignal,
): Promise<BuiltModel> {
  const work: BuildWork = { entry, options };
  return (await cachedModel(entry, options)) ?? inThread('build/background-thread.js', work, signal);
}
