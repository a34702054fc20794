/** Tools that sample schedules, on the same programs of SCTBench in one run: Heddle, fast-check's scheduler, Shuttle and Loom. */
import { buildModel } from '../../dist/build/index.js';
import { Executor } from '../../dist/executor/executor.js';
import { ROOT, runRaw } from '../lib/raw.mjs';
import { round, short, table } from '../lib/stats.mjs';
import { PROGRAMS } from '../sctbench/programs.mjs';
import { summarize } from '../sctbench/summary.mjs';
import { runSeries } from '../sctbench/trials.mjs';
import { runFastCheck } from './fast-check.mjs';
import { buildRust, runRust } from './rust.mjs';

/** Small enough for Loom, and with a bug that asynchronous JavaScript can have. */
const NAMES = ['reorder_3', 'reorder_5', 'twostage', 'lazy01', 'bluetooth_driver'];
const EXECUTIONS_MAX = 20_000;

/** The walk that may switch at every point, as the others do. */
const EVERY_POINT = 1;
const SLICE = 2_000;

async function rateOf(program, ms) {
  const { wasm, manifest } = await buildModel(`${ROOT}${program.model}`);
  const executor = Executor.create({
    artefact: { wasm, manifest },
    configuration: { design: 'buggy', scene: program.scenes.A },
  });
  executor.setEvents(executor.sceneSchedule());
  executor.strategy('random', EVERY_POINT);
  executor.seed(42n);
  runRaw(executor, SLICE);
  const begin = performance.now();
  let done = 0;
  for (; performance.now() - begin < ms; done += SLICE) runRaw(executor, SLICE);
  return Math.round((done * 1000) / (performance.now() - begin));
}

async function runHeddle(trials, rateMs) {
  const programs = PROGRAMS.filter(({ name }) => NAMES.includes(name));
  const series = programs.map(({ model, scenes, kinds }) => ({
    model,
    scene: scenes.A,
    kinds,
    strategy: 'portfolio',
    limit: { executions: EXECUTIONS_MAX, ms: null },
  }));
  const results = await runSeries(series, trials, 1); // one thread, as the others
  const out = [];
  for (const [i, program] of programs.entries()) {
    const execsPerSecond = await rateOf(program, rateMs);
    out.push({ tool: 'Heddle', program: program.name, results: results[i], execsPerSecond });
  }
  return out;
}

/** `say` is told what is skipped, and why. */
export async function measureSamplers({ trials, rateMs }, say) {
  const rows = await runHeddle(trials, rateMs);
  rows.push(...(await runFastCheck(trials, EXECUTIONS_MAX, rateMs)));
  const { obstacle, program } = buildRust();
  if (obstacle) say(`\nSHUTTLE AND LOOM ARE SKIPPED: ${obstacle}\n`);
  else rows.push(...runRust(program, trials, EXECUTIONS_MAX, rateMs));
  return {
    trials,
    executionsMax: EXECUTIONS_MAX,
    rustObstacle: obstacle || null,
    rows: rows.map(({ tool, program: name, results, execsPerSecond }) => ({
      tool,
      program: name,
      execsPerSecond,
      ...summarize(results),
    })),
  };
}

export function renderSamplers({ trials, executionsMax, rustObstacle, rows }, markdown) {
  const head = ['', 'tool', 'found', 'executions, mean', 'median', 'seconds, median', 'executions/s'];
  const order = [...rows].sort((a, b) => NAMES.indexOf(a.program) - NAMES.indexOf(b.program));
  const body = order.map((row) => [
    row.program,
    row.tool,
    `${row.found}/${row.trials}`,
    row.mean === null ? null : round(row.mean, 1),
    row.median,
    row.seconds === null ? null : round(row.seconds.median, 4),
    short(row.execsPerSecond),
  ]);
  const title = `The first bug: ${trials} trials of at most ${executionsMax.toLocaleString('en')} executions`;
  return [
    markdown ? `### ${title}\n` : title,
    ...(rustObstacle ? [`SHUTTLE AND LOOM ARE SKIPPED: ${rustObstacle}.`, ''] : []),
    table([head, ...body], markdown),
  ].join('\n');
}
