/** The house rules that a machine can check. A rule that needs an exception names the file here, with the reason. */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LINES_MAX = 400;
const CODE = new Set(['.ts', '.tsx', '.css', '.mjs', '.js', '.cjs']);
const BINARY = new Set(['.wasm', '.png', '.ico', '.woff2']);

/** Everything that is in the repository or will be. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && !BINARY.has(extname(file)) && isFile(file));
const code = files.filter((file) => CODE.has(extname(file)));
const own = 'test/tidy.test.ts';

function isFile(file: string): boolean {
  return statSync(join(ROOT, file), { throwIfNoEntry: false })?.isFile() ?? false;
}

const texts = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
const textOf = (file: string): string => texts.get(file) ?? '';

/** `file:line` of every line that matches. */
function places(list: readonly string[], pattern: RegExp): string[] {
  return list.flatMap((file) =>
    textOf(file)
      .split('\n')
      .flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}`] : [])),
  );
}

describe('the house rules', () => {
  it(`no file of code is longer than ${LINES_MAX} lines`, () => {
    const long = code.filter((file) => textOf(file).split('\n').length - 1 > LINES_MAX);
    expect(long).toEqual([]);
  });

  it('every file ends in one line break', () => {
    const bad = files.filter((file) => textOf(file) !== '' && !/[^\n]\n$/.test(textOf(file)));
    expect(bad.filter((file) => !file.endsWith('.snap'))).toEqual([]);
  });

  it('no line ends in spaces', () => {
    const prose = files.filter((file) => !file.endsWith('.snap'));
    expect(places(prose, /[ \t]$/)).toEqual([]);
  });

  it('no TODO or FIXME stands without the number of an issue', () => {
    expect(places(without(code, own), /\b(TODO|FIXME|XXX)\b(?!\(#\d+\))/)).toEqual([]);
  });

  it('what style sheets share has its value once, light and dark side by side', () => {
    const names = code
      .filter((file) => file.endsWith('.css'))
      .flatMap((file) => [...textOf(file).matchAll(/^\s*(--[\w-]+):/gm)].map(([, name = '']) => name));
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it('no test is skipped or run alone', () => {
    const tests = without(code, own).filter((file) => file.endsWith('.test.ts'));
    expect(places(tests, /\b(it|test|describe|bench)\.(only|skip|todo)\b/)).toEqual([]);
  });

  it('time and randomness come from the clock and the generator', () => {
    // The build's times are for its user; benchmarks measure; tests may wait.
    const exempt = /^src\/(clock\.ts$|build\/)/;
    const sources = code.filter((file) => /^(src|assembly)\//.test(file) && !exempt.test(file));
    expect(places(sources, /\b(Date\.now|Math\.random|performance\.now)\(/)).toEqual([]);
  });
});

function without(list: readonly string[], file: string): string[] {
  return list.filter((f) => f !== file);
}
