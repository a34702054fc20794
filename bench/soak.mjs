/**
 * Whether a long campaign stays flat: memory, speed, and the size of its folder.
 *
 *   node bench/soak.mjs [--minutes 30] [--model iommu] [--scene full] [--design <name>] [--jobs 2] [--out <dir>]
 *
 * stdout: one JSON document, then the line for the table in docs/benchmarks.md. Exit code 1 if a bound is not kept. Memory is compared over the
 * last two thirds of the time (20 of 30 minutes), speed between the first and the last sixth after warm-up. A sixth is left out as warm-up.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { flagsOf, positive, wholeNumber } from './lib/flags.mjs';

const values = flagsOf({
  minutes: { type: 'string', default: '30' },
  model: { type: 'string', default: 'iommu' },
  scene: { type: 'string', default: 'full' },
  design: { type: 'string' },
  jobs: { type: 'string', default: '2' },
  out: { type: 'string' },
});
const minutes = positive(values, 'minutes');
wholeNumber(values, 'jobs');

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const out = values.out ?? mkdtempSync(join(tmpdir(), 'heddle-soak-'));
const design = values.design === undefined ? [] : ['--design', values.design];
const seconds = Math.round(minutes * 60);
const run = spawnSync(
  process.execPath,
  [
    ...[MAIN, 'fuzz', values.model, '--scene', values.scene, ...design, '-j', values.jobs, '--seed', '1'],
    ...['--max-time', `${seconds}s`, '-o', out, '--exit-zero', '--ui', 'line'],
  ],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
if (run.status !== 0) throw new Error(`the campaign ended with exit code ${run.status}`);

const samples = readFileSync(join(out, 'series.ndjson'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));
const status = JSON.parse(spawnSync(process.execPath, [MAIN, 'status', out, '--json'], { encoding: 'utf8' }).stdout);
if (values.out === undefined) rmSync(out, { recursive: true, force: true });

const end = samples.at(-1).elapsedMs;
const between = (from, to) => samples.filter(({ elapsedMs }) => elapsedMs >= from * end && elapsedMs <= to * end);
const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
const rssOf = (from, to) => median(between(from, to).map(({ rss }) => rss));
const speedOf = (from, to) => {
  const [first, last] = [between(from, to)[0], between(from, to).at(-1)];
  return ((last.executions - first.executions) * 1000) / (last.elapsedMs - first.elapsedMs);
};

const rssGrowth = rssOf(5 / 6, 1) / rssOf(1 / 3, 1 / 2) - 1;
const speedRatio = speedOf(5 / 6, 1) / speedOf(1 / 6, 1 / 3);
const folderMiB = status.bytes / 2 ** 20;
const result = {
  schema: 'heddle.soak/1',
  ...{ minutes, model: values.model, scene: values.scene, design: status.design, jobs: Number(values.jobs) },
  ...{ executions: samples.at(-1).executions, rssMiB: Math.round(samples.at(-1).rss / 2 ** 20), rssGrowth, speedRatio },
  ...{ folderMiB, corpus: status.status.corpus, features: status.status.features, findings: status.findings.length },
  holds: rssGrowth < 0.05 && speedRatio >= 0.9 && folderMiB <= 50,
};
console.log(JSON.stringify(result, null, 2));
console.log(
  `| ${minutes} min | ${values.model} ${status.design} ${values.scene} | ${values.jobs} | ${result.executions} | ${result.rssMiB} MiB | ${(rssGrowth * 100).toFixed(1)} % | ${speedRatio.toFixed(2)} | ${folderMiB.toFixed(1)} MiB |`,
);
if (!result.holds) process.exitCode = 1;
