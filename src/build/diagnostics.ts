/** asc's messages → ours, with a remedy where we know one. */
import { join, relative, sep } from 'node:path';
import type { Diagnostic } from '../errors.js';
import type { SourceFiles } from './source-files.js';

/** The part of asc's `DiagnosticMessage` that is read. */
interface CompilerMessage {
  readonly code: number;
  readonly category: number;
  readonly message: string;
  readonly range: CompilerRange | null;
}

interface CompilerRange {
  /** In UTF-16 units. */
  readonly start: number;
  readonly source: { readonly normalizedPath: string };
}

/** Of asc's messages. */
export const CATEGORY_ERROR = 3;

/** Of a constant that is made from a function that uses it. */
export const OVERRIDE_HINT =
  'for a timer, work or interrupt that starts itself again, extend its class and override run() ' +
  '(docs/models.md, Time); else declare it further up';

const HINTS: readonly [pattern: RegExp, hint: string][] = [
  [
    /Not implemented: Closures|cannot .*closure/i,
    'a function cannot use locals of the one around it: pass a field, a module variable or a parameter',
  ],
  [/Module .*heddle.* has no exported member/i, 'what the kit exports is listed in docs/models.md'],
  [/is not exported|has no exported member/i, 'export it, or import it under the name it is exported as'],
  [/Not implemented: Exceptions/i, 'answer an error number; `throw` alone ends the execution with a finding'],
  [/Not implemented: union types/i, 'use a class with a kind field, or subclasses'],
  [
    /Object is possibly 'null'| \| null' is not assignable to type/i,
    'test it first (`if (x)`), or write `x!`: a null then becomes a finding at that access',
  ],
  [
    /Cannot find name '(setTimeout|setInterval|Promise|process|require)'/i,
    'a model has no clock and no host: use the kit’s tasks, `choose` and `fault`',
  ],
  [
    /Not implemented: .*(Iterator|for.*of|Generator|async|await)/i,
    'write a counted loop; a model is plain code with plain calls',
  ],
  [/Feature 'simd' is not enabled/i, 'use plain integers'],
  [
    /cannot immediately follow a numeric literal|Cannot find name 'BigInt'/i,
    'there is no BigInt: use i64 or u64, `const n: i64 = 10`',
  ],
  [
    /Cannot find name '(any|unknown)'/i,
    'give it a type: a number’s, a class, or a class with subclasses where it can be several',
  ],
  [/used before its declaration/i, OVERRIDE_HINT],
  [/Unknown decorator/i, 'leave it out; the language knows @final, @inline, @lazy, @operator and @unmanaged'],
  [/File '.*' not found/i, 'check the path of the import; the kit is imported from "heddle"'],
];

/** Where the parser stops at what the language does not have, only the line tells what that is. */
const SYNTAX_HINTS: readonly [line: RegExp, hint: string][] = [
  [
    /\b(async|await)\b/,
    'a model is plain code with plain calls: spawn(f) starts a task, and Completion, WaitQueue or join(task) wait',
  ],
  [
    /\bfunction\s*\*|\byield\b|^\s*(\w+\s+)*\*\s*\w+\s*\(/,
    'write a loop, or a class with a method that answers the next value',
  ],
  [/\b(const|let|var)\s*[{[]/, 'take the parts one by one: `const x = point.x`'],
  [
    /(^|[{};])\s*[A-Za-z_$][\w$]*\s*:\s*(for|while|do)\b|\b(break|continue)\s+[A-Za-z_$]/,
    'there are no labels: put the loops into a function of their own and return from it',
  ],
];

/** Only errors: asc's warnings are about its own library. */
export function diagnosticsOf(messages: readonly unknown[], files: SourceFiles): Diagnostic[] {
  return messages.filter(isError).map((m) => toDiagnostic(m, files));
}

/** asc's own type declarations of it are incomplete. */
function isError(message: unknown): message is CompilerMessage {
  return (
    typeof message === 'object' && message !== null && 'category' in message && message.category === CATEGORY_ERROR
  );
}

function toDiagnostic({ message, range }: CompilerMessage, files: SourceFiles): Diagnostic {
  const hint =
    HINTS.find(([pattern]) => pattern.test(message))?.[1] ?? (range ? syntaxHint(message, range, files) : undefined);
  const more = hint === undefined ? {} : { hint };
  if (!range) return { message, ...more };
  const name = range.source.normalizedPath;
  const before = files.text(name)?.slice(0, range.start).split('\n');
  const place = before ? { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 } : {};
  return { file: shownPath(name, files.baseDir), ...place, message, ...more };
}

function syntaxHint(message: string, { start, source }: CompilerRange, files: SourceFiles): string | undefined {
  if (!/\bexpected\.?$/i.test(message)) return undefined;
  const text = files.text(source.normalizedPath) ?? '';
  const end = text.indexOf('\n', start);
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, end < 0 ? undefined : end).replace(/\/\/.*/, '');
  return SYNTAX_HINTS.find(([pattern]) => pattern.test(line))?.[1];
}

/** A source's name → a path that an editor or a terminal opens from here. Library files keep their name. */
export function shownPath(name: string, baseDir: string): string {
  if (name.startsWith('~lib/')) return name;
  const path = join(baseDir, name);
  const short = relative(process.cwd(), path);
  return short.startsWith(`..${sep}`) ? path : short;
}

/** The hint of a single error is the hint of the whole. */
export function hintFor(diagnostics: readonly Diagnostic[]): { hint?: string } {
  const hint = diagnostics.length === 1 ? diagnostics[0]?.hint : undefined;
  return hint === undefined ? {} : { hint };
}
