/** The whole pipeline without the cache: source → (wasm, manifest). Bytes depend on the sources, the versions and the options only. */
import { asyncify } from './asyncify.js';
import { compile } from './compile.js';
import { instrument } from './instrument.js';
import type { Manifest } from './manifest.js';
import { parseModule } from './parse-module.js';
import { buildHash } from './build-hash.js';
import { readSourceMap } from './source-map.js';
import type { SourceFiles } from './source-files.js';
import { checkModule, checkStaticSize } from './subset.js';

export interface PipelineOptions {
  readonly flavour: Manifest['flavour'];
  readonly kitDir: string;
  readonly fuel: boolean;
  /** Keys of the sites whose kit calls are left out; sorted. */
  readonly without: readonly string[];
}

export interface EntryFile {
  /** The model's name. */
  readonly name: string;
  readonly baseDir: string;
  /** Relative to `baseDir`. */
  readonly file: string;
}

export interface PipelineResult {
  readonly wasm: Uint8Array;
  readonly manifest: Manifest;
  readonly times: Readonly<Record<'asc' | 'instrument' | 'binaryen', number>>;
}

let last: Promise<unknown> = Promise.resolve();

/** `sources` holds all that was read even if this fails. One at a time: asc and Binaryen keep their state in module variables. */
export function runPipeline(entry: EntryFile, options: PipelineOptions, sources: SourceFiles): Promise<PipelineResult> {
  const result = last.then(() => pipeline(entry, options, sources));
  last = result.catch(() => undefined);
  return result;
}

async function pipeline(entry: EntryFile, options: PipelineOptions, sources: SourceFiles): Promise<PipelineResult> {
  const t0 = performance.now();
  const compiled = await compile(entry.file, sources);
  const t1 = performance.now();
  const places = readSourceMap(compiled.map);
  checkModule(compiled.wasm, places, sources, entry.file);
  const classNames = new Map(compiled.classes.map((c) => [c.id, c.name]));
  const { fuel, without } = options;
  const instrumented = instrument(compiled.wasm, {
    places,
    classNames,
    fuel,
    without,
    guards: options.flavour === 'exact',
  });
  checkStaticSize(instrumented.staticEnd, entry.file);
  const t2 = performance.now();
  const imports = parseModule(instrumented.wasm).functionImports.map((f) => f.name);
  const wasm = await asyncify(instrumented.wasm, imports, options.flavour);
  const t3 = performance.now();
  const files = sources.list();
  const manifest: Manifest = {
    format: 1,
    name: entry.name,
    hash: buildHash(entry, options, files),
    flavour: options.flavour,
    staticEnd: instrumented.staticEnd,
    cells: instrumented.cells,
    classes: compiled.classes,
    sites: instrumented.sites,
    marks: instrumented.marks,
    overrides: instrumented.overrides,
    functions: instrumented.functions,
    sources: files.filter((f) => f.sha256 !== ''),
  };
  return { wasm, manifest, times: { asc: t1 - t0, instrument: t2 - t1, binaryen: t3 - t2 } };
}
