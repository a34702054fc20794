/** Where a command writes: results to stdout, everything else to stderr; colours only where they are wanted. */
import pc from 'picocolors';
import type { Colors } from 'picocolors/types.js';
import type { UiMode } from '../ui/reporter.js';

export type ColorMode = 'auto' | 'always' | 'never';

export interface Terminal {
  /** Colours for stdout and for stderr. */
  readonly out: Colors;
  readonly err: Colors;
  /** A result, on stdout. */
  print(text: string): void;
  /** A result of a command with `--json`: one document. */
  printJson(value: unknown): void;
  /** A message, on stderr. */
  log(text: string): void;
}

export function createTerminal(color: ColorMode, env: NodeJS.ProcessEnv = process.env): Terminal {
  return {
    out: pc.createColors(hasColors(color, process.stdout, env)),
    err: pc.createColors(hasColors(color, process.stderr, env)),
    print: (text) => void process.stdout.write(`${text}\n`),
    printJson: (value) => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    log: (text) => void process.stderr.write(`${text}\n`),
  };
}

export function hasColors(mode: ColorMode, stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (mode !== 'auto') return mode === 'always';
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** A screen needs a terminal that moves its cursor; asked for elsewhere, it becomes lines. */
export function uiMode(wanted: 'auto' | UiMode, stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): UiMode {
  if (wanted === 'none' || wanted === 'line') return wanted;
  if (stream.isTTY !== true || env.TERM === 'dumb') return 'line';
  return wanted === 'auto' && env.CI ? 'line' : 'screen';
}
