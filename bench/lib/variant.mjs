/**
 * The executor without one of its parts: the ordinary build with a constant of asconfig.json changed, in a temporary folder. Each is built once
 * and kept among the system's temporary files, under a name by what it is built from.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './raw.mjs';

const LINKED = ['assembly', 'src', 'node_modules', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];

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
  const built = builtIn(folder, constant);
  // The host's side as it is: only the executor differs.
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'dist/executor.wasm'), built);
  const { Executor } = await import(pathToFileURL(join(folder, 'dist/executor/executor.js')).href);
  return { Executor, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function builtIn(folder, constant) {
  const key = createHash('sha256').update(constant);
  const sources = readdirSync(join(ROOT, 'assembly'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const others = ['asconfig.json', 'package-lock.json', 'scripts/build.mjs'].map((name) => join(ROOT, name));
  for (const file of [...others, ...sources.sort()]) key.update(`${file}\0`).update(readFileSync(file));
  const kept = join(tmpdir(), 'heddle-variants', `${key.digest('hex').slice(0, 32)}.wasm`);
  if (existsSync(kept)) return readFileSync(kept);
  mkdirSync(join(folder, 'dist'));
  const command = [join(folder, 'scripts/build.mjs'), 'executor', 'release'];
  const { stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' });
  const wasm = join(folder, 'dist/executor.wasm');
  if (!existsSync(wasm)) throw new Error(`the executor without ${constant} was not built: ${stderr}`);
  const built = readFileSync(wasm);
  mkdirSync(join(tmpdir(), 'heddle-variants'), { recursive: true });
  writeFileSync(`${kept}.${process.pid}`, built);
  renameSync(`${kept}.${process.pid}`, kept);
  return built;
}
