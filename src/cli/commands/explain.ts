/** `heddle explain` */
import { Command, Option } from 'commander';
import type { ExplainFlags } from '../explain.js';
import { parsePath } from '../parsers.js';
import { terminalOf } from '../program.js';
import { overrideOption } from '../settings.js';
import { MODEL_ARGUMENT, SCHEDULE_ARGUMENT } from './replay.js';

export function explainCommand(): Command {
  const command = new Command('explain')
    .description('why a schedule fails: diagram, orders that it needs, how likely it is after each step')
    .argument('<schedule>', SCHEDULE_ARGUMENT)
    .argument('[model]', MODEL_ARGUMENT);
  for (const key of ['design', 'scene', 'option', 'maxSteps']) command.addOption(overrideOption(key));
  return command
    .addOption(
      new Option('--format <name>', 'what to write')
        .choices(['text', 'markdown', 'mermaid', 'json', 'html'])
        .default('text'),
    )
    .option('--minimize', 'explain the smallest schedule of the finding instead')
    .option('-o, --out <file>', 'write it there', parsePath)
    .option('--json', 'the same as --format json')
    .action(async (path: string, model: string | undefined, flags: ExplainFlags, command: Command) => {
      const { explain } = await import('../explain.js');
      await explain(path, model, flags, terminalOf(command));
    });
}
