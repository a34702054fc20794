/** Executions until the first finding by one strategy alone in a bare executor, for programs that compare ways of sampling. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { buildModel } from '../../dist/build/index.js';
import { Executor } from '../../dist/executor/executor.js';
import { provisionalSymptom } from '../../dist/findings/facts.js';
import { PROGRAMS } from '../sctbench/programs.mjs';
import { seedOf } from '../sctbench/trials.mjs';
import { flagsOf, wholeNumber } from './flags.mjs';
import { ROOT } from './raw.mjs';
import { median, round, table } from './stats.mjs';
import { THREAD_LIMITS } from './thread.mjs';

const NAMES = ['reorder_5', 'twostage', 'wronglock_3', 'bluetooth_driver', 'WorkStealQueue'];
/** Programs of SCTBench at C, and symptoms of a scene of the IOMMU model. */
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

/** `limit` if there is none by then. `visibleOnly`: it decides before these only. */
function trial(artefact, subject, { strategy, parameter, visibleOnly }, seed, limit) {
  const { design, scene, kinds, symptom } = subject;
  const executor = Executor.create({ artefact, configuration: { design, scene }, visibleOnly });
  const start = () => {
    executor.strategy(strategy, parameter);
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

async function measure(samplers, { trials, limit }) {
  const rows = [];
  for (const subject of SUBJECTS) {
    const artefact = await buildModel(`${ROOT}${subject.file}`);
    const bySampler = samplers.map((sampler) => {
      const list = Array.from({ length: trials }, (_, i) => trial(artefact, subject, sampler, seedOf(i), limit));
      const mean = round(list.reduce((sum, n) => sum + n, 0) / list.length, 1);
      return { ...sampler, mean, median: median(list), missed: list.filter((n) => n === limit).length };
    });
    rows.push({ subject: subject.name, bySampler });
  }
  return rows;
}

const cell = ({ mean, median: m, missed }) => `${mean} / ${m}${missed > 0 ? ` (${missed} missed)` : ''}`;

/**
 * The command of the program at `url`, which is run again in a thread. Each of `samplers` has `name` (its column's), `strategy`, `parameter` and
 * `visibleOnly`. `present` makes the document of `--json` from `trials`, `limit` and `rows`.
 */
export async function firstFindingCommand(url, samplers, present) {
  if (!isMainThread) return parentPort.postMessage(await measure(samplers, workerData));
  const help = `node bench/${url.split('/').at(-1)} [flags]
  --trials N      with seeds of their own; 40 by default
  --max-execs N   executions of a trial at most; 1000 by default
  --markdown      the table of the documentation
  --json          one JSON document on stdout`;
  const text = (value) => ({ type: 'string', default: String(value) });
  const flag = { type: 'boolean', default: false };
  const values = flagsOf({ trials: text(40), 'max-execs': text(1000), markdown: flag, json: flag, help: flag });
  if (values.help) return console.log(help);
  const [trials, limit] = [wholeNumber(values, 'trials'), wholeNumber(values, 'max-execs', 2)];
  const worker = new Worker(new URL(url), { workerData: { trials, limit }, resourceLimits: THREAD_LIMITS });
  worker.on('message', (rows) => {
    if (values.json) return console.log(JSON.stringify(present({ trials, limit, rows })));
    const body = rows.map(({ subject, bySampler }) => [subject, ...bySampler.map(cell)]);
    return console.log(table([['mean / median', ...samplers.map(({ name }) => name)], ...body], values.markdown));
  });
}
