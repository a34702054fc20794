/** `heddle mutate` */
import { Command, Option } from 'commander';
import type { MutateFlags } from '../mutate.js';
import { parseBytes } from '../parsers.js';
import { terminalOf } from '../program.js';
import { settingOption } from '../settings.js';

/** Bounds that hold for each mutant, not for the whole run. */
const BOUNDS = [
  ['maxTime', 'for the search of one mutant: 30s, 10m… (default: 20s)'],
  ['maxExecs', 'executions of a look at one mutant by fuzzing (default: 4000)'],
] as const;

export function mutateCommand(): Command {
  const command = new Command('mutate')
    .description(
      'leave out each lock, check and wake-up in turn; exits 0 if an oracle notices each, 3 if one goes unnoticed, 4 if one is undecided',
    )
    .argument('<model>', 'name or path of the model');
  for (const key of ['design', 'scene', 'option', 'maxSteps']) command.addOption(settingOption(key));
  for (const [key, meaning] of BOUNDS) {
    const option = settingOption(key);
    option.description = meaning;
    command.addOption(option);
  }
  return (
    command
      // The costly ones are what many removals are noticed by.
      .addOption(settingOption('oracles').default('all'))
      .addOption(
        new Option('--memory <size>', 'for the states of one search: 128M, 1G…')
          .argParser(parseBytes)
          .default(128 * 2 ** 20, '128M'),
      )
      .option('--json', 'one JSON document')
      .action(async (model: string, flags: MutateFlags, command: Command) => {
        const { mutateModel } = await import('../mutate.js');
        process.exitCode = await mutateModel(model, flags, terminalOf(command));
      })
  );
}
