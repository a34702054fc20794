/** `heddle completion` */
import { Argument, Command } from 'commander';
import { terminalOf } from '../program.js';

export function completionCommand(): Command {
  return new Command('completion')
    .description('a script that completes commands, flags and their values in your shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      `
  bash:  source <(heddle completion bash)         in ~/.bashrc
  zsh:   source <(heddle completion zsh)          in ~/.zshrc, after compinit
  fish:  heddle completion fish | source          in ~/.config/fish/config.fish`,
    )
    .action(async (shell: 'bash' | 'zsh' | 'fish', _: object, command: Command) => {
      const { completionScript, grammarOf } = await import('../completion.js');
      const { listModels } = await import('../../build/index.js');
      const models = (await listModels()).map(({ name }) => name);
      const program = command.parent;
      if (program) terminalOf(command).print(completionScript(shell, grammarOf(program, models)));
    });
}
