/** SPIN on one scene: generated, compiled, run to the end of its search. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SOUGHT } from './scenes.mjs';

const SOURCES = fileURLToPath(new URL('.', import.meta.url));
const DEPTH = 20_000;
export const GCC_FLAGS = ['-w', '-O3', '-DSAFETY', '-DNOFAIR', '-DMEMLIM=8000'];

/** The three ways: how a modeller would write and run it, the same without reduction, and step for step as Heddle without reduction. */
export const SPIN_WAYS = [
  { label: 'SPIN', reduced: true, spin: [], gcc: [] },
  { label: 'SPIN -DNOREDUCE', reduced: false, spin: [], gcc: ['-DNOREDUCE'] },
  { label: 'SPIN -DNOREDUCE, same steps', reduced: false, spin: ['-DSAME_STEPS'], gcc: ['-DNOREDUCE'] },
];

/** Why there is no SPIN here; empty if there is. */
export function spinObstacle() {
  for (const [tool, flag] of [
    ['spin', '-V'],
    ['gcc', '--version'],
  ]) {
    if (spawnSync(tool, [flag], { stdio: 'ignore' }).error) {
      return `${tool} is missing: install it (Debian: apt-get install ${tool}) to compare with SPIN`;
    }
  }
  return '';
}

export const spinVersion = () => execFileSync('spin', ['-V'], { encoding: 'utf8' }).trim();

/** @throws Error if the search was cut: a figure of it would say nothing */
function parse(output, where) {
  const cut = /max search depth too small|out of memory|Search not completed|memory limit/.exec(output);
  const number = (pattern) => {
    const match = pattern.exec(output);
    if (!match) throw new Error(`${where}: no ${pattern} in the output of pan:\n${output}`);
    return Number(match[1]);
  };
  return {
    cut: cut?.[0] ?? '',
    errors: number(/errors: (\d+)/),
    states: number(/^\s*(\d\S*) states, stored/m),
    transitions: number(/^\s*(\d\S*) transitions/m),
    depth: number(/depth reached (\d+)/),
    memoryMB: number(/([\d.]+)\s+total actual memory usage/),
  };
}

/** Compiles a scene; answers the program, the time that took, and what removes the folder. */
export function compileSpin(scene, way, seek = 0) {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-spin-'));
  for (const name of ['heddle.h', scene.file]) cpSync(join(SOURCES, name), join(folder, name));
  const begin = performance.now();
  const run = (tool, args) =>
    execFileSync(tool, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  run('spin', [...scene.spin, ...way.spin, `-DSEEK=${seek}`, '-a', scene.file]);
  run('gcc', [...GCC_FLAGS, ...way.gcc, '-o', 'pan', 'pan.c']);
  const prepareMs = performance.now() - begin;
  return {
    folder,
    prepareMs,
    where: `${scene.name}, ${way.label}`,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** One search. `errorsMax` 0: all errors are counted and nothing ends the search. */
export function runSpin(program, scene, errorsMax = 0) {
  // Where a finding stops an execution, the other tasks stay where they are: no deadlock.
  const flags = [`-m${DEPTH}`, `-w${scene.hashLog2}`, '-n', `-c${errorsMax}`, ...(scene.stops ? ['-E'] : [])];
  const begin = performance.now();
  const { stdout, error } = spawnSync(join(program.folder, 'pan'), flags, {
    cwd: program.folder,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const searchMs = performance.now() - begin;
  if (error) throw error;
  const result = parse(stdout, program.where);
  if (result.cut && errorsMax === 0) throw new Error(`${program.where}: ${result.cut}`);
  return { searchMs, ...result };
}

/** Kinds of findings that SPIN sees in a scene: a program for each kind of memory error, and the invalid end states. */
export function kindsOfSpin(scene, exhausted) {
  const kinds = exhausted.errors > 0 ? ['deadlock'] : [];
  for (const [kind, seek] of Object.entries(scene.file === 'bind.pml' ? SOUGHT : {})) {
    const program = compileSpin(scene, SPIN_WAYS[0], seek);
    try {
      // An invalid end state would end the search before an assertion does.
      if (runSpin(program, { ...scene, stops: true }, 1).errors > 0) kinds.push(kind);
    } finally {
      program.remove();
    }
  }
  return kinds.sort();
}
