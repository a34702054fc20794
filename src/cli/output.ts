/**
 * What becomes of a command whose output cannot be written. It is no reason to lose what the command does besides: a campaign goes on and keeps
 * its findings, and every command ends with an exit code of its own.
 *
 * - Nobody reads stdout any more (`heddle … | head -1`): the reader has what it wants. A command that runs until it is stopped stops as after
 *   Ctrl-C; any other goes on to its end, quietly.
 * - The disk is full, or worse: said once on stderr, if it was stdout. Then the exit code is 1, unless a long command has something to tell by it.
 *   On stdout nothing is said of stderr: it is for results.
 */
import { fstatSync } from 'node:fs';
import { EXIT } from '../errors.js';

/** What writing to a pipe or a socket says when its reader has gone. */
const GONE: readonly (string | undefined)[] = ['EPIPE', 'ECONNRESET'];

const gone = new AbortController();
/** Given when nobody reads stdout any more. */
export const readerGone: AbortSignal = gone.signal;

let isLong = false;
let isLost = false;

/** From now on the command runs until it is done or stopped: its output is not all that it is about. */
export function outlivesOutput(): void {
  isLong = true;
}

/** For the life of the process: no error of stdout or stderr ends it. */
export function guardOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (GONE.includes(error.code)) gone.abort();
    else if (!isLost) {
      isLost = true;
      const [word, rest] = isLong ? ['warning', '; what is done besides goes on'] : ['error', ''];
      process.stderr.write(`${word}: cannot write to stdout: ${error.message}${rest}\n`);
    }
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (GONE.includes(error.code) && isSamePipe()) gone.abort();
  });
  process.on('exit', (code) => {
    if (isLost && (code === EXIT.ok || !isLong)) process.exitCode = EXIT.internal;
  });
}

/** `2>&1 | …`: what is said of one holds for the other, which may have nothing to write. */
function isSamePipe(): boolean {
  try {
    const [out, err] = [fstatSync(1), fstatSync(2)];
    return !out.isFile() && out.ino === err.ino && out.dev === err.dev;
  } catch {
    return false;
  }
}
