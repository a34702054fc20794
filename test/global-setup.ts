/**
 * Workers and the command line run from dist/, so it is built once before the tests if a source is newer. So are the models that many test
 * files share, if all of them are to run.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { size } from './support/size.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = [
  'src',
  'assembly/executor',
  'assembly/coverage',
  'assembly/hash',
  'assembly/oracles',
  'assembly/search',
  'assembly/strategies',
  'assembly/visited',
  'scripts',
];
const FILES = ['asconfig.json', 'tsconfig.json', 'tsconfig.build.json', 'package.json'];
const OUTPUTS = [
  'dist/cli/main.js',
  ...['', '-debug', '-oracles', '-search', '-search-oracles'].map((build) => `dist/executor${build}.wasm`),
  'dist/visited.wasm',
];

const WEB = ['page/index.html', 'page/page.js', 'page/page.css', 'page/page.svg', 'viewer.js', 'viewer.css'];

export default async function setup(): Promise<void> {
  sayWhatIsLeftOut();
  const sources = [...SOURCES.flatMap((dir) => filesBelow(join(ROOT, dir))), ...FILES.map((file) => join(ROOT, file))];
  const outputs = OUTPUTS.map((file) => join(ROOT, file));
  // tsc leaves files alone whose text is the same, so the stamp of the compiled files says little; the executor is always written.
  const web = WEB.map((file) => join(ROOT, 'dist/web', file));
  if (!existsSync(outputs[0] ?? '') || isOlder(outputs.slice(1), sources)) build();
  // The page imports a few files of src/, but what makes it stale is its own.
  else if (isOlder(web, filesBelow(join(ROOT, 'web')))) build('web');
  // Whoever names files or tests waits for the models of these only.
  if (process.argv.slice(2).every((word) => word === 'run' || word.startsWith('-'))) await buildModels();
}

/** In two processes, one for each flavour. */
async function buildModels(): Promise<void> {
  const folders = ['examples', 'test/models', 'test/compare/fixtures'];
  const found = folders.flatMap((dir) => filesBelow(join(ROOT, dir)));
  // One test file alone is interested in the gallery.
  const shared = found.filter((file) => file.endsWith('.ts') && !file.includes('gallery'));
  const small = [...shared, join(ROOT, 'bench/models/exhaust.ts')];
  const flavours = ['fast', 'exact'] as const;
  const lists = flavours.map((flavour) =>
    [join(ROOT, 'assembly/models/iommu/index.ts'), ...small].map((file) => `${flavour}:${file}`),
  );
  await Promise.all(
    lists.map((list) => {
      const child = spawn(process.execPath, [join(ROOT, 'test/support/prebuild.mjs'), ...list], {
        cwd: ROOT,
        stdio: 'inherit',
      });
      return new Promise((done) => child.once('close', done));
    }),
  );
}

function isOlder(outputs: readonly string[], sources: readonly string[]): boolean {
  const newest = Math.max(...sources.map((file) => statSync(file).mtimeMs));
  return outputs.some((file) => !existsSync(file) || statSync(file).mtimeMs < newest);
}

function build(...args: string[]): void {
  const script = join(ROOT, 'scripts/build.mjs');
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new Error('the build failed');
}

function sayWhatIsLeftOut(): void {
  if (size().name !== 'default') return;
  const long = filesBelow(join(ROOT, 'test')).filter((file) => file.endsWith('.long.test.ts'));
  console.log(`\n${long.length} long test files (*.long.test.ts) are NOT run; HEDDLE_SIZE=ci npm test runs them too.`);
}

function filesBelow(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
