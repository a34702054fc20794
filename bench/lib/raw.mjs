/** The executor itself, driven as a worker drives it: models, runs of a strategy, times. */
import { fileURLToPath } from 'node:url';
import { buildModel } from '../../dist/build/index.js';
import { Executor } from '../../dist/executor/executor.js';
import { CONTROL, HEAD, MEMORY } from '../../dist/executor/layout.js';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const MODELS = {
  toy: { file: 'test/models/toy.ts', scene: 'three' },
  probe: { file: 'bench/models/probe.ts', scene: 'probe' },
  depth: { file: 'bench/models/depth.ts', scene: '' },
  empty: { file: 'bench/models/empty.ts', scene: 'four' },
};

/** How often executions switch: label, decisions, bound of the gap between them. 0 decisions = the default scheduler. */
export const SWITCHES = [
  { label: '0', decisions: 0, gap: 1 },
  { label: '1', decisions: 1, gap: 16 },
  { label: '4', decisions: 4, gap: 16 },
  { label: '16', decisions: 16, gap: 8 },
  { label: 'every point', decisions: 0x7fff, gap: 1 },
];
/** The random walk's parameter: see assembly/strategies/random-walk.ts. */
export const parameterOf = ({ decisions, gap }) => (decisions << 16) | gap;
export const strategyOf = ({ decisions }) => (decisions > 0 ? 'random' : 'replay');

export const artefactOf = (name) => buildModel(`${ROOT}${MODELS[name].file}`);

/** An executor of a model, with the scene's events set. `Class`: the executor of another build. */
export function executorOf(artefact, scene, Class = Executor) {
  const executor = Class.create({ artefact, configuration: { scene } });
  executor.setEvents(executor.sceneSchedule());
  return executor;
}

function prepare(executor, switches, seed) {
  executor.view.setI32(MEMORY.CONTROL + CONTROL.deviations, 0);
  executor.strategy(strategyOf(switches), parameterOf(switches));
  executor.seed(seed);
}

/** Runs n executions; what is found counts as known from then on, as in a campaign. */
export function runRaw(executor, n) {
  for (let done = 0; done < n; ) {
    done += executor.batch(n - done);
    if (executor.interest() & 4) for (const finding of executor.result().findings) executor.acknowledge(finding);
  }
}

/** Times n executions: nanoseconds, and points, switches and unwindings. */
export function timeRaw(executor, switches, n, seed) {
  prepare(executor, switches, seed);
  return timeBatch(executor, n);
}

/** As timeRaw, under the strategy that is set. */
export function timeBatch(executor, n) {
  const before = executor.totals();
  const start = process.hrtime.bigint();
  runRaw(executor, n);
  const ns = Number(process.hrtime.bigint() - start);
  const after = executor.totals();
  const since = (field) => (after[field] - before[field]) / n;
  return { ns: ns / n, points: since('points'), switches: since('switches'), unwinds: since('unwinds') };
}

/** One line an execution, as the native program prints it: hash, points, switches, deviations, findings; then the totals. */
export function hashesRaw(executor, switches, n, seed) {
  prepare(executor, switches, seed);
  const { view } = executor;
  const word = (name) => view.i32(MEMORY.HEAD + HEAD[name]);
  const lines = [];
  for (let i = 0; i < n; i++) {
    executor.batch(1);
    const hash = view
      .u64(MEMORY.HEAD + HEAD.hash)
      .toString(16)
      .padStart(16, '0');
    lines.push(`${hash} ${word('total')} ${word('switches')} ${word('recorded')} ${word('findings')}`);
  }
  const { features } = executor.totals();
  const states = executor.view.i32(MEMORY.CONTROL + CONTROL.states); // the bits that are set, as the native program counts
  const random = executor.randomState().toString(16).padStart(16, '0');
  lines.push(`${features} ${states} ${random} ${digest(executor.coverage())}`);
  return lines;
}

/** FNV-1a, as in native/run.h. */
function digest(bytes) {
  let h = 0xcbf29ce484222325n;
  for (const byte of bytes) h = BigInt.asUintN(64, (h ^ BigInt(byte)) * 0x100000001b3n);
  return h.toString(16).padStart(16, '0');
}
