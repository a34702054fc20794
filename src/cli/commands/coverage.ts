/** `heddle coverage` */
import { Command } from 'commander';
import type { CoverageFlags } from '../coverage.js';
import { terminalOf } from '../program.js';
import { settingOption } from '../settings.js';

export function coverageCommand(): Command {
  const command = new Command('coverage')
    .description('what was reached and what never was, by function and line')
    .argument('<model|campaign>', 'folder of a campaign, whose corpus is run again; or a model, which is fuzzed first');
  for (const key of ['design', 'scene', 'option', 'jobs', 'seed', 'maxTime', 'maxExecs'])
    command.addOption(settingOption(key));
  return command
    .option('--json', 'one JSON document')
    .action(async (target: string, flags: CoverageFlags, command: Command) => {
      const { coverage } = await import('../coverage.js');
      await coverage(target, flags, command, terminalOf(command));
    });
}
