/** `heddle build` */
import { Command } from 'commander';
import { parsePath } from '../parsers.js';
import { terminalOf } from '../program.js';

interface BuildFlags {
  readonly watch?: boolean;
  readonly exact?: boolean;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function buildCommand(): Command {
  return new Command('build')
    .description('compile and instrument a model; says how many scheduling points it has')
    .argument('<model>', 'name or path of the model')
    .option('--watch', 'build again after each change')
    .option('--exact', 'the artefact for exhaustive search')
    .option('-o, --out <dir>', 'where to write model.wasm and model.json', parsePath)
    .option('--json', 'one JSON document')
    .action(async (model: string, flags: BuildFlags, command: Command) => {
      const { buildOnce, watch } = await import('../build-model.js');
      await (flags.watch ? watch : buildOnce)(model, flags, terminalOf(command));
    });
}
