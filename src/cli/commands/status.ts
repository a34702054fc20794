/** `heddle status` */
import { Command } from 'commander';
import { terminalOf } from '../program.js';
import type { StatusFlags } from '../status.js';

export function statusCommand(): Command {
  return new Command('status')
    .description('campaigns, running and dead, from their folders')
    .argument('[dir...]', 'folders of campaigns, or folders that have them (default: heddle-out)')
    .option('--json', 'one JSON document a line, one line a campaign')
    .option('--watch', 'again every two seconds')
    .action(async (dirs: string[], flags: StatusFlags, command: Command) => {
      const { status } = await import('../status.js');
      await status(dirs, flags, terminalOf(command));
    });
}
