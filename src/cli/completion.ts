/** Scripts that complete the command line, made from the tree of commands, so that they cannot know other flags than it has. Pure. */
import type { Command, Option } from 'commander';

export interface CommandGrammar {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly FlagGrammar[];
  /** Words for the first argument beside files: names of models, shells, subcommands. */
  readonly words: readonly string[];
}

export interface FlagGrammar {
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** Empty: a file or anything else. */
  readonly choices: readonly string[];
}

/** What can be typed. `models` complete arguments that are called `model`. */
export function grammarOf(program: Command, models: readonly string[]): CommandGrammar[] {
  return program.commands.map((command) => {
    const [first] = command.registeredArguments;
    const words = first?.argChoices ?? (first?.name().startsWith('model') ? models : []);
    return {
      name: command.name(),
      description: command.description(),
      flags: [
        ...command.options.map(flagOf),
        { names: ['--help'], description: 'help', takesValue: false, choices: [] },
      ],
      words: [...words, ...command.commands.map((sub) => sub.name())],
    };
  });
}

function flagOf(option: Option): FlagGrammar {
  const names = [option.short, option.long].filter((name) => name !== undefined && name !== null);
  return {
    names,
    description: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
  };
}

export function completionScript(shell: 'bash' | 'zsh' | 'fish', grammar: readonly CommandGrammar[]): string {
  if (shell === 'fish') return fishScript(grammar);
  // zsh runs the script of bash by its own emulation of it.
  const head = shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : '';
  return head + bashScript(grammar);
}

function bashScript(grammar: readonly CommandGrammar[]): string {
  const commands = grammar.map(({ name }) => name).join(' ');
  const values = grammar.flatMap(({ name, flags }) =>
    flags
      .filter(({ choices }) => choices.length > 0)
      .flatMap(({ names, choices }) =>
        names.map((flag) => `    ${name}:${flag}) words=${quoted(choices.join(' '))} ;;`),
      ),
  );
  const plain = grammar.flatMap(({ name, flags }) =>
    flags
      .filter(({ takesValue, choices }) => takesValue && choices.length === 0)
      .flatMap(({ names }) => names.map((flag) => `${name}:${flag}`)),
  );
  const own = grammar.map(({ name, flags, words }) => {
    const all = [...flags.flatMap(({ names }) => names), ...words].join(' ');
    return `    ${name}) words=${quoted(all)} ;;`;
  });
  return [
    '# heddle: completion; remake it after an update',
    '_heddle() {',
    '  local current="$' +
      '{COMP_WORDS[COMP_CWORD]}" previous="$' +
      '{COMP_WORDS[COMP_CWORD-1]}" command="$' +
      '{COMP_WORDS[1]}" words=""',
    '  COMPREPLY=()',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W ${quoted(commands)} -- "$current"))`,
    '    return',
    '  fi',
    '  case "$command:$previous" in',
    ...values,
    ...(plain.length > 0 ? [`    ${plain.join('|')}) COMPREPLY=($(compgen -f -- "$current")); return ;;`] : []),
    '  esac',
    '  if [ -n "$words" ]; then',
    '    COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '    return',
    '  fi',
    '  case "$command" in',
    ...own,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))',
    '}',
    'complete -o filenames -F _heddle heddle',
  ].join('\n');
}

function fishScript(grammar: readonly CommandGrammar[]): string {
  const lines = ['# heddle: completion; remake it after an update'];
  for (const { name, description, flags, words } of grammar) {
    lines.push(`complete -c heddle -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`);
    const inside = `complete -c heddle -n '__fish_seen_subcommand_from ${name}'`;
    for (const { names, description: text, takesValue, choices } of flags) {
      const forms = names.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
      const value = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : takesValue ? ' -r' : '';
      lines.push(`${inside} ${forms.join(' ')}${value} -d ${quoted(text)}`);
    }
    if (words.length > 0) lines.push(`${inside} -a ${quoted(words.join(' '))}`);
  }
  return lines.join('\n');
}

/** One word of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
