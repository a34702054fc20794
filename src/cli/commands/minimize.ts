/** `heddle minimize` */
import { Command } from 'commander';
import type { MinimizeFlags } from '../minimize.js';
import { terminalOf } from '../program.js';
import { overrideOption } from '../settings.js';
import { MODEL_ARGUMENT, SCHEDULE_ARGUMENT } from './replay.js';

export function minimizeCommand(): Command {
  const command = new Command('minimize')
    .description('the smallest schedule that still shows the finding, on stdout')
    .argument('<schedule>', SCHEDULE_ARGUMENT)
    .argument('[model]', MODEL_ARGUMENT)
    .option('-o, --out <file>', 'write it there')
    .option('--keep-events', 'leave out decisions only, no events');
  for (const key of ['design', 'scene', 'option']) command.addOption(overrideOption(key));
  return command.action(async (path: string, model: string | undefined, flags: MinimizeFlags, command: Command) => {
    const { minimize } = await import('../minimize.js');
    await minimize(path, model, flags, terminalOf(command));
  });
}
