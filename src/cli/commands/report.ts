/** `heddle report` */
import { Command, Option } from 'commander';
import { parsePath } from '../parsers.js';
import { terminalOf } from '../program.js';
import type { ReportFlags } from '../report.js';
import { settingOption } from '../settings.js';

export function reportCommand(): Command {
  return new Command('report')
    .description('the findings of a campaign as Markdown, HTML, SARIF, JUnit or JSON; exits 3 if one is new')
    .argument('<campaign>', 'folder of a campaign')
    .addOption(
      new Option('--format <name>', 'what to write')
        .choices(['markdown', 'html', 'sarif', 'junit', 'json'])
        .default('markdown'),
    )
    .addOption(settingOption('known'))
    .option('--no-viewer', 'HTML without stepping through the runs, for which each finding is explained')
    .option('--output <file>', 'write there instead of to stdout', parsePath)
    .action(async (outDir: string, flags: ReportFlags, command: Command) => {
      const { report } = await import('../report.js');
      process.exitCode = await report(outDir, flags, terminalOf(command));
    });
}
