/** `heddle replay` */
import { Command, Option } from 'commander';
import { parseCount } from '../parsers.js';
import { terminalOf } from '../program.js';
import type { ReplayFlags } from '../replay.js';
import { overrideOption } from '../settings.js';

/** What a finding or a schedule is; the commands that take one say it alike. */
export const SCHEDULE_ARGUMENT = 'folder of a finding, file of a schedule, or - for standard input';
export const MODEL_ARGUMENT = 'name or path of the model; taken from the schedule if not given';

export function replayCommand(): Command {
  const command = new Command('replay')
    .description('run a schedule again; exits 3 if it fails, 0 if it passes, 4 if the recorded finding does not recur')
    .argument('<schedule>', SCHEDULE_ARGUMENT)
    .argument('[model]', MODEL_ARGUMENT)
    .option('--trace', 'every step')
    .addOption(new Option('--until <n>', 'the first n steps').argParser(parseCount(1)))
    .addOption(
      new Option('--verify <n>', 'n runs in fresh executors, release and debug, must be equal').argParser(
        parseCount(1),
      ),
    );
  for (const key of ['design', 'scene', 'option', 'oracles']) command.addOption(overrideOption(key));
  command.addOption(overrideOption('maxSteps'));
  return command
    .option('--json', 'one JSON document')
    .action(async (path: string, model: string | undefined, flags: ReplayFlags, command: Command) => {
      const { replay } = await import('../replay.js');
      process.exitCode = await replay(path, model, flags, terminalOf(command));
    });
}
