/** `heddle minimize` */
import { Command, Option } from 'commander';
import { JOBS_MAX, parseCount, parsePath } from '../parsers.js';
import type { MinimizeFlags } from '../minimize.js';
import { terminalOf } from '../program.js';
import { overrideOption } from '../settings.js';
import { MODEL_ARGUMENT, SCHEDULE_ARGUMENT } from './replay.js';

export function minimizeCommand(): Command {
  const command = new Command('minimize')
    .description('the smallest schedule that still shows the finding, on stdout; of a campaign, all of its findings')
    .argument('<schedule>', `folder of a campaign, ${SCHEDULE_ARGUMENT}`)
    .argument('[model]', MODEL_ARGUMENT)
    .option('-o, --out <file>', 'write it there', parsePath)
    .option('--keep-events', 'leave out decisions only, no events')
    .addOption(
      new Option('--transitions <n>', 'how far to search for the proof (default 400,000)').argParser(parseCount(0)),
    )
    .addOption(new Option('-j, --jobs <n>', 'findings of a campaign at a time').argParser(parseCount(1, JOBS_MAX)));
  for (const key of ['design', 'scene', 'option', 'maxSteps']) command.addOption(overrideOption(key));
  return command.action(async (path: string, model: string | undefined, flags: MinimizeFlags, command: Command) => {
    const { minimize } = await import('../minimize.js');
    process.exitCode = await minimize(path, model, flags, terminalOf(command));
  });
}
