/** `heddle verify` */
import { Command, Option } from 'commander';
import { parseBytes, parseCount, WORD_MAX } from '../parsers.js';
import { terminalOf } from '../program.js';
import { HUB_SETTINGS, settingOption } from '../settings.js';
import type { VerifyFlags } from '../verify.js';

export function verifyCommand(): Command {
  const command = new Command('verify')
    .description(
      'run every schedule of a scene, within --max-… if given; exits 0 if none fails, 3 if one does, 4 if memory, time or an interrupt cut it short',
    )
    .argument('<model>', 'name or path of the model');
  for (const key of ['design', 'scene', 'option', 'maxSteps', 'oracles', 'maxTime', 'jobs'])
    command.addOption(settingOption(key));
  const out = settingOption('out');
  out.description = 'folder of its findings and of what --resume needs (default: heddle-out/<model>-<design>-verify)';
  command.addOption(out);
  command
    .addOption(
      new Option('--memory <size>', 'for states: 512M, 4G…').argParser(parseBytes).default(512 * 2 ** 20, '512M'),
    )
    .option('--all', 'go on after a violation: list every signature')
    .option('--no-reduction', 'try all alternatives at every decision')
    .option('--max-preemptions <n>', 'leave out schedules with more', parseCount(0, WORD_MAX))
    .option('--max-depth <n>', 'leave out schedules with more states on a path', parseCount(0, WORD_MAX))
    .option('--bitstate', 'visited states as bits: more fit, some may be missed; proves nothing')
    .option('--resume', 'go on where an interrupted search left off')
    .option('--hub <url>', 'share the search with all processes that run the same command: nats://host:4222')
    .option('--json', 'one JSON document');
  for (const key of HUB_SETTINGS) command.addOption(settingOption(key));
  return command.action(async (model: string, flags: VerifyFlags, command: Command) => {
    const { verifyModel } = await import('../verify.js');
    process.exitCode = await verifyModel(model, flags, terminalOf(command));
  });
}
