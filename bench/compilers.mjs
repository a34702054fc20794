// node bench/compilers.mjs: how much of the distance to native C is the engine's, and how much the program's. docs/benchmarks.md.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { executorBytes } from '../dist/executor/instance.js';
import { link } from '../dist/link/link.js';
import { train } from '../dist/link/training.js';
import { flagsOf, wholeNumber } from './lib/flags.mjs';
import { GccModule, gccModuleObstacle } from './lib/gcc-module.mjs';
import { GCC_FLAGS, Native, nativeObstacle } from './lib/native.mjs';
import { onOneProcessor } from './lib/one-processor.mjs';
import { artefactOf, executorOf, MODELS, SWITCHES, timeRaw } from './lib/raw.mjs';
import { median, round, table } from './lib/stats.mjs';
import { THREAD_LIMITS } from './lib/thread.mjs';

const HELP = `node bench/compilers.mjs [flags]
  --rounds N   slices of each, in turn; 11 by default
  --quick      one short slice of each, to try it out
  --markdown   the table of docs/benchmarks.md
  --json       one JSON document on stdout`;
const SLICE_MS = 60;
const QUICK = { rounds: 1, sliceMs: 5 };
const WARM_UP = 20_000;
const SEED = 42n;

/** V8's module has hints of which branches are rare (`train`), as in a long campaign. */
async function measureModel(name, { rounds, sliceMs }) {
  const artefact = await artefactOf(name);
  const { scene } = MODELS[name];
  const linked = await link(executorBytes(), artefact.wasm);
  const byGcc = await GccModule.build(linked, GCC_FLAGS);
  const native = Native.build(name, executorOf(artefact, scene));
  const byV8 = executorOf(artefact, scene);
  byV8.relink(await WebAssembly.compile(train(byGcc.wasm, artefact, [{ scene }])));
  const rows = [];
  try {
    for (const switches of SWITCHES) {
      timeRaw(byV8, switches, WARM_UP, SEED);
      const n = Math.max(1000, Math.round((sliceMs * 1e6) / timeRaw(byV8, switches, WARM_UP, SEED).ns));
      await native.time(switches, n, SEED);
      const samples = { native: [], gcc: [], v8: [], program: [], engine: [] };
      for (let r = 1; r <= rounds; r++) {
        const seed = SEED + BigInt(r);
        timeRaw(byV8, switches, 1, seed); // sets strategy and seed
        await byGcc.load(byV8);
        await byGcc.time(1000); // the processor knows neither the code nor the data yet
        const [theirs, same, ours] = [
          await native.time(switches, n, seed),
          await byGcc.time(n),
          timeRaw(byV8, switches, n, seed),
        ];
        if (switches.decisions === 0 && same.points !== ours.points)
          throw new Error(`${name}: the compilers passed different points`);
        samples.native.push(theirs.ns);
        samples.gcc.push(same.ns);
        samples.v8.push(ours.ns);
        samples.program.push(theirs.ns / same.ns);
        samples.engine.push(same.ns / ours.ns);
      }
      const of = (field, digits) => round(median(samples[field]), digits);
      rows.push({
        ...{ model: name, switches: switches.label },
        ...{
          nativeNs: of('native', 0),
          gccNs: of('gcc', 0),
          v8Ns: of('v8', 0),
          program: of('program', 3),
          engine: of('engine', 3),
        },
      });
    }
  } finally {
    byGcc.close();
    native.close();
  }
  return rows;
}

async function measure(options) {
  const obstacle = nativeObstacle() || gccModuleObstacle();
  if (obstacle) return { obstacle, rows: [] };
  return { obstacle: null, rows: [...(await measureModel('toy', options)), ...(await measureModel('probe', options))] };
}

function render({ obstacle, rows }, markdown) {
  if (obstacle) return `NOT MEASURED: ${obstacle}`;
  const head = ['', 'switches', 'native C', 'module by gcc', 'module by V8', 'native ÷ gcc', 'gcc ÷ V8'];
  const body = rows.map((r) => [
    r.model,
    r.switches,
    r.nativeNs,
    r.gccNs,
    r.v8Ns,
    r.program.toFixed(2),
    r.engine.toFixed(2),
  ]);
  return table([head, ...body], markdown);
}

if (isMainThread) {
  const flag = { type: 'boolean', default: false };
  const values = flagsOf({
    rounds: { type: 'string', default: '11' },
    quick: flag,
    markdown: flag,
    json: flag,
    help: flag,
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    process.exit(0);
  }
  const options = values.quick ? QUICK : { rounds: wholeNumber(values, 'rounds'), sliceMs: SLICE_MS };
  const worker = new Worker(new URL(import.meta.url), { workerData: options, resourceLimits: THREAD_LIMITS });
  worker.on('message', (measured) => {
    if (values.json) process.stdout.write(`${JSON.stringify({ schema: 'heddle.compilers/1', ...measured })}\n`);
    else process.stdout.write(`${render(measured, values.markdown)}\n`);
  });
} else {
  parentPort.postMessage(await onOneProcessor(() => measure(workerData)));
}
