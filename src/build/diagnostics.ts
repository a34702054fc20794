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

const CATEGORY_ERROR = 3;

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
  [/File '.*' not found/i, 'check the path of the import; the kit is imported from "heddle"'],
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
  const hint = HINTS.find(([pattern]) => pattern.test(message))?.[1];
  const more = hint === undefined ? {} : { hint };
  if (!range) return { message, ...more };
  const name = range.source.normalizedPath;
  const before = files.text(name)?.slice(0, range.start).split('\n');
  const place = before ? { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 } : {};
  return { file: shownPath(name, files.baseDir), ...place, message, ...more };
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
