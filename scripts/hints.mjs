// Tells the engine which of the executor's branches are rare (src/build/branch-hints.ts): runs a copy of dist/executor.wasm that counts them on a
// few models, with each strategy, and writes it with hints. The same counts, and the same bytes, wherever it runs.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { countBranches, withHints } from '../dist/build/branch-hints.js';
import { buildModel } from '../dist/build/index.js';
import { Executor } from '../dist/executor/executor.js';
import { EXECUTION_PAGES } from '../dist/executor/instance.js';
import { STRATEGIES } from '../dist/executor/layout.js';

/** No benchmark is among them. */
const MODELS = ['examples/bank.ts', 'examples/abba.ts', 'examples/gallery/cve-2016-1973.ts'];
const EXECUTIONS = 400;
const PAGE = 65_536;
/** Memory for the counters. */
const COUNTER_PAGES = 2;

const root = new URL('../', import.meta.url);
const file = new URL('dist/executor.wasm', root);
const bytes = new Uint8Array(readFileSync(file));
const counters = EXECUTION_PAGES * PAGE;
const counting = countBranches(bytes, counters);
const module = new WebAssembly.Module(counting.bytes);
const counts = Array.from({ length: counting.branches }, () => ({ not: 0, taken: 0 }));

for (const path of MODELS) {
  const artefact = await buildModel(fileURLToPath(new URL(path, root)));
  const { designs, scenes } = Executor.describe(artefact);
  for (const { name: design } of designs) {
    for (const { name: scene } of scenes) {
      const configuration = { design, scene };
      const executor = Executor.create({
        artefact,
        configuration,
        module,
        pages: EXECUTION_PAGES + COUNTER_PAGES,
        visibleOnly: true,
      });
      const schedule = executor.sceneSchedule();
      executor.seed(1n);
      for (const strategy of STRATEGIES) {
        executor.strategy(strategy, strategy === 'surw' ? 4 : 1, 32 * schedule.events.length);
        executor.setParent(
          schedule,
          schedule.events.map((_, slot) => ({ slot, steps: 32 })),
          0,
        );
        for (let left = EXECUTIONS; left > 0; ) {
          const done = executor.batch(left);
          if (done === 0) break;
          left -= done;
        }
      }
      counts.forEach((count, i) => {
        count.not += executor.view.u32(counters + 8 * i);
        count.taken += executor.view.u32(counters + 8 * i + 4);
      });
    }
  }
}
writeFileSync(
  file,
  withHints(bytes, (i) => counts[i]),
);
