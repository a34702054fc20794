/** `heddle doctor` */
import { Command } from 'commander';
import { EXIT } from '../../errors.js';
import { terminalOf } from '../program.js';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check the installation and show where each setting comes from')
    .option('--json', 'one JSON document')
    .action(async (options: { json?: boolean }, command: Command) => {
      const { examine, renderHealth } = await import('../health.js');
      const terminal = terminalOf(command);
      const health = await examine(process.env);
      if (options.json) terminal.printJson({ schema: 'heddle.doctor/1', ...health });
      else terminal.print(renderHealth(health, terminal.out));
      if (health.checks.some((check) => check.status === 'error')) process.exitCode = EXIT.usage;
    });
}
