/** The native program of a model: compiled with gcc, then driven line by line. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { headerOf } from './header.mjs';
import { hashesRaw, parameterOf } from './raw.mjs';

const SOURCES = fileURLToPath(new URL('../native', import.meta.url));
export const GCC_FLAGS = [
  '-O3',
  '-march=native',
  '-std=gnu11',
  '-Wall',
  '-Wextra',
  '-Wno-unused-function',
  '-Wno-cast-function-type',
];

/** Why there is no native program here; empty if there can be one. */
export function nativeObstacle() {
  if (process.arch !== 'x64') return `the native program is written for x86-64, this is ${process.arch}`;
  try {
    execFileSync('gcc', ['--version'], { stdio: 'ignore' });
    return '';
  } catch {
    return 'gcc is missing: install it (Debian: apt-get install gcc) to compare with native C';
  }
}

/** The first line of `gcc --version`. */
export const gccVersion = () => execFileSync('gcc', ['--version'], { encoding: 'utf8' }).split('\n')[0];

export class Native {
  /** @param name file in bench/native; @param executor booted with the scene to run, not used yet */
  static build(name, executor) {
    const folder = mkdtempSync(join(tmpdir(), 'heddle-native-'));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'model.h'), headerOf(executor));
    const program = join(folder, name);
    execFileSync('gcc', [...GCC_FLAGS, '-I', folder, '-I', SOURCES, join(SOURCES, `${name}.c`), '-o', program], {
      stdio: 'inherit',
    });
    return new Native(folder, spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] }));
  }

  constructor(folder, child) {
    this.folder = folder;
    this.child = child;
    this.lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stdin.on('error', () => {}); // a dead program shows in the answer
  }

  async #line() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`the native program ended (${this.child.exitCode ?? this.child.signalCode})`);
    return value;
  }

  #send(command, switches, n, seed) {
    this.child.stdin.write(`${command} ${n} ${switches.decisions > 0 ? 1 : 0} ${parameterOf(switches)} ${seed}\n`);
  }

  /** Times n executions, as timeRaw does. */
  async time(switches, n, seed) {
    this.#send('run', switches, n, seed);
    const [ns, points, switched] = (await this.#line()).split(' ').map(Number);
    return { ns: ns / n, points: points / n, switches: switched / n };
  }

  /** A line an execution and the totals, as hashesRaw. */
  async hashes(switches, n, seed) {
    this.#send('hashes', switches, n, seed);
    const lines = [];
    for (let i = 0; i <= n; i++) lines.push(await this.#line());
    return lines;
  }

  close() {
    this.child.stdin.end();
    this.child.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * Runs the same schedules in both. Answers what they agree on.
 * @throws Error at the first difference
 */
export async function compareHashes(native, executor, switches, n, seed) {
  const theirs = await native.hashes(switches, n, seed);
  const ours = hashesRaw(executor, switches, n, seed);
  const i = ours.findIndex((line, k) => line !== theirs[k]);
  if (i >= 0) {
    const what =
      i === n
        ? 'totals (features, states, random, coverage)'
        : 'execution (hash, points, switches, deviations, findings)';
    throw new Error(
      `native and executor differ in ${what} ${i}, ${switches.label} switches: ${theirs[i]} and ${ours[i]}`,
    );
  }
  const executions = ours.slice(0, n).map((line) => line.split(' '));
  const distinct = new Set(executions.map(([hash]) => hash)).size;
  const withFindings = executions.filter((fields) => Number(fields[4]) > 0).length;
  return { executions: n, distinctHashes: distinct, withFindings, features: Number(ours[n].split(' ')[0]) };
}
