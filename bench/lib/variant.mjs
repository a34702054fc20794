/** The executor without one of its parts: the ordinary build with a constant of asconfig.json changed, in a temporary folder. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './raw.mjs';

const LINKED = ['assembly', 'examples', 'src', 'node_modules', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];

/**
 * @param constant `HASH` or `COVER`, which becomes 0
 * @returns the class Executor over that build, and what removes the folder
 */
export async function buildWithout(constant) {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-variant-'));
  for (const name of LINKED) symlinkSync(join(ROOT, name), join(folder, name));
  cpSync(join(ROOT, 'scripts'), join(folder, 'scripts'), { recursive: true });
  const configuration = readFileSync(join(ROOT, 'asconfig.json'), 'utf8');
  if (!configuration.includes(`"${constant}=1"`)) throw new Error(`asconfig.json does not define ${constant}`);
  writeFileSync(join(folder, 'asconfig.json'), configuration.replaceAll(`"${constant}=1"`, `"${constant}=0"`));
  mkdirSync(join(folder, 'dist'));
  const run = (script, ...args) => {
    const file = join(folder, 'scripts', script);
    const { status, stderr } = spawnSync(process.execPath, [file, ...args], { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the executor without ${constant} was not built: ${stderr}`);
  };
  run('build.mjs', 'executor', 'release');
  const wasm = join(folder, 'dist/executor.wasm');
  // The host's side as it is: only the executor differs.
  const built = readFileSync(wasm);
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  writeFileSync(wasm, built);
  run('hints.mjs', 'executor.wasm');
  const { Executor } = await import(pathToFileURL(join(folder, 'dist/executor/executor.js')).href);
  return { Executor, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
