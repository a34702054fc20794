// `npm start`: finds a known bug of the Linux IOMMU probe path, replays it, and shows that the later design is free of it.
// Exits 0 when all of that happens. Runs the command line as a user would.
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const main = path.join(root, 'dist/cli/main.js');
const scene = ['--scene', 'walk-client', '--ui', 'line'];
const FINDING = 3;

if (!existsSync(main)) fail('dist/ is missing: run “npm run build”');
// Stays, so that the commands that are printed can be pasted.
const folder = path.join('heddle-out', 'demo');
rmSync(path.join(root, folder), { recursive: true, force: true });
await demo();

async function demo() {
  say(
    '1. Linux v6.6: a driver of a client is bound while the IOMMU driver walks the bus. Is anything wrong with the memory?',
  );
  const old = path.join(folder, 'v6.6');
  const first = await heddle(
    'fuzz',
    'iommu',
    '--design',
    'v6.6',
    ...scene,
    '--oracles',
    'use-after-free,null-dereference',
    '--max-time',
    '30s',
    '--stop-on-first',
    '-o',
    old,
  );
  if (first.code !== FINDING) fail('the known bug of v6.6 was not found');
  const command = first.lines.map((line) => /heddle (replay .*)$/.exec(line)?.[1]).find(Boolean);
  if (!command) fail('no command to paste was printed');

  say('2. The command that it printed, pasted, five times over in fresh executors:');
  const again = await heddle(...command.split(' '), '--verify', '5');
  if (again.code !== FINDING) fail('the finding did not reproduce');

  say('3. Linux v6.7 extends the lock over the firmware path. The same scene, the same question:');
  const second = await heddle(
    'fuzz',
    'iommu',
    '--design',
    'v6.7',
    ...scene,
    '--oracles',
    'memory',
    '--max-time',
    '5s',
    '-o',
    path.join(folder, 'v6.7'),
  );
  if (second.code !== 0) fail('something was found in v6.7');
  const executions = / in ([\d,]+) executions/.exec(second.lines.join('\n'))?.[1] ?? '?';
  say(
    `v6.6 has the bug, and the schedule above shows it every time. In v6.7 no memory finding came in ${executions} executions.`,
  );
}

/** Runs a command, shows what it prints, and answers its exit code and the lines of its result. */
function heddle(...args) {
  console.log(`\n$ heddle ${args.join(' ')}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      console.log(line);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, lines }));
  });
}

function say(text) {
  console.log(`\n${text}`);
}

function fail(text) {
  console.error(`\ndemo failed: ${text}`);
  process.exit(1);
}
