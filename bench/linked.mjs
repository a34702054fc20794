// node bench/linked.mjs: what a long campaign gains by running executor and model as one module. docs/benchmarks.md.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { buildModel } from '../dist/build/index.js';
import { Executor } from '../dist/executor/executor.js';
import { executorBytes } from '../dist/executor/instance.js';
import { link } from '../dist/link/link.js';
import { train } from '../dist/link/training.js';
import { flagsOf, wholeNumber } from './lib/flags.mjs';
import { onOneProcessor } from './lib/one-processor.mjs';
import { ROOT, timeBatch } from './lib/raw.mjs';
import { median, round, table } from './lib/stats.mjs';
import { THREAD_LIMITS } from './lib/thread.mjs';

const IOMMU = 'assembly/models/iommu/index.ts';
const SUBJECTS = [
  { name: 'toy', file: 'test/models/toy.ts', configuration: { scene: 'three' } },
  { name: 'probe', file: 'bench/models/probe.ts', configuration: { scene: 'probe' } },
  { name: 'iommu v6.6 walk-client', file: IOMMU, configuration: { design: 'v6.6', scene: 'walk-client' } },
  { name: 'iommu v6.6 full', file: IOMMU, configuration: { design: 'v6.6', scene: 'full' } },
];
const STRATEGIES = ['random', 'pos', 'surw', 'mutation'];
const HELP = `node bench/linked.mjs [flags]
  --rounds N   slices of each, in turn; 9 by default
  --markdown   the table of docs/benchmarks.md
  --json       one JSON document on stdout`;
const SLICE_MS = 60;
/** Slices before those that count: the engine compiles what is hot anew, and large functions take it seconds. */
const WARM_SLICES = 40;

/** Sets both to the same executions. */
function start(executor, strategy, seed) {
  const schedule = executor.sceneSchedule();
  executor.seed(BigInt(seed));
  executor.strategy(strategy, strategy === 'surw' ? 4 : 0, 32 * schedule.events.length);
  const steps = schedule.events.map((_, slot) => ({ slot, steps: 32 }));
  executor.setParent(schedule, steps, 0);
}

function compare(two, one, strategy, rounds) {
  for (const executor of [two, one]) start(executor, strategy, 1);
  const n = Math.max(20, Math.round((SLICE_MS * 1e6) / timeBatch(two, 200).ns));
  for (let i = 0; i < WARM_SLICES; i++) for (const executor of [two, one]) timeBatch(executor, n);
  const samples = Array.from({ length: rounds }, (_, r) => {
    const [before, after] = [two, one].map((executor) => {
      start(executor, strategy, r + 2);
      return timeBatch(executor, n).ns;
    });
    return { before, after, ratio: after / before };
  });
  const of = (field) => median(samples.map((sample) => sample[field]));
  return { strategy, ns: round(of('before'), 0), linkedNs: round(of('after'), 0), ratio: round(of('ratio'), 3) };
}

const secondsSince = (begin) => round((performance.now() - begin) / 1000, 1);

async function measure({ rounds }) {
  const linked = new Map();
  const rows = [];
  for (const { name, file, configuration } of SUBJECTS) {
    const artefact = await buildModel(`${ROOT}${file}`);
    if (!linked.has(file)) {
      const begin = performance.now();
      linked.set(file, { bytes: await link(executorBytes(), artefact.wasm), linkSeconds: secondsSince(begin) });
    }
    const { bytes, linkSeconds } = linked.get(file);
    const begin = performance.now();
    const trained = train(bytes, artefact, [configuration]);
    const trainSeconds = secondsSince(begin);
    const module = await WebAssembly.compile(trained);
    for (const strategy of STRATEGIES) {
      const [two, one] = [0, 1].map(() => Executor.create({ artefact, configuration }));
      one.relink(module);
      const cost = { linkSeconds, trainSeconds, kilobytes: Math.round(trained.length / 1024) };
      rows.push({ subject: name, ...compare(two, one, strategy, rounds), ...cost });
    }
  }
  return rows;
}

function render(rows, markdown) {
  return table(
    [
      ['', 'strategy', 'ns/execution', 'linked', 'linked ÷ two modules', 'linking, s', 'training, s', 'KiB'],
      ...rows.map((row) => [
        row.subject,
        row.strategy,
        row.ns,
        row.linkedNs,
        row.ratio.toFixed(2),
        row.linkSeconds,
        row.trainSeconds,
        row.kilobytes,
      ]),
    ],
    markdown,
  );
}

if (isMainThread) {
  const flag = { type: 'boolean', default: false };
  const values = flagsOf({ rounds: { type: 'string', default: '9' }, markdown: flag, json: flag, help: flag });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    process.exit(0);
  }
  const rounds = wholeNumber(values, 'rounds');
  const worker = new Worker(new URL(import.meta.url), { workerData: { rounds }, resourceLimits: THREAD_LIMITS });
  worker.on('message', (rows) => {
    if (values.json) process.stdout.write(`${JSON.stringify({ schema: 'heddle.linked/1', rows })}\n`);
    else process.stdout.write(`${render(rows, values.markdown)}\n`);
  });
} else {
  parentPort.postMessage(await onOneProcessor(() => measure(workerData)));
}
