/** `heddle corpus` and its commands */
import { Command } from 'commander';
import type { CorpusFlags } from '../corpus-context.js';
import { terminalOf } from '../program.js';
import { overrideOption, settingOption } from '../settings.js';

const FOLDER = 'folder of a campaign, or of a corpus';

function running(command: Command): Command {
  return command
    .option('--model <model>', 'name or path of the model; taken from the campaign if not given')
    .addOption(overrideOption('design'))
    .addOption(overrideOption('option'))
    .addOption(overrideOption('maxSteps'))
    .addOption(settingOption('jobs'))
    .option('--json', 'one JSON document');
}

export function corpusCommand(): Command {
  const corpus = new Command('corpus').description('what campaigns keep: list, check, exchange, make smaller, migrate');
  corpus.addCommand(
    new Command('ls')
      .description('the entries')
      .argument('<folder>', FOLDER)
      .option('--json', 'one JSON document')
      .action(async (folder: string, flags: CorpusFlags, command: Command) =>
        (await import('../corpus.js')).list(folder, flags, terminalOf(command)),
      ),
  );
  corpus.addCommand(
    new Command('show')
      .description('one entry as text')
      .argument('<folder>', FOLDER)
      .argument('<id>', 'its id, or how it begins')
      .action(async (folder: string, id: string, _: object, command: Command) =>
        (await import('../corpus.js')).show(folder, id, terminalOf(command)),
      ),
  );
  corpus.addCommand(
    running(new Command('check'))
      .description('read and run every entry; exits 1 if one is damaged or does not run as it says')
      .argument('<folder>', FOLDER)
      .action(async (folder: string, flags: CorpusFlags, command: Command) => {
        process.exitCode = await (await import('../corpus.js')).check(folder, flags, terminalOf(command));
      }),
  );
  corpus.addCommand(
    new Command('export')
      .description('all entries in one file')
      .argument('<folder>', FOLDER)
      .argument('<file>', 'to be written; its name should end in .ndjson')
      .action(async (folder: string, file: string, _: object, command: Command) =>
        (await import('../corpus.js')).exportCorpus(folder, file, terminalOf(command)),
      ),
  );
  for (const [name, what] of [
    ['import', 'take over from files, folders and exported corpora what runs and adds a feature'],
    ['merge', 'the same for other corpora: the union by features, whatever their order'],
  ] as const) {
    corpus.addCommand(
      running(new Command(name))
        .description(what)
        .argument('<folder>', `${FOLDER}; it is added to`)
        .argument('<from...>', 'schedules, folders of schedules, or .ndjson files of heddle corpus export')
        .action(async (folder: string, from: string[], flags: CorpusFlags, command: Command) =>
          (await import('../corpus.js')).importInto(folder, from, flags, terminalOf(command)),
        ),
    );
  }
  for (const [name, what] of [
    [
      'minimize',
      'keep a set of entries with the same features of which none can be left out; executes each at most twice',
    ],
    ['migrate', 'to the model as it is now: keep what still adds features, and tell what was lost'],
  ] as const) {
    corpus.addCommand(
      running(new Command(name))
        .description(what)
        .argument('<folder>', FOLDER)
        .action(async (folder: string, flags: CorpusFlags, command: Command) => {
          const commands = await import('../corpus.js');
          const work = name === 'minimize' ? commands.minimizeCorpus : commands.migrate;
          await work(folder, flags, terminalOf(command));
        }),
    );
  }
  return corpus;
}
