/** `heddle explain` */
import { Command } from 'commander';
import type { ExplainFlags } from '../minimize.js';
import { terminalOf } from '../program.js';
import { overrideOption } from '../settings.js';
import { MODEL_ARGUMENT, SCHEDULE_ARGUMENT } from './replay.js';

export function explainCommand(): Command {
  const command = new Command('explain')
    .description('what happens in a failing schedule: diagram, places, decisions')
    .argument('<schedule>', SCHEDULE_ARGUMENT)
    .argument('[model]', MODEL_ARGUMENT);
  for (const key of ['design', 'scene', 'option']) command.addOption(overrideOption(key));
  return command
    .option('--json', 'one JSON document')
    .action(async (path: string, model: string | undefined, flags: ExplainFlags, command: Command) => {
      const { explain } = await import('../minimize.js');
      await explain(path, model, flags, terminalOf(command));
    });
}
