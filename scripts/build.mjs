// Builds dist/: the executor (release and debug) with asc, the TypeScript with tsc, what runs in a browser with vite. `web` as argument builds
// the latter alone.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const packageDir = (name) => path.dirname(require.resolve(`${name}/package.json`));

function run(name, file, ...args) {
  // Within a test run it is "test", with which vite builds something else.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { status } = spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit', env });
  if (status !== 0) {
    console.error(`${name} failed`);
    process.exit(status ?? 1);
  }
}

/**
 * asc cannot raise Binaryen's inlining limits. The hooks are called at every access of a model: their helpers belong inline.
 */
async function inlineHotPath(file) {
  const { default: binaryen } = await import('binaryen');
  const module = binaryen.readBinary(readFileSync(path.join(root, file)));
  const features = binaryen.Features;
  const { BulkMemory, BulkMemoryOpt, MutableGlobals, NontrappingFPToInt, SignExt } = features;
  module.setFeatures(features.Atomics | BulkMemory | BulkMemoryOpt | MutableGlobals | NontrappingFPToInt | SignExt);
  binaryen.setOptimizeLevel(4);
  binaryen.setShrinkLevel(0);
  binaryen.setDebugInfo(false);
  binaryen.setAlwaysInlineMaxSize(60);
  binaryen.setFlexibleInlineMaxSize(300);
  binaryen.setOneCallerInlineMaxSize(1000);
  module.optimize();
  module.optimize();
  writeFileSync(path.join(root, file), module.emitBinary());
  module.dispose();
}

/** A module of its own on a memory of its own: asconfig.json is for the executor. */
const VISITED = [
  ...['--config', 'none', '--outFile', 'dist/visited.wasm', '--runtime', 'stub', '--importMemory', '--sharedMemory'],
  ...['--initialMemory', '1', '--maximumMemory', '65536', '--enable', 'threads', '-O3', '--noAssert', '--converge'],
];

if (process.argv[2] !== 'web') {
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  const asc = path.join(packageDir('assemblyscript'), 'bin/asc.js');
  run('the executor', asc, '--target', 'release');
  run('the debug executor', asc, '--target', 'debug');
  run('the search executor', asc, '--target', 'search');
  run('the executor with all oracles', asc, '--target', 'oracles');
  run('the search executor with all oracles', asc, '--target', 'search-oracles');
  run('the visited states', asc, 'assembly/visited/index.ts', ...VISITED);
  await inlineHotPath('dist/executor.wasm');
  await inlineHotPath('dist/executor-search.wasm');
  await inlineHotPath('dist/executor-search-oracles.wasm');
  run('tsc', path.join(packageDir('typescript'), 'bin/tsc'), '-p', 'tsconfig.build.json');
}
const vite = path.join(packageDir('vite'), 'bin/vite.js');
for (const mode of ['page', 'viewer'])
  run(`the ${mode}`, vite, 'build', '--config', 'web/vite.config.ts', '--mode', mode);
