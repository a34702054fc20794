/** Builds again whenever a source changes: `heddle build --watch`. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BuildOptions, BuiltModel } from './build-model.js';
import { buildWithSources } from './build-model.js';
import { isUnchanged } from './source-files.js';

const POLL_MS = 200;

export type WatchResult =
  | { readonly ok: true; readonly model: BuiltModel }
  /** Almost always a `HeddleError`: show it and wait for the next change. */
  | { readonly ok: false; readonly error: unknown };

/**
 * Builds at once and after each change of a file that the build read or looked for; `onResult` gets every result, one at a time.
 * Answers a function that stops watching. Polls, because editors replace files in ways that `fs.watch` loses track of.
 */
export function watchModel(entry: string, options: BuildOptions, onResult: (result: WatchResult) => void): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const sleep = (): Promise<void> =>
    new Promise((done) => {
      timer = setTimeout(done, POLL_MS);
    });

  const run = async (): Promise<void> => {
    let paths: readonly string[] = [resolve(entry)];
    while (!stopped) {
      const built = await buildOnce(entry, options);
      if (stopped) return;
      if (built.paths.length > 0) paths = built.paths;
      onResult(built.result);
      // The signature first: a change between the two would be lost the other way round.
      const last = await signature(paths);
      if (!(await built.isCurrent())) continue;
      let now = last;
      while (!stopped && now === last) {
        await sleep();
        now = await signature(paths);
      }
      // Until the editor has finished writing.
      for (let previous = ''; !stopped && previous !== now; now = await signature(paths)) {
        previous = now;
        await sleep();
      }
    }
  };
  void run();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

interface Built {
  readonly result: WatchResult;
  readonly paths: readonly string[];
  /** The sources are still what was built. */
  readonly isCurrent: () => Promise<boolean>;
}

async function buildOnce(entry: string, options: BuildOptions): Promise<Built> {
  try {
    const { sources, result } = await buildWithSources(entry, options);
    const files = sources.list();
    const isCurrent = async (): Promise<boolean> => (await Promise.all(files.map(isUnchanged))).every(Boolean);
    const paths = files.map((f) => f.path);
    try {
      return { result: { ok: true, model: result() }, paths, isCurrent };
    } catch (error) {
      return { result: { ok: false, error }, paths, isCurrent };
    }
  } catch (error) {
    return { result: { ok: false, error }, paths: [], isCurrent: () => Promise.resolve(true) };
  }
}

/** Changes when one of the files does, appears or goes. */
async function signature(paths: readonly string[]): Promise<string> {
  const parts = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        (info) => `${info.mtimeMs} ${info.size} ${info.ino}`,
        () => 'none',
      ),
    ),
  );
  return parts.join('\n');
}
