/**
 * Workers and the command line run from dist/, so what is stale of it is built before the tests. So are the models that many test
 * files share, if all of them are to run.
 */
import { fork, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { size } from './support/size.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Answers what is to be done after the tests. */
export default async function setup(project: TestProject): Promise<() => void> {
  sayWhatIsLeftOut();
  const temporary = mkdtempSync(join(tmpdir(), 'heddle-tests-'));
  project.provide('temporary', temporary);
  build();
  // Whoever names files or tests waits for the models of these only.
  if (process.argv.slice(2).every((word) => word === 'run' || word.startsWith('-'))) await buildModels();
  return () => rmSync(temporary, { recursive: true, force: true });
}

/** In two processes, each of which takes the next model when it has built one. The large model comes first, a flavour each. */
async function buildModels(): Promise<void> {
  const folders = ['examples', 'test/models', 'test/compare/fixtures'];
  const found = folders.flatMap((dir) => filesBelow(join(ROOT, dir)));
  // One test file alone is interested in the gallery.
  const shared = found.filter((file) => file.endsWith('.ts') && !file.includes('gallery'));
  const others = ['bench/models/exhaust.ts', 'bench/sctbench/programs/reorder.ts'].map((file) => join(ROOT, file));
  const everywhere = ['examples/abba.ts', 'examples/bank.ts', 'test/models/vacuous.ts'].map((file) => join(ROOT, file));
  const flavours = ['fast', 'exact'];
  const left = [
    ...flavours.map((flavour) => ({ path: join(ROOT, 'assembly/models/iommu/index.ts'), flavours: [flavour] })),
    ...[...shared, ...others].map((path) => ({ path, flavours, everywhere: everywhere.includes(path) })),
  ];
  const builder = (): Promise<void> => {
    // Binaryen's own code is run too little for V8's second, optimising compilation of it to pay.
    const child = fork(join(ROOT, 'test/support/prebuild.mjs'), { cwd: ROOT, execArgv: ['--liftoff-only'] });
    const next = (): void => {
      const model = left.shift();
      if (model) child.send(model);
      else child.disconnect();
    };
    child.on('message', next);
    next();
    // Not `close`: it does not come after a disconnect of ours, and then nothing would hold this process.
    return new Promise((done) => child.once('exit', () => done()));
  };
  await Promise.all([builder(), builder()]);
}

function build(): void {
  const { status } = spawnSync(process.execPath, [join(ROOT, 'scripts/build.mjs')], { cwd: ROOT, stdio: 'inherit' });
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
