/** Instantiates executor and model on one memory and one table; they call each other without JavaScript in between. */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { compiledFile } from '../compiled-file.js';
import type { Manifest } from '../build/manifest.js';
import { PAGES, STRATEGY_PAGES } from './layout.js';
import { MemoryView } from './memory-view.js';

/** A built model: what `heddle build` makes. */
export interface ModelArtefact {
  readonly wasm: Uint8Array;
  readonly manifest: Manifest;
}

/** Builds of the executor: `debug` recomputes each hash and asserts; `search` records what tasks share; `oracles` has those
 * oracles that cost time (`oracles.ts`). */
export type ExecutorBuild = 'release' | 'debug' | 'search' | 'oracles' | 'search-oracles';

/** Exports of the executor that the host calls. */
export interface ExecutorExports {
  boot(staticEnd: number, dataEnd: number): void;
  booted(): void;
  run(): number;
  runBatch(n: number): number;
  prepareExecution(): void;
  finishExecution(): number;
  begin(): number;
  proceed(next: number): number;
  save(): number;
  restore(bytes: number): void;
  searchPrepare(): void;
  searchShare(): void;
  searchAdmitThreads(): number;
  searchScout(bits: number): void;
  searchStart(memoryEnd: number, reduce: number, preemptions: number, steps: number): number;
  searchRun(budget: number): number;
  searchTrapped(trap: number): number;
  searchReplay(): void;
  searchTop(): number;
  searchAdopt(list: number, n: number): number;
  searchBounded(): number;
  searchRepeats(): number;
  searchVoid(): number;
  searchFor(list: number, n: number): void;
  searchRecord(at: number, bytes: number): void;
  searchRecorded(): number;
  searchKnowledge(): number;
  searchStates(): bigint;
  searchTransitions(): bigint;
  searchDepth(): number;
  searchDepthMax(): number;
  trapped(trap: number): number;
  recomputeHash(): bigint;
}

export interface Instance {
  readonly exports: ExecutorExports;
  readonly view: MemoryView;
  readonly memory: WebAssembly.Memory;
  readonly table: WebAssembly.Table;
  start(): void;
  register(): void;
  /** Calls a function without arguments by its table index. */
  call(entry: number): void;
  /** Name of the model's function at a table index; empty if unknown. */
  functionName(entry: number): string;
}

// Before anything is compiled: V8 up to 13 (Node 24) heeds the hints of build/branch-hints.ts only if it is told to.
if (Number.parseInt(process.versions.v8, 10) < 14) setFlagsFromString('--experimental-wasm-branch-hinting');

const modules = new Map<string, WebAssembly.Module>();

const executorModule = (build: ExecutorBuild): WebAssembly.Module =>
  compiledModule(build === 'release' ? 'executor.wasm' : `executor-${build}.wasm`);

/** A compiled module of Heddle's own, from the package's dist folder. */
export function compiledModule(name: string): WebAssembly.Module {
  let module = modules.get(name);
  if (!module) {
    module = new WebAssembly.Module(readWasm(name));
    modules.set(name, module);
  }
  return module;
}

function readWasm(name: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(compiledFile(name)));
  } catch (cause) {
    throw new Error(`${name} is missing: run “npm run build”`, { cause });
  }
}

const models = new WeakMap<Uint8Array, WebAssembly.Module>();

function modelModule(wasm: Uint8Array): WebAssembly.Module {
  let module = models.get(wasm);
  if (!module) {
    module = new WebAssembly.Module(new Uint8Array(wasm));
    models.set(wasm, module);
  }
  return module;
}

/** The bytes of the release build, for `link`. */
export const executorBytes = (): Uint8Array => readWasm('executor.wasm');

/** Findings end by unwinding, but a trap that does happen should not pay for a stack trace. */
Error.stackTraceLimit = Math.min(Error.stackTraceLimit, 10);

/** All builds have the search's functions; only the search builds are asked to search. */
const NOTHING_VISITED = { add: () => 0 };

const abort = (): never => {
  throw new Error('the executor aborted: this is a bug of Heddle');
};

/** By default what executions and strategies need. */
export const EXECUTION_PAGES = PAGES + STRATEGY_PAGES;

/** `pages`: memory, the search builds want more; `visited`: what they import; `module`: in the place of the build's own. */
export function instantiate(
  artefact: ModelArtefact,
  build: ExecutorBuild,
  pages = EXECUTION_PAGES,
  visited: WebAssembly.ModuleImports = NOTHING_VISITED,
  module = executorModule(build),
): Instance {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const table = new WebAssembly.Table({ initial: 1024, element: 'anyfunc' });
  const executor = new WebAssembly.Instance(module, { env: { memory, table, abort }, visited });
  const model = new WebAssembly.Instance(modelModule(artefact.wasm), {
    heddle: { ...executor.exports, memory, table, __indirect_function_table: table },
  });
  const entryPoints = model.exports as { _start(): void; register(): void };
  return {
    exports: executor.exports as unknown as ExecutorExports,
    view: new MemoryView(memory.buffer),
    memory,
    table,
    start: () => entryPoints._start(),
    register: () => entryPoints.register(),
    call: (entry) => (table.get(entry) as () => void)(),
    functionName: (entry) => artefact.manifest.functions[entry] ?? '',
  };
}

/** An instance of a module that has executor and model in it (`link`), on memory and table of another. */
export function instantiateLinked(
  linked: WebAssembly.Module,
  { memory, table, view, functionName }: Instance,
): Instance {
  const one = new WebAssembly.Instance(linked, { env: { memory, table, abort }, visited: NOTHING_VISITED });
  const entryPoints = one.exports as { _start(): void; register(): void };
  return {
    exports: one.exports as unknown as ExecutorExports,
    ...{ memory, table, view, functionName },
    start: () => entryPoints._start(),
    register: () => entryPoints.register(),
    call: (entry) => (table.get(entry) as () => void)(),
  };
}
