// npm run bench:full: executions to the first finding of each symptom in scene `full` of the IOMMU model, by the default strategy and by random
// walk. Executions are the same in every run of the command. docs/benchmarks.md.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { buildModel } from '../dist/build/index.js';
import { CAMPAIGN_STRATEGIES } from '../dist/campaign/types.js';
import { Executor } from '../dist/executor/executor.js';
import { flagsOf, listOf, oneOf, wholeNumber } from './lib/flags.mjs';
import { seedOf } from './sctbench/trials.mjs';
import { ROOT } from './lib/raw.mjs';
import { median, round, table } from './lib/stats.mjs';
import { THREAD_LIMITS } from './lib/thread.mjs';

const MODEL = 'assembly/models/iommu/index.ts';
const HELP = `node bench/full.mjs [flags]
  --designs LIST     by commas; v6.6 by default
  --symptoms LIST    by commas; S1,S3,S4 by default
  --strategies LIST  by commas; portfolio,random by default
  --scene NAME       full by default
  --trials N         of each, with seeds of their own; 5 by default
  --max-execs N      executions of a trial at most; 200000 by default
  --jobs N           threads; as many as there are processors by default
  --json             one JSON document on stdout`;
const say = (text) => process.stderr.write(`${text}\n`);

async function artefacts() {
  const [fast, exact] = [
    await buildModel(`${ROOT}${MODEL}`),
    await buildModel(`${ROOT}${MODEL}`, { flavour: 'exact' }),
  ];
  const plain = ({ wasm, manifest }) => ({ wasm, manifest });
  return { fast: plain(fast), exact: plain(exact), model: MODEL };
}

/** The trials' results, in their order. */
async function runAll(trials, jobs, workerData) {
  const results = [];
  let next = 0;
  const serve = () =>
    new Promise((resolve, reject) => {
      const options = { workerData, resourceLimits: THREAD_LIMITS };
      const worker = new Worker(new URL('lib/symptoms-worker.mjs', import.meta.url), options);
      let current = -1;
      const give = () => {
        current = next++;
        if (current >= trials.length) return worker.terminate().then(resolve, reject);
        return worker.postMessage(trials[current]);
      };
      worker.on('message', ({ found, error }) => {
        if (error) return reject(new Error(error));
        results[current] = found;
        const { design, strategy } = trials[current];
        say(`${design}, ${strategy}: ${JSON.stringify(found)}`);
        return give();
      });
      worker.on('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: Math.min(jobs, trials.length) }, serve));
  return results;
}

/** A trial that missed counts as the limit in the median: the least that it can be. */
function rowsOf(trials, results, { designs, strategies, symptoms, executions }) {
  return designs.flatMap((design) =>
    symptoms.flatMap((symptom) => {
      const byStrategy = Object.fromEntries(
        strategies.map((strategy) => {
          const of = results.filter((_, i) => trials[i].design === design && trials[i].strategy === strategy);
          const list = of.map((found) => found[symptom]);
          const found = list.filter((n) => n !== null).length;
          return [strategy, { found, trials: list.length, median: median(list.map((n) => n ?? executions)), list }];
        }),
      );
      return Object.values(byStrategy).some(({ found }) => found > 0) ? [{ design, symptom, byStrategy }] : [];
    }),
  );
}

function render(rows, strategies) {
  const [first, second] = strategies;
  const cell = ({ found, trials, median: m }) => `${m}${found < trials ? ` (${found}/${trials})` : ''}`;
  const body = rows.map(({ design, symptom, byStrategy }) => [
    design,
    symptom,
    ...strategies.map((strategy) => cell(byStrategy[strategy])),
    ...(second ? [round(byStrategy[first].median / byStrategy[second].median, 2)] : []),
  ]);
  return table([['design', 'symptom', ...strategies, ...(second ? [`${first} ÷ ${second}`] : [])], ...body], false);
}

const text = (value) => ({ type: 'string', default: String(value) });
const flag = { type: 'boolean', default: false };
const values = flagsOf({
  ...{ designs: text('v6.6'), symptoms: text('S1,S3,S4'), strategies: text('portfolio,random'), scene: text('full') },
  ...{ trials: text(5), 'max-execs': text(200_000), jobs: text(availableParallelism()), json: flag, help: flag },
});
if (values.help) console.log(HELP);
else {
  const symptoms = values.symptoms.split(',');
  const strategies = listOf(values, 'strategies', CAMPAIGN_STRATEGIES);
  const [count, jobs] = [wholeNumber(values, 'trials'), wholeNumber(values, 'jobs')];
  const executions = wholeNumber(values, 'max-execs');
  const built = await artefacts();
  const described = Executor.describe(built.fast);
  const named = (list) => list.map(({ name }) => name);
  const designs = listOf(values, 'designs', named(described.designs));
  oneOf(values, 'scene', named(described.scenes));
  const trials = designs.flatMap((design) =>
    strategies.flatMap((strategy) =>
      Array.from({ length: count }, (_, trial) => {
        return { design, scene: values.scene, strategy, symptoms, seed: seedOf(trial), executions };
      }),
    ),
  );
  const results = await runAll(trials, jobs, built);
  const rows = rowsOf(trials, results, { designs, strategies, symptoms, executions });
  console.log(
    values.json
      ? JSON.stringify({ schema: 'heddle.full/1', scene: values.scene, executions, rows }, null, 2)
      : render(rows, strategies),
  );
}
