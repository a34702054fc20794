/** `heddle verify` */
import { Command, Option } from 'commander';
import { parseBytes } from '../parsers.js';
import { terminalOf } from '../program.js';
import { settingOption } from '../settings.js';
import type { VerifyFlags } from '../verify.js';

export function verifyCommand(): Command {
  const command = new Command('verify')
    .description(
      'run every schedule of a scene; exits 0 if none fails, 3 if one does, 4 if it could not cover them all',
    )
    .argument('<model>', 'name or path of the model');
  for (const key of ['design', 'scene', 'option', 'maxSteps', 'oracles', 'maxTime', 'out'])
    command.addOption(settingOption(key));
  return command
    .addOption(
      new Option('--memory <size>', 'for states: 512M, 4G…').argParser(parseBytes).default(512 * 2 ** 20, '512M'),
    )
    .option('--all', 'go on after a violation: list every signature')
    .option('--no-reduction', 'try all alternatives at every decision')
    .option('--json', 'one JSON document')
    .action(async (model: string, flags: VerifyFlags, command: Command) => {
      const { verifyModel } = await import('../verify.js');
      process.exitCode = await verifyModel(model, flags, terminalOf(command));
    });
}
