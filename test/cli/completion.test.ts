import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { completionScript, grammarOf } from '../../src/cli/completion.js';
import { createProgram } from '../../src/cli/program.js';
import { heddle } from './run.js';

let script = '';
beforeAll(async () => {
  script = (await heddle(['completion', 'bash'])).stdout;
});

/** What a bash offers after these words, the last of which is being typed. */
function offered(...words: readonly string[]): string[] {
  const typed = ['heddle', ...words].map((word) => `'${word}'`).join(' ');
  const ask = `COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _heddle; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', `${script}\n${ask}`], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

describe('heddle completion', () => {
  it('completes commands, flags, values of flags and names of models', () => {
    expect(offered('re')).toEqual(expect.arrayContaining(['replay', 'report']));
    expect(offered('fuzz', '--strat')).toEqual(['--strategy']);
    expect(offered('fuzz', '--ui', 'sc')).toEqual(['screen']);
    expect(offered('fuzz', 'ban')).toContain('bank');
    expect(offered('completion', 'b')).toContain('bash');
  });

  it('knows every command and every flag of the program, in each shell', () => {
    const program = createProgram();
    const grammar = grammarOf(program, ['bank']);
    for (const shell of ['bash', 'zsh', 'fish'] as const) {
      const text = completionScript(shell, grammar);
      for (const command of program.commands) {
        expect(text).toContain(command.name());
        for (const { long } of command.options)
          expect(text, `${command.name()} ${long}`).toContain(long?.slice(2) ?? '');
      }
    }
  });

  it('refuses a shell that it does not know', async () => {
    const { code, stderr } = await heddle(['completion', 'tcsh']);
    expect(stderr).toMatch(/Allowed choices are bash, zsh, fish/);
    expect(code).toBe(2);
  });
});
