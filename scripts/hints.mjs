// Tells the engine which branches of the executors are rare (src/build/branch-hints.ts): copies that count them run a few models, with each
// strategy or in a search, and the files in dist/ are written with hints. What no model does has no hint. The same counts and bytes wherever it runs.
// `hints.mjs FILE…`: these executors alone.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BranchCounts, countBranches, withHints } from '../dist/build/branch-hints.js';
import { buildModel } from '../dist/build/index.js';
import { Executor } from '../dist/executor/executor.js';
import { EXECUTION_PAGES } from '../dist/executor/instance.js';
import { Search, UNBOUNDED } from '../dist/executor/search.js';
import { Visited } from '../dist/executor/visited.js';
import { exercise } from '../dist/link/training.js';

const root = new URL('../', import.meta.url);
/** No benchmark is among them. */
const MODELS = ['examples/bank.ts', 'examples/abba.ts', 'examples/gallery/cve-2016-1973.ts'];
const EXECUTIONS = 400;
/** Memory for the counters. */
const COUNTER_PAGES = 2;
const PAGE = 65_536;
const PATH_BYTES = 4 << 20;
const VISITED_LOG2 = 16;

/** Each design and scene of the models. */
async function* configurations(flavour) {
  for (const path of MODELS) {
    const artefact = await buildModel(fileURLToPath(new URL(path, root)), { flavour });
    const { designs, scenes } = Executor.describe(artefact);
    for (const { name: design } of designs) {
      for (const { name: scene } of scenes) yield { artefact, configuration: { design, scene } };
    }
  }
}

/** Executions by each strategy. Answers the executor, whose memory has the counters. */
function execute(configured, module) {
  const pages = EXECUTION_PAGES + COUNTER_PAGES;
  const executor = Executor.create({ ...configured, module, pages, visibleOnly: true });
  exercise(executor, EXECUTIONS);
  return executor;
}

/** Searches with and without reduction; the counters lie at the end, where only edges would be kept. */
const searching = (costly) =>
  function* search(configured, module) {
    for (const reduce of [true, false]) {
      const visited = Visited.create(VISITED_LOG2, false);
      const more = { module, visited, pathBytes: PATH_BYTES, reduce, costly, bounds: UNBOUNDED };
      const one = new Search({ ...configured, ...more });
      if (module) exhaust(one, visited);
      yield one.executor;
    }
  };

function exhaust(search, visited) {
  search.learn();
  search.start();
  for (let event = search.run(5_000); event !== 'finished'; event = search.run(5_000)) {
    if (event === 'finding') search.violations();
    else if (event === 'order') search.schedule();
    else if (event === 'restart') {
      visited.clear(VISITED_LOG2, false);
      search.start();
    } else if (event !== 'more') throw new Error(`the search ended with ${event}`);
  }
}

/** Where the counters of `run` are: in the last pages of its memory. */
async function countersOf(flavour, run) {
  const { value } = await configurations(flavour).next();
  const [executor] = run(value, undefined);
  return executor.view.bytes.length - COUNTER_PAGES * PAGE;
}

const EXECUTORS = {
  'executor.wasm': { flavour: 'fast', run: (...args) => [execute(...args)] },
  'executor-search.wasm': { flavour: 'exact', run: searching(false) },
  'executor-search-oracles.wasm': { flavour: 'exact', run: searching(true) },
};

const named = process.argv.slice(2);
for (const [name, { flavour, run }] of Object.entries(EXECUTORS)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const file = new URL(`dist/${name}`, root);
  const bytes = new Uint8Array(readFileSync(file));
  const counters = await countersOf(flavour, run);
  const counting = countBranches(bytes, counters);
  const module = new WebAssembly.Module(counting.bytes);
  const counts = new BranchCounts(counting.branches, counters);
  for await (const configured of configurations(flavour)) {
    for (const { view } of run(configured, module)) counts.add(view);
  }
  writeFileSync(
    file,
    withHints(bytes, (i) => counts.of(i)),
  );
}
