#!/usr/bin/env node
/** The executable: runs the command and turns whatever ends it into an exit code. */
import { reportError } from './errors.js';
import { guardOutput } from './output.js';
import { createProgram } from './program.js';
import { createTerminal } from './terminal.js';

guardOutput();

const verbose = process.argv.some((word) => word === '-v' || word === '--verbose');
try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = reportError(error, createTerminal('auto'), verbose);
}
