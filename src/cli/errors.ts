/** The last stop of every exception: what is printed, and the exit code. */
import { CommanderError } from 'commander';
import { type Diagnostic, EXIT, HeddleError } from '../errors.js';
import type { Terminal } from './terminal.js';

/** Prints the error on stderr and answers the exit code. */
export function reportError(error: unknown, terminal: Terminal, verbose: boolean): number {
  // Commander has printed its message already; it exits 1 for usage errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof HeddleError) {
    terminal.log(renderError(error, terminal));
    if (verbose && error.cause) terminal.log(String((error.cause as Error).stack ?? error.cause));
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  terminal.log(`${terminal.err.red('error:')} ${message}`);
  terminal.log('this is a bug of Heddle');
  if (verbose && error instanceof Error) terminal.log(error.stack ?? '');
  else terminal.log('hint: run it again with -v and report the stack that it prints');
  return EXIT.internal;
}

export function renderError(error: HeddleError, { err }: Pick<Terminal, 'err'>): string {
  // An error with one place often says it in its message already.
  const places = error.diagnostics.map(renderDiagnostic).filter((place) => place !== error.message);
  const lines = [`${err.red('error:')} ${error.message}`, ...places];
  const hints = [error.hint, ...error.diagnostics.map((d) => d.hint)].filter((hint) => hint !== undefined);
  for (const hint of new Set(hints)) lines.push(`${err.cyan('hint:')} ${hint}`);
  return lines.join('\n');
}

/** `file:line:column: message`, as compilers write it and editors read it. */
export function renderDiagnostic({ file, line, column, message }: Diagnostic): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return place ? `${place}: ${message}` : message;
}
