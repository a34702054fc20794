/** `heddle models` */
import { Command } from 'commander';
import { terminalOf } from '../program.js';

export function modelsCommand(): Command {
  return new Command('models')
    .description('list the models that come with Heddle, with designs, scenes, events and options')
    .argument('[model...]', 'names or paths; all built-in models and examples if none is given')
    .option('--json', 'one JSON document')
    .action(async (names: string[], options: { json?: boolean }, command: Command) => {
      const { describeModels, renderModels } = await import('../describe.js');
      const terminal = terminalOf(command);
      const models = await describeModels(names);
      if (options.json) terminal.printJson({ schema: 'heddle.models/1', models });
      else terminal.print(renderModels(models, terminal.out));
    });
}
