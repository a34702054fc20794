// Builds what is stale of dist/: the executors with asc, the TypeScript with tsc, what runs in a browser with vite. `inline FILE` works on an
// executor that asc has made.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const asconfig = JSON.parse(readFileSync(path.join(root, 'asconfig.json'), 'utf8'));
const packageDir = (name) => path.dirname(require.resolve(`${name}/package.json`));

/** Ends this process if the other fails. What it says is shown when it ends: several run at a time. */
async function run(name, file, ...args) {
  // Within a test run it is "test", with which vite builds something else.
  const env = { ...process.env, NODE_ENV: 'production' };
  const child = spawn(process.execPath, [file, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
  const [status] = await once(child, 'close');
  process.stderr.write(Buffer.concat(said));
  if (status === 0) return;
  console.error(`${name} failed`);
  process.exit(status ?? 1);
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
  exportGlobals(binaryen, module);
  writeFileSync(path.join(root, file), module.emitBinary());
  module.dispose();
}

/** What is not in memory: another instance can go on where this one stands (src/executor/instance.ts). */
function exportGlobals(binaryen, module) {
  for (let i = 0; i < module.getNumGlobals(); i++) {
    const { name, mutable } = binaryen.getGlobalInfo(module.getGlobalByIndex(i));
    if (mutable) module.addGlobalExport(name, `global_${i}`);
  }
}

/** A module of its own on a memory of its own: asconfig.json is for the executor. */
const VISITED = [
  ...['--config', 'none', '--outFile', 'dist/visited.wasm', '--runtime', 'stub', '--importMemory', '--sharedMemory'],
  ...['--initialMemory', '1', '--maximumMemory', '65536', '--enable', 'threads', '-O3', '--noAssert', '--converge'],
];

const asc = path.join(packageDir('assemblyscript'), 'bin/asc.js');
const vite = path.join(packageDir('vite'), 'bin/vite.js');

/** `isHot`: it runs in campaigns or searches, where speed counts. */
async function buildExecutor(name, target, isHot) {
  await run(name, asc, '--target', target);
  if (isHot) await run(`${name}, inlined`, fileURLToPath(import.meta.url), 'inline', asconfig.targets[target].outFile);
}
const buildWeb = (mode) => run(`the ${mode}`, vite, 'build', '--config', 'web/vite.config.ts', '--mode', mode);

/** What is made of which files and folders; those of all parts, the longest job first. */
const TOOLS = ['scripts/build.mjs', 'package.json', 'tsconfig.json'];
const EXECUTOR = ['executor', 'coverage', 'hash', 'oracles', 'search', 'strategies'].map((dir) => `assembly/${dir}`);
const PARTS = [
  {
    name: 'executors',
    inputs: [...EXECUTOR, 'asconfig.json'],
    outputs: Object.values(asconfig.targets).map(({ outFile }) => outFile),
    jobs: [
      () => buildExecutor('the executor', 'release', true),
      () => buildExecutor('the search executor with all oracles', 'search-oracles', true),
      () => buildExecutor('the search executor', 'search', true),
      () => buildExecutor('the executor with all oracles', 'oracles', false),
      () => buildExecutor('the debug executor', 'debug', false),
    ],
  },
  {
    name: 'visited',
    inputs: ['assembly/visited'],
    outputs: ['dist/visited.wasm'],
    jobs: [() => run('the visited states', asc, 'assembly/visited/index.ts', ...VISITED)],
  },
  {
    name: 'src',
    inputs: ['src', 'tsconfig.build.json'],
    outputs: ['dist/cli/main.js'],
    jobs: [() => run('tsc', path.join(packageDir('typescript'), 'bin/tsc'), '-p', 'tsconfig.build.json')],
  },
  {
    name: 'web',
    inputs: ['web', 'src/explain', 'src/server', 'src/ui'],
    outputs: ['page/index.html', 'page/page.js', 'page/page.css', 'page/page.svg', 'viewer.js', 'viewer.css'].map(
      (f) => `dist/web/${f}`,
    ),
    jobs: [() => buildWeb('page'), () => buildWeb('viewer')],
  },
];
/** Runs what the others make, so it comes after them. */
const HINTS = {
  name: 'hints',
  inputs: [...EXECUTOR, 'asconfig.json', 'assembly/kit', 'examples', 'src/build', 'src/executor', 'scripts/hints.mjs'],
  outputs: ['dist/executor.wasm', 'dist/executor-search.wasm', 'dist/executor-search-oracles.wasm'],
  jobs: [() => run('the branch hints', path.join(root, 'scripts/hints.mjs'))],
};
/** What each part was made of, so that what is fresh is left alone. */
const MADE_OF = path.join(root, 'dist/.made-of.json');

function digest(inputs) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    const at = path.join(root, input);
    const below = statSync(at).isDirectory() ? readdirSync(at, { recursive: true, withFileTypes: true }) : null;
    const files = below
      ? below
          .filter((e) => e.isFile())
          .map((e) => path.join(e.parentPath, e.name))
          .sort()
      : [at];
    for (const file of files)
      hash
        .update(`${path.relative(root, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
  }
  return hash.digest('hex');
}

function readMadeOf() {
  try {
    return JSON.parse(readFileSync(MADE_OF, 'utf8'));
  } catch {
    return {}; // a first build
  }
}

/** As many jobs at a time as there are processors. */
async function inParallel(jobs) {
  const left = [...jobs];
  const worker = async () => {
    for (let job = left.shift(); job; job = left.shift()) await job();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

async function build() {
  const madeOf = readMadeOf();
  const now = Object.fromEntries([...PARTS, HINTS].map((part) => [part.name, digest([...part.inputs, ...TOOLS])]));
  const isFresh = ({ name, outputs }) =>
    madeOf[name] === now[name] && outputs.every((file) => existsSync(path.join(root, file)));
  const stale = PARTS.filter((part) => !isFresh(part));
  const wantsHints = !isFresh(HINTS) || stale.some(({ name }) => name === 'executors');
  if (stale.length === 0 && !wantsHints) return;
  mkdirSync(path.dirname(MADE_OF), { recursive: true });
  rmSync(MADE_OF, { force: true }); // an interrupted build leaves nothing that counts as fresh
  await inParallel(stale.flatMap(({ jobs }) => jobs));
  if (wantsHints) await inParallel(HINTS.jobs);
  writeFileSync(MADE_OF, JSON.stringify(now));
}

// `executor <target>`: that one alone, stale or not (bench/lib/variant.mjs).
const [what, file] = process.argv.slice(2);
if (what === 'inline') await inlineHotPath(file);
else if (what === 'executor') await buildExecutor('the executor', file, true);
else await build();
