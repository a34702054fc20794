/** `heddle mutate` */
import { Command, Option } from 'commander';
import type { MutateFlags } from '../mutate.js';
import { parseBytes } from '../parsers.js';
import { terminalOf } from '../program.js';
import { settingOption } from '../settings.js';

export function mutateCommand(): Command {
  const command = new Command('mutate')
    .description(
      'leave out each lock, check and wake-up in turn; exits 0 if an oracle notices each, 3 if one goes unnoticed, 4 if one is undecided',
    )
    .argument('<model>', 'name or path of the model');
  for (const key of ['design', 'scene', 'option', 'maxSteps', 'oracles', 'maxTime', 'maxExecs'])
    command.addOption(settingOption(key));
  return command
    .addOption(
      new Option('--memory <size>', 'for the states of one search: 128M, 1G…')
        .argParser(parseBytes)
        .default(128 * 2 ** 20, '128M'),
    )
    .option('--json', 'one JSON document')
    .action(async (model: string, flags: MutateFlags, command: Command) => {
      const { mutateModel } = await import('../mutate.js');
      process.exitCode = await mutateModel(model, flags, terminalOf(command));
    });
}
