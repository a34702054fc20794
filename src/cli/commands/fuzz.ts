/** `heddle fuzz` */
import { Command } from 'commander';
import type { FuzzFlags } from '../fuzz-options.js';
import { terminalOf } from '../program.js';
import { HUB_SETTINGS, settingOption } from '../settings.js';

const FLAGS = [
  'design',
  'scene',
  'option',
  'jobs',
  'seed',
  'maxTime',
  'maxExecs',
  'maxSteps',
  'searchMemory',
  'stopOnFirst',
  'stopOnSymptom',
  'strategy',
  'oracles',
  'deterministic',
  'minimize',
  'known',
  'out',
  'share',
  'hub',
  ...HUB_SETTINGS,
  'ui',
];

export function fuzzCommand(): Command {
  const command = new Command('fuzz')
    .description('look for interleavings that fail; exits 3 if there is one')
    .argument('<model>', 'name or path of the model');
  for (const key of FLAGS) command.addOption(settingOption(key));
  return command
    .option('--json', 'one JSON document a line: status, event, finding, summary')
    .option('--exit-zero', 'exit 0 also when something was found')
    .action(async (model: string, flags: FuzzFlags, command: Command) => {
      const { fuzz } = await import('../fuzz.js');
      process.exitCode = await fuzz(model, flags, command, terminalOf(command));
    });
}
