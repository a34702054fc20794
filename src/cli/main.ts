#!/usr/bin/env node
/** The executable: runs the command and turns whatever ends it into an exit code. */
import { reportError } from './errors.js';
import { createProgram } from './program.js';
import { createTerminal } from './terminal.js';

// `heddle … | head -1`: the reader has what it wants.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
}

const verbose = process.argv.some((word) => word === '-v' || word === '--verbose');
try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = reportError(error, createTerminal('auto'), verbose);
}
