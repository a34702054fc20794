/** `heddle new`: a folder with a model to begin with, its test, a configuration and a job for CI. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { HeddleError } from '../errors.js';
import { packageFile } from './about.js';
import { shellWord } from '../ui/shell-word.js';
import type { Terminal } from './terminal.js';

export interface NewFlags {
  /** Where the folder is made; `<name>` below the working directory if not given. */
  readonly dir?: string;
}

/** By template: the file that is made of it, where `*` stands for the name. */
const FILES: Readonly<Record<string, string>> = {
  'model.ts': '*.ts',
  'model.test.ts': '*.test.ts',
  'heddle.config.json': 'heddle.config.json',
  'ci.yml': 'ci.yml',
};

/** A file name, a TypeScript file's base name and a word of a shell at once. */
const NAME = /^[a-z][a-z0-9-]{0,63}$/;

/** @throws HeddleError HDL_USAGE if the name does not do or the folder has something in it; HDL_IO if it cannot be written. */
export function newModel(name: string, flags: NewFlags, terminal: Terminal): void {
  if (!NAME.test(name)) {
    throw new HeddleError('HDL_USAGE', `“${name}” cannot be the name of a model`, {
      hint: 'use lower-case letters, digits and hyphens, with a letter first: heddle new my-queue',
    });
  }
  const folder = resolve(flags.dir ?? name);
  const shown = relative(process.cwd(), folder) || '.';
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new HeddleError('HDL_USAGE', `${shown} exists and is not empty`, {
      hint: 'choose another name, or another folder with --dir',
    });
  }
  const words = { name, folder: shown.split(sep).join('/') };
  const made = Object.entries(FILES).map(([template, target]) => {
    const file = join(folder, target.replace('*', name));
    write(file, fill(readFileSync(packageFile(`templates/${template}`), 'utf8'), words));
    return join(shown, target.replace('*', name));
  });
  terminal.print(
    [
      ...made.map((file) => `made ${file}`),
      '',
      'Next:',
      `  npx heddle fuzz ${shellWord(`./${join(shown, `${name}.ts`)}`)} --design unlocked --max-time 5s`,
      `  npx vitest run ${shellWord(shown)}`,
    ].join('\n'),
  );
}

function fill(text: string, words: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (all, word: string) => words[word] ?? all);
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    throw new HeddleError('HDL_IO', `cannot write ${file}: ${(cause as Error).message}`, {
      hint: 'check the folder’s permissions and the space on the disk',
      cause,
    });
  }
}
