/** Builds a model in a thread of its own, so that who waits for it can do something else meanwhile. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type BuildOptions, type BuiltModel, cachedModel } from './build-model.js';

export interface BackgroundBuild {
  readonly entry: string;
  readonly options: BuildOptions;
}

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
  return (await cachedModel(entry, options)) ?? build(entry, options, signal);
}

function build(entry: string, options: BuildOptions, signal: AbortSignal): Promise<BuiltModel> {
  return new Promise((resolve, reject) => {
    const workerData: BackgroundBuild = { entry, options };
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
