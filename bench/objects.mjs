// node bench/objects.mjs: how many objects SURW should mix at a time. docs/benchmarks.md.
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { buildModel } from '../dist/build/index.js';
import { Executor } from '../dist/executor/executor.js';
import { provisionalSymptom } from '../dist/findings/facts.js';
import { ROOT } from './lib/raw.mjs';
import { median, round, table } from './lib/stats.mjs';
import { PROGRAMS } from './sctbench/programs.mjs';
import { seedOf } from './sctbench/trials.mjs';
import { THREAD_LIMITS } from './lib/thread.mjs';

const NAMES = ['reorder_5', 'twostage', 'wronglock_3', 'bluetooth_driver', 'WorkStealQueue'];
const SUBJECTS = [
  ...PROGRAMS.filter(({ name }) =>
    [...NAMES, 'InterlockedWorkStealQueue', 'stack', 'CVE-2016-1973'].includes(name),
  ).map(({ name, model, kinds, scenes }) => ({ name, file: model, design: 'buggy', scene: scenes.C, kinds })),
  ...['v6.1', 'v6.6'].flatMap((design) =>
    ['S1', 'S3', 'S4'].map((symptom) => {
      return {
        name: `full ${design} ${symptom}`,
        file: 'assembly/models/iommu/index.ts',
        design,
        scene: 'full',
        symptom,
      };
    }),
  ),
];
/** Parameters of SURW; 0: all events count. */
const OBJECTS = [1, 2, 4, 8, 32, 0];
const HELP = `node bench/objects.mjs [flags]
  --trials N      with seeds of their own; 40 by default
  --max-execs N   executions of a trial at most; 1000 by default
  --markdown      the table of docs/benchmarks.md
  --json          one JSON document on stdout`;

/** Executions until the first finding of the subject by SURW alone, `limit` if there is none by then. */
function trial(artefact, { design, scene, kinds, symptom }, objects, seed, limit) {
  const executor = Executor.create({ artefact, configuration: { design, scene } });
  const start = () => {
    executor.strategy('surw', objects);
    executor.setParent(executor.sceneSchedule(), [], 0);
  };
  executor.seed(seed);
  start();
  for (let n = 1; n < limit; n++) {
    executor.batch(1);
    const { findings, recorded, tasks } = executor.result();
    const isIt = (finding) =>
      kinds ? kinds.includes(finding.kind) : provisionalSymptom(executor, recorded, finding, tasks) === symptom;
    if (findings.some(isIt)) return n;
    // Who is asked for a symptom has had a closer look, with another schedule.
    const at = executor.randomState();
    if (findings.length > 0) start();
    executor.seed(at);
  }
  return limit;
}

async function measure({ trials, limit }) {
  const rows = [];
  for (const subject of SUBJECTS) {
    const artefact = await buildModel(`${ROOT}${subject.file}`);
    const results = OBJECTS.map((objects) =>
      Array.from({ length: trials }, (_, i) => trial(artefact, subject, objects, seedOf(i), limit)),
    );
    rows.push({
      subject: subject.name,
      byObjects: results.map((list, i) => {
        const mean = round(list.reduce((sum, n) => sum + n, 0) / list.length, 1);
        return { objects: OBJECTS[i], mean, median: median(list), missed: list.filter((n) => n === limit).length };
      }),
    });
  }
  return rows;
}

const cell = ({ mean, median: m, missed }) => `${mean} / ${m}${missed > 0 ? ` (${missed} missed)` : ''}`;
const render = (rows, markdown) =>
  table(
    [
      ['mean / median', ...OBJECTS.map((n) => (n === 0 ? 'all events' : `${n}`))],
      ...rows.map(({ subject, byObjects }) => [subject, ...byObjects.map(cell)]),
    ],
    markdown,
  );

if (isMainThread) {
  const text = (value) => ({ type: 'string', default: String(value) });
  const flag = { type: 'boolean', default: false };
  const { values } = parseArgs({
    options: { trials: text(40), 'max-execs': text(1000), markdown: flag, json: flag, help: flag },
  });
  const [trials, limit] = [Number(values.trials), Number(values['max-execs'])];
  if (values.help) console.log(HELP);
  else if (!(trials >= 1) || !(limit >= 2)) {
    console.error(`--trials is a number from 1 on, --max-execs one from 2 on\n${HELP}`);
    process.exitCode = 2;
  } else {
    const options = { workerData: { trials, limit }, resourceLimits: THREAD_LIMITS };
    const worker = new Worker(new URL(import.meta.url), options);
    worker.on('message', (rows) =>
      console.log(
        values.json
          ? JSON.stringify({ schema: 'heddle.objects/1', trials, limit, rows })
          : render(rows, values.markdown),
      ),
    );
  }
} else parentPort.postMessage(await measure(workerData));
