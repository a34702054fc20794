/** `heddle new` */
import { Command } from 'commander';
import type { NewFlags } from '../new.js';
import { terminalOf } from '../program.js';

export function newCommand(): Command {
  return new Command('new')
    .description('a folder with a model to begin with, its test, a configuration and a job for CI')
    .argument('<name>', 'lower-case letters, digits and hyphens')
    .option('--dir <folder>', 'the folder to make (default: the name)')
    .action(async (name: string, flags: NewFlags, command: Command) => {
      const { newModel } = await import('../new.js');
      newModel(name, flags, terminalOf(command));
    });
}
