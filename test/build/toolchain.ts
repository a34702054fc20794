/** Shared by the tests of the build: models from text, built with a kit of the tests' own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BuildOptions, BuiltModel, Site } from '../../src/build/index.js';
import { buildModel } from '../../src/build/index.js';
import { compile } from '../../src/build/compile.js';
import { instrument } from '../../src/build/instrument.js';
import { readSourceMap } from '../../src/build/source-map.js';
import { SourceFiles } from '../../src/build/source-files.js';
import { HeddleError } from '../../src/errors.js';
import { temporaryFolder } from '../support/temporary.js';
import { KIT_FILES } from './kit-files.js';

export type { BuiltModel, WatchResult } from '../../src/build/index.js';

function writeFiles(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder('build');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

export const KIT = writeFiles(KIT_FILES);

/** Writes the files of a model into a new folder; answers the path of `m.ts`. */
export const writeModel = (files: string | Record<string, string>): string =>
  join(writeFiles(typeof files === 'string' ? { 'm.ts': files } : files), 'm.ts');

export const build = (files: string | Record<string, string>, options: BuildOptions = {}): Promise<BuiltModel> =>
  buildModel(writeModel(files), { kitDir: KIT, cacheDir: null, ...options });

export async function failure(run: Promise<unknown>): Promise<HeddleError> {
  const error: unknown = await run.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof HeddleError)) throw new Error(`expected a HeddleError, got ${String(error)}`);
  return error;
}

/** Sites without Binaryen, which takes most of a build's time. */
export async function sitesOf(files: string | Record<string, string>): Promise<Site[]> {
  const path = writeModel(files);
  const { wasm, map, classes } = await compile('m.ts', new SourceFiles(dirname(path), KIT));
  const classNames = new Map(classes.map((c) => [c.id, c.name]));
  const { sites } = instrument(wasm, { places: readSourceMap(map), classNames, fuel: true });
  return sites.filter((s) => s !== null);
}

export const keyOf = (s: Site): string =>
  `${s.function} ${s.operation} ${s.field} #${s.ordinal}${s.marked ? ' marked' : ''}`;

export const inFunction = (sites: readonly Site[], name: string): string[] =>
  sites.filter((s) => s.function === name).map((s) => keyOf(s).slice(name.length + 1));
