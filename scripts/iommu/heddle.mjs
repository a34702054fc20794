// The command line as the scripts of docs/iommu.md run it.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const MAIN = path.join(ROOT, 'dist/cli/main.js');

/** Runs it; answers exit code, stdout and, if `quiet`, what it said on stderr. */
export function heddle(args, { quiet = true } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', quiet ? 'pipe' : 'inherit'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The model's hash, and the names that it declares. Both flavours are built, so that no task has to. */
export async function declared() {
  const { code, stdout } = await heddle(['models', 'iommu', '--json'], { quiet: false });
  if (code !== 0) throw new Error('the model iommu does not build');
  const { declares } = JSON.parse(stdout).models[0];
  const names = (list) => list.map(({ name }) => name);
  const { hash } = JSON.parse((await heddle(['build', 'iommu', '--json'])).stdout);
  return {
    hash,
    designs: names(declares.designs),
    scenes: names(declares.scenes),
    options: names(declares.options),
  };
}

/** As one would type it. */
export function commandLine(args) {
  const word = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text}'`);
  return `heddle ${args.map(word).join(' ')}`;
}
