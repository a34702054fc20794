/** The command tree. Each command's file imports its heavy modules when it runs. */
import { Command, Option } from 'commander';
import { packageVersion } from './about.js';
import { buildCommand } from './commands/build.js';
import { compareCommand } from './commands/compare.js';
import { completionCommand } from './commands/completion.js';
import { corpusCommand } from './commands/corpus.js';
import { coverageCommand } from './commands/coverage.js';
import { doctorCommand } from './commands/doctor.js';
import { explainCommand } from './commands/explain.js';
import { fuzzCommand } from './commands/fuzz.js';
import { hubCommand } from './commands/hub.js';
import { minimizeCommand } from './commands/minimize.js';
import { modelsCommand } from './commands/models.js';
import { mutateCommand } from './commands/mutate.js';
import { newCommand } from './commands/new.js';
import { replayCommand } from './commands/replay.js';
import { reportCommand } from './commands/report.js';
import { serveCommand } from './commands/serve.js';
import { statusCommand } from './commands/status.js';
import { verifyCommand } from './commands/verify.js';
import { applyConfig, readConfig } from './config.js';
import { settingOption, unknownVariables } from './settings.js';
import { type ColorMode, createTerminal, type Terminal } from './terminal.js';

const EXAMPLES = `
Examples:
  heddle models                                     what comes with Heddle
  heddle fuzz iommu --design v6.6 --max-time 30s    look for failing interleavings
  heddle verify iommu --design v6.7 --scene walk-client --oracles memory
                                                    prove that no schedule of a scene fails
  heddle compare iommu --designs v6.6,v6.7 --scenes walk-client
                                                    the same events and seeds in two designs
  heddle replay heddle-out/iommu-v6.6/findings/…    run one again, and see what happens
  heddle build ./model.ts --watch                   check a model while you write it

Exit codes: 0 clean, 1 internal error, 2 usage or model error, 3 finding, 4 did not reproduce,
5 made by another model or a newer version, 130/143 interrupted twice.`;

/** Flags of every command. */
export interface GlobalOptions {
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: ColorMode;
}

export function createProgram(): Command {
  const program = new Command('heddle')
    .description('Finds, replays, minimizes and explains failing interleavings of concurrent models.')
    .version(packageVersion(), '-V, --version')
    .addHelpText('after', EXAMPLES)
    .showSuggestionAfterError()
    .showHelpAfterError('(heddle --help lists the commands)')
    .helpCommand(true);
  const commands = [
    modelsCommand(),
    newCommand(),
    buildCommand(),
    fuzzCommand(),
    replayCommand(),
    minimizeCommand(),
    explainCommand(),
    verifyCommand(),
    mutateCommand(),
    compareCommand(),
    coverageCommand(),
    corpusCommand(),
    statusCommand(),
    reportCommand(),
    serveCommand(),
    hubCommand(),
    doctorCommand(),
    completionCommand(),
  ];
  for (const command of commands) program.addCommand(withCommon(command));
  for (const command of [program, ...program.commands]) {
    command.exitOverride();
    for (const sub of command.commands) sub.exitOverride();
  }
  program.hook('preAction', (_, command) => {
    // Doctor shows a broken configuration instead of failing at it.
    if (command.name() === 'doctor') return;
    const config = readConfig();
    if (config) applyConfig(command, config);
    const terminal = terminalOf(command);
    for (const name of unknownVariables(process.env)) {
      terminal.log(
        `${terminal.err.yellow('warning:')} ${name} is set, but nothing reads it; heddle doctor lists what is`,
      );
    }
  });
  return program;
}

function withCommon(command: Command): Command {
  return command
    .addOption(settingOption('color'))
    .addOption(new Option('-q, --quiet', 'results only'))
    .addOption(new Option('-v, --verbose', 'more about what happens, and stacks of internal errors'))
    .showSuggestionAfterError();
}

/** The terminal that a command's flags ask for. */
export function terminalOf(command: Command): Terminal {
  return createTerminal((command.opts() as GlobalOptions).color ?? 'auto');
}
