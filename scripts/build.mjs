// Builds dist/: the executor (release and debug) with asc, the TypeScript with tsc.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const packageDir = (name) => path.dirname(require.resolve(`${name}/package.json`));

function run(name, file, ...args) {
  const { status } = spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`${name} failed`);
    process.exit(status ?? 1);
  }
}

mkdirSync(path.join(root, 'dist'), { recursive: true });
const asc = path.join(packageDir('assemblyscript'), 'bin/asc.js');
run('the executor', asc, '--target', 'release');
run('the debug executor', asc, '--target', 'debug');
run('tsc', path.join(packageDir('typescript'), 'bin/tsc'), '-p', 'tsconfig.build.json');
