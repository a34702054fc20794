/**
 * What of the language a model may use; docs/subset.md is the prose. What would allocate behind the author's back or scatter accesses
 * over library code is an error that names the kit's alternative.
 */
import { HeddleError } from '../errors.js';
import type { Diagnostic } from '../errors.js';
import { ADDRESS } from './abi.js';
import { shownPath } from './diagnostics.js';
import { displayName, isStart, ownerOf } from './names.js';
import { nameOf, parseModule, typeOf } from './parse-module.js';
import type { Module } from './parse-module.js';
import type { SourceFiles } from './source-files.js';
import { isModelFile, locate } from './source-map.js';
import type { Place } from './source-map.js';
import { OP, readInstructions } from './wasm-reader.js';
import type { Instruction } from './wasm-reader.js';

const ALLOWED = [
  /^~lib\/rt\/(stub|common)\//,
  /^~lib\/rt\/__newBuffer$/,
  /^~lib\/object\/Object#constructor$/,
  /^~lib\/staticarray\/StaticArray<.*#(constructor|__u?get|__u?set|get:length)$/,
  /^~lib\/string\/String(#get:length|\.__(eq|ne|not)|#charCodeAt)$/,
  /^~lib\/math\/NativeMathf?\.(?!random$|seedRandom$)/,
  /^~lib\/env\/abort$/,
  /^~lib\/(function|polyfills)\//,
];

/** First match wins. `%` stands for the name as the author knows it. */
const FORBIDDEN: readonly [pattern: RegExp, what: string, instead: string][] = [
  [/^~lib\/(array\/|rt\/__newArray$)/, 'Array', 'use StaticArray<T> with a fixed length, or List from the kit'],
  [/^~lib\/map\//, 'Map', 'use fields, a StaticArray indexed by number, or List from the kit'],
  [/^~lib\/set\//, 'Set', 'use a field in each object, or List from the kit'],
  [
    /^~lib\/(string|number|util\/(string|number)|regexp)\b|#toString$|^~lib\/staticarray\/StaticArray<~lib\/string\/String>#join/,
    'a string built at run time (%)',
    'use a literal; trace(text, value) and check(condition, text) show a number or a fact beside it',
  ],
  [/^~lib\/staticarray\//, '%', 'write a loop over the elements'],
  [/^~lib\/(math\/|env\/seed$)/, 'Math.random', 'use choose(n) or fault(name) from the kit: the schedule decides'],
  [
    /^~lib\/(date|performance|env\/(Date|performance))/,
    'a clock (%)',
    'a model has no time: what happens first is the schedule’s decision',
  ],
  [/^~lib\/(console|env\/(trace|console))/, '%', 'import { trace } from "heddle" and use trace(text, value)'],
  [/^~lib\/(typedarray|arraybuffer|dataview)\//, '%', 'use StaticArray<u8> or a class with fields'],
  [/^~lib\/memory\/heap/, '%', 'use new, and free(object) from the kit'],
  [/^~lib\/error\//, '%', 'use check(condition, message) from the kit, or throw new Error("literal")'],
];

/** Throws `HDL_MODEL_DECLARATION` or `HDL_MODEL_SUBSET`; the latter lists all violations. */
export function checkModule(bytes: Uint8Array, places: readonly Place[], files: SourceFiles, entry: string): void {
  const module = parseModule(bytes);
  const diagnostics = [...assertions(files), ...violations(module, places, files.baseDir)];
  if (diagnostics.length > 0) {
    const count = `${diagnostics.length} use${diagnostics.length === 1 ? '' : 's'}`;
    throw new HeddleError('HDL_MODEL_SUBSET', `${entry}: ${count} of what a model cannot use`, {
      diagnostics,
      hint: 'docs/subset.md says what a model may use, and why',
    });
  }
  checkRegister(module, entry, files.baseDir);
}

function violations(module: Module, places: readonly Place[], baseDir: string): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  module.bodies.forEach((body, i) => {
    const name = nameOf(module, module.functionImports.length + i);
    if (ownerOf(name) !== 'model' || name === '~start') return;
    const code = [...readInstructions(module.bytes, body.code, body.end)];
    for (const [index, instruction] of code.entries()) {
      const problem = problemOf(module, instruction);
      if (!problem) continue;
      const place = placeOfUse(places, code, index) ?? locate(places, instruction.start, body, isModelFile);
      const diagnostic = {
        ...(place ? { file: shownPath(place.file, baseDir), line: place.line, column: place.column } : {}),
        message: problem.what + (isStart(name) ? '' : ` in ${displayName(name)}`),
        hint: problem.instead,
      };
      found.set(JSON.stringify([diagnostic.file, diagnostic.line, problem.what]), diagnostic);
    }
  });
  return [...found.values()].sort(
    (a, b) =>
      (a.file ?? '').localeCompare(b.file ?? '', 'en') ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}

/**
 * A call whose result is dropped has no place of its own, and neither has an inlined function of the library: the compiler gives the place to what
 * uses the result. The one before the call is that of another statement.
 */
function placeOfUse(places: readonly Place[], code: readonly Instruction[], index: number): Place | undefined {
  const placeAt = (i: Instruction | undefined): Place | undefined => {
    const place = i && locate(places, i.start, i);
    return place?.offset === i?.start ? place : undefined;
  };
  if (placeAt(code[index])) return undefined;
  for (let at = index + 1; at < code.length; at++) {
    const place = placeAt(code[at]);
    const uses = code[at]?.op === OP.drop || at > index + 1;
    if (place && isModelFile(place.file)) return uses ? place : undefined;
    if (!place && code[at]?.op !== OP.end) return undefined;
  }
  return undefined;
}

interface Problem {
  readonly what: string;
  readonly instead: string;
}

function problemOf(module: Module, { op, a }: Instruction): Problem | undefined {
  if (op === OP.atomic) {
    return {
      what: 'an atomic instruction',
      instead: 'use Atomic, READ_ONCE, WRITE_ONCE, ACQUIRE or RELEASE from the kit',
    };
  }
  if (op === OP.simd) return { what: 'a SIMD instruction', instead: 'use plain integers' };
  if (op === OP.memoryGrow || op === OP.memorySize)
    return { what: 'memory.grow or memory.size', instead: 'use new and free(object)' };
  if (op !== OP.call) return undefined;
  const name = nameOf(module, a);
  if (ownerOf(name) === 'model' && a < module.functionImports.length) {
    return {
      what: `the undefined function ${displayName(name)}`,
      instead: 'a model can call only itself and the kit: give it a body',
    };
  }
  if (!/^~lib\/(?!heddle\/)/.test(name) || ALLOWED.some((pattern) => pattern.test(name))) return undefined;
  const display = displayName(name).replace(/^Native(?=Math)|\.constructor$/g, '');
  const [, what, instead] = FORBIDDEN.find(([pattern]) => pattern.test(name)) ?? [
    /^/,
    '%',
    'it is not part of what a model may use',
  ];
  return { what: what.replace('%', display), instead };
}

/** The compiler is told to leave the language's `assert` out, so one in a model would do nothing. */
function assertions(files: SourceFiles): Diagnostic[] {
  return files.modelTexts().flatMap(([name, text]) => {
    if (/\bfunction\s+assert\b|import[^;]*\bassert\b/.test(text)) return [];
    return text.split('\n').flatMap((line, i) => {
      const column = withoutComments(line).search(/(?<![\w$.])assert\s*(<[^>]*>)?\(/);
      if (column < 0) return [];
      const hint = 'import { check } from "heddle" and use check(condition, message)';
      return [{ file: shownPath(name, files.baseDir), line: i + 1, column: column + 1, message: 'assert', hint }];
    });
  });
}

const withoutComments = (line: string): string =>
  line.replace(/"[^"]*"|'[^']*'|`[^`]*`/g, (s) => ' '.repeat(s.length)).replace(/\/\/.*|^\s*\/?\*.*/, '');

function checkRegister(module: Module, entry: string, baseDir: string): void {
  const register = module.exports.find((e) => e.name === 'register');
  const type = register?.kind === 0 ? typeOf(module, register.index) : undefined;
  const file = shownPath(entry, baseDir);
  const hint = 'add: export function register(): void { event("name", task); }';
  if (!type)
    throw new HeddleError('HDL_MODEL_DECLARATION', `${file} does not export a function named register`, { hint });
  if (type.params.length + type.results.length > 0) {
    throw new HeddleError('HDL_MODEL_DECLARATION', `register in ${file} must have no parameters and no result`, {
      hint,
    });
  }
}

/** After instrumentation: is there room for what the model holds before it runs? */
export function checkStaticSize(staticEnd: number, entry: string): void {
  if (staticEnd <= ADDRESS.modelEnd) return;
  const [size, room] = [staticEnd - ADDRESS.model, ADDRESS.modelEnd - ADDRESS.model];
  throw new HeddleError('HDL_MODEL_SUBSET', `${entry}: ${size} bytes of static data, and there is room for ${room}`, {
    hint: 'shorten the constant arrays and texts of the model',
  });
}
