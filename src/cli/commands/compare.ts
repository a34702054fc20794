/** `heddle compare` */
import { Command, Option } from 'commander';
import type { CompareFlags } from '../compare.js';
import { collectOptions, collectPairs, parseBudget, parseNames } from '../compare-flags.js';
import { parseBytes, parseDuration } from '../parsers.js';
import { terminalOf } from '../program.js';
import { settingOption } from '../settings.js';

export function compareCommand(): Command {
  const command = new Command('compare')
    .description('designs of a model on the same events, seeds and budget: which shows what, which is free of it')
    .argument('<model>', 'name or path of the model')
    .addOption(new Option('--designs <a,b,…>', 'designs to compare (default: all)').argParser(parseNames))
    .addOption(new Option('--scenes <a,b,…>', 'scenes to compare them in (default: all)').argParser(parseNames))
    .addOption(
      new Option(
        '--option <name=value>',
        'option of the model, or name=1..4 to count for each; may be repeated',
      ).argParser(collectOptions),
    )
    .addOption(
      new Option('--budget <n|duration>', 'of fuzzing, for each design in each scene: 200k, 30s; 0 = none')
        .argParser(parseBudget)
        .default({ executions: 200_000, ms: null }, '200k'),
    );
  for (const key of ['jobs', 'seed', 'deterministic', 'maxSteps']) command.addOption(settingOption(key));
  const out = settingOption('out');
  out.description = 'folder of the comparison; an earlier one in it is replaced (default: heddle-out/compare-<model>)';
  command.addOption(out);
  return command
    .addOption(new Option('--no-verify', 'do not search exhaustively'))
    .addOption(
      new Option('--verify-memory <size>', 'for the states of one search: 512M, 2G…')
        .argParser(parseBytes)
        .default(512 * 2 ** 20, '512M'),
    )
    .addOption(
      new Option('--verify-time <duration>', 'of one search (default: 60s; no limit with --deterministic)').argParser(
        parseDuration,
      ),
    )
    .addOption(
      new Option(
        '--explain <a,b>',
        'two designs whose difference to explain; may be repeated (default: neighbours)',
      ).argParser(collectPairs),
    )
    .addOption(new Option('--per <counter>', 'divide the other counters by this one'))
    .addOption(new Option('--markdown', 'Markdown instead of text').conflicts('json'))
    .addOption(new Option('--json', 'one JSON document'))
    .addOption(new Option('--html <file>', 'also as a page of its own'))
    .action(async (model: string, flags: CompareFlags, command: Command) => {
      const { compareDesigns } = await import('../compare.js');
      process.exitCode = await compareDesigns(model, flags, command, terminalOf(command));
    });
}
