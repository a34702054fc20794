// node bench/energy.mjs: which energy chooses the best parents of mutation, in executions, the same in every run. docs/benchmarks.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { buildModel } from '../dist/build/index.js';
import { runCampaign } from '../dist/campaign/campaign.js';
import { ENERGIES } from '../dist/campaign/energy.js';
import { DEFAULT_LIMITS } from '../dist/executor/executor.js';
import { flagsOf, listOf, wholeNumber } from './lib/flags.mjs';
import { ROOT } from './lib/raw.mjs';
import { round, table } from './lib/stats.mjs';
import { PROGRAMS } from './sctbench/programs.mjs';
import { seedOf } from './sctbench/trials.mjs';
import { THREAD_LIMITS } from './lib/thread.mjs';

const IOMMU = 'assembly/models/iommu/index.ts';
const SUBJECTS = [
  ...PROGRAMS.map(({ name, model, kinds, scenes }) => ({ name, model, kinds, scene: scenes.C, design: 'buggy' })),
  ...['v6.6', 'v6.7'].flatMap((design) =>
    ['walk-client', 'full'].map((scene) => ({ name: `iommu ${design} ${scene}`, model: IOMMU, scene, design })),
  ),
];
const HELP = `node bench/energy.mjs [flags]
  --subjects LIST    by commas: SCTBench's programs, at C, and iommu DESIGN SCENE:
                     ${SUBJECTS.map(({ name }) => name).join(', ')}
  --energies LIST    by commas; ${ENERGIES.join(',')} by default
  --strategies LIST  by commas; mutation by default
  --trials N         of each, with seeds of their own; 10 by default
  --max-execs N      executions of a trial; 40000 by default
  --markdown         the table of docs/strategies.md
  --json             one JSON document on stdout`;

/** What a campaign has in the end, and executions to the first and to the last of its findings (null: none). */
async function run({ subject, artefact, energy, strategy, seed, executions }) {
  const { model, design, scene, kinds } = subject;
  const outDir = mkdtempSync(join(tmpdir(), 'heddle-energy-'));
  const options = {
    ...{ modelArgument: model, artefact, design, scene, options: {}, jobs: 0, seed, strategy, energy },
    ...{ maxTimeMs: null, maxExecutions: executions, stopOnFirst: false, deterministic: true },
    ...{ oracles: null, outDir, minimize: false, hangMs: 60_000 },
    ...{ stepLimit: DEFAULT_LIMITS.steps, fuelLimit: DEFAULT_LIMITS.fuel },
  };
  let [first, last] = [null, null];
  const finding = (record) => {
    if (kinds && !kinds.includes(record.kind)) return;
    first ??= record.executions;
    last = record.executions;
  };
  try {
    const { features, findings, states } = await runCampaign(options, { finding }, new AbortController().signal);
    return { features, findings, states, first, last };
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

/** All trials one after the other, in a thread with the stack of src/campaign/pool.ts: lazily run tasks lie on one native stack. */
function runAll(trials) {
  const results = [];
  return new Promise((resolve, reject) => {
    const options = { workerData: trials, resourceLimits: THREAD_LIMITS };
    const worker = new Worker(new URL(import.meta.url), options);
    worker.on('error', reject);
    worker.on('exit', () => resolve(results));
    worker.on('message', (result) => {
      const { subject, strategy, energy } = trials[results.length];
      results.push(result);
      const what = `${results.length}/${trials.length} ${subject.name}, ${strategy}, ${energy}`;
      process.stderr.write(`${what}: ${JSON.stringify(result)}\n`);
    });
  });
}

const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length;
const geometricMean = (list) => Math.exp(mean(list.map(Math.log)));

/** A trial without a finding counts as its limit, the least that it can be. */
function rowOf(results, executions) {
  const all = (field) => results.map((result) => result[field] ?? executions);
  return {
    ...{ trials: results.length, found: results.filter(({ first }) => first !== null).length },
    ...{ features: mean(all('features')), findings: mean(all('findings')), states: mean(all('states')) },
    ...{ first: geometricMean(all('first')), last: geometricMean(all('last')) },
    results,
  };
}

function render(rows, markdown) {
  const head = ['', 'strategy', 'energy', 'features', 'final states', 'findings', 'first after', 'last after', 'found'];
  const body = rows.map((row) => [
    ...[row.subject, row.strategy, row.energy, round(row.features, 1), round(row.states, 1), round(row.findings, 1)],
    ...[Math.round(row.first), Math.round(row.last), `${row.found}/${row.trials}`],
  ]);
  return table([head, ...body], markdown);
}

async function main() {
  const text = (value) => ({ type: 'string', default: String(value) });
  const flag = { type: 'boolean', default: false };
  const values = flagsOf({
    ...{ subjects: text('reorder_10,SafeStack,iommu v6.6 walk-client,iommu v6.7 walk-client') },
    ...{ energies: text(ENERGIES), strategies: text('mutation'), trials: text(10), 'max-execs': text(40_000) },
    ...{ markdown: flag, json: flag, help: flag },
  });
  if (values.help) return console.log(HELP);
  const names = listOf(
    values,
    'subjects',
    SUBJECTS.map(({ name }) => name),
  );
  const energies = listOf(values, 'energies', ENERGIES);
  const strategies = listOf(values, 'strategies', ['mutation', 'portfolio']);
  const subjects = SUBJECTS.filter(({ name }) => names.includes(name));
  const [executions, count] = [wholeNumber(values, 'max-execs'), wholeNumber(values, 'trials')];
  const artefacts = {};
  for (const { model } of subjects) {
    if (artefacts[model]) continue;
    const { wasm, manifest } = await buildModel(`${ROOT}${model}`);
    artefacts[model] = { wasm, manifest };
  }
  const seeds = Array.from({ length: count }, (_, trial) => seedOf(trial));
  const keys = subjects.flatMap((subject) =>
    strategies.flatMap((strategy) => energies.map((energy) => ({ subject, strategy, energy }))),
  );
  const results = await runAll(
    keys.flatMap((key) => seeds.map((seed) => ({ ...key, artefact: artefacts[key.subject.model], seed, executions }))),
  );
  const rows = keys.map(({ subject, strategy, energy }, i) => ({
    ...{ subject: subject.name, strategy, energy },
    ...rowOf(results.slice(i * seeds.length, (i + 1) * seeds.length), executions),
  }));
  if (values.json) console.log(JSON.stringify({ schema: 'heddle.energy/1', executions, rows }, null, 2));
  else console.log(render(rows, values.markdown));
}

if (isMainThread) await main();
else for (const trial of workerData) parentPort.postMessage(await run(trial));
