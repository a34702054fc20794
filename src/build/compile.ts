/** asc in this process: source → unoptimised module with names and a source map. */
import type { Diagnostic } from '../errors.js';
import { HeddleError } from '../errors.js';
import { ADDRESS, PAGES, PAGES_MAX, TABLE_BASE } from './abi.js';
import { unknownDecorators } from './decorators.js';
import { diagnosticsOf, hintFor } from './diagnostics.js';
import type { ClassInfo } from './manifest.js';
import { readClasses } from './classes.js';
import { selfReferences } from './self-references.js';
import { KIT_TOKEN } from './source-files.js';
import type { SourceFiles } from './source-files.js';

export const ASC_FLAGS: readonly string[] = [
  '-O0',
  '--runtime',
  'stub',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory',
  String(PAGES),
  '--maximumMemory',
  String(PAGES_MAX),
  '--enable',
  'threads',
  '--noExportMemory',
  '--importTable',
  '--tableBase',
  String(TABLE_BASE),
  '--memoryBase',
  String(ADDRESS.model),
  '--exportStart',
  '_start',
  '--debug',
  '--sourceMap',
  // `x!` and indexing then fail at the access itself, with its site: the executor checks every address, and indices by a hook of its own.
  '--noAssert',
  '--uncheckedBehavior',
  'always',
];

export interface Compiled {
  readonly wasm: Uint8Array;
  readonly map: string;
  readonly classes: readonly ClassInfo[];
}

/** Both flavours of a model, and its mutants, begin with the same module. */
let last: { readonly entry: string; readonly files: SourceFiles; readonly compiled: Compiled } | undefined;

/**
 * The module of `entry`, which is relative to the files' `baseDir`. Nothing is compiled if the call before was for the same entry and all that
 * it read is as it was. Errors of the source: `HDL_MODEL_COMPILE` with all of asc's messages. Not for concurrent use: asc
 * keeps the library's files in a module variable.
 */
export async function compile(entry: string, files: SourceFiles): Promise<Compiled> {
  if (last?.entry === entry && (await files.takeOver(last.files))) return last.compiled;
  last = undefined;
  const compiled = await runCompiler(entry, files);
  last = { entry, files, compiled };
  return compiled;
}

async function runCompiler(entry: string, files: SourceFiles): Promise<Compiled> {
  const { default: asc } = await import('assemblyscript/asc');
  const written = new Map<string, string | Uint8Array>();
  const messages: unknown[] = [];
  let classes: ClassInfo[] = [];
  class Inspect {
    declare readonly program: Parameters<typeof readClasses>[0];
    afterParse(parser: { readonly sources: Parameters<typeof unknownDecorators>[0] }): void {
      messages.push(...unknownDecorators(parser.sources));
    }
    afterCompile(): void {
      classes = readClasses(this.program);
    }
  }
  const run = (): ReturnType<typeof asc.main> =>
    asc.main([entry, '-o', 'out.wasm', '--baseDir', files.baseDir, '--lib', KIT_TOKEN, ...ASC_FLAGS], {
      readFile: (name, directory) => files.read(name, directory),
      writeFile: (name, data) => void written.set(name, data),
      listFiles: (directory) => (directory === KIT_TOKEN ? ['heddle.ts'] : []),
      reportDiagnostic: (message) => void messages.push(message),
      stderr: { write: () => undefined },
      stdout: { write: () => undefined },
      transforms: [Inspect as never],
    });
  // What was the kit in the last compilation would be the library in this one.
  delete asc.libraryFiles['heddle'];
  const { error } = await withoutExit(run, (report) => crash(entry, report, selfReferences(files)));
  const diagnostics = diagnosticsOf(messages, files);
  if (error || diagnostics.length > 0) throw failure(entry, error, diagnostics);
  const wasm = written.get('out.wasm');
  const map = written.get('out.wasm.map');
  if (!(wasm instanceof Uint8Array) || typeof map !== 'string') throw new Error('internal: asc wrote no module');
  return { wasm, map, classes };
}

function failure(entry: string, error: Error | null, diagnostics: Diagnostic[]): HeddleError {
  const known = diagnostics.length > 0;
  const count = `${diagnostics.length} error${diagnostics.length === 1 ? '' : 's'}`;
  const message = known
    ? `${entry} does not compile: ${count}`
    : `${entry} does not compile: ${error?.message ?? 'unknown'}`;
  return new HeddleError('HDL_MODEL_COMPILE', message, {
    diagnostics,
    cause: error ?? undefined,
    ...hintFor(diagnostics),
  });
}

function crash(entry: string, report: string, diagnostics: Diagnostic[]): HeddleError {
  if (diagnostics.length > 0) return failure(entry, null, diagnostics);
  return new HeddleError('HDL_MODEL_COMPILE', `the AssemblyScript compiler crashed\n${report}`, {
    hint: 'undo the last change to the model; the place is not known',
  });
}

/** asc reports and ends the process when it crashes on strange input; a campaign must not die of that. */
async function withoutExit<T>(run: () => Promise<T>, crashed: (report: string) => HeddleError): Promise<T> {
  const { exit } = process;
  const { error } = console;
  let report = '';
  console.error = (...words: unknown[]) => {
    const text = words.join(' ');
    if (text.includes('compiler has crashed')) report = text;
    else error(...words);
  };
  process.exit = (code) => {
    // Not asc: somebody else ends the process while sources are read.
    if (report === '') return exit(code);
    throw crashed(report);
  };
  try {
    return await run();
  } finally {
    process.exit = exit;
    console.error = error;
  }
}
