// node bench/overhead.mjs: what the default strategy's choosing, mutating and feedback cost beside the executions themselves. docs/benchmarks.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { buildModel } from '../dist/build/index.js';
import { runCampaign } from '../dist/campaign/campaign.js';
import { DEFAULT_LIMITS, Executor } from '../dist/executor/executor.js';
import { writeDecisions, writeEvents } from '../dist/executor/input.js';
import { CONTROL, MEMORY } from '../dist/executor/layout.js';
import { flagsOf, listOf, positive, wholeNumber } from './lib/flags.mjs';
import { onOneProcessor } from './lib/one-processor.mjs';
import { ROOT } from './lib/raw.mjs';
import { median, round, table } from './lib/stats.mjs';
import { buildWithout } from './lib/variant.mjs';
import { THREAD_LIMITS } from './lib/thread.mjs';

const SUBJECTS = {
  toy: { file: 'test/models/toy.ts', design: '', scene: 'three' },
  probe: { file: 'bench/models/probe.ts', design: '', scene: 'probe' },
  'iommu v6.6 walk-client': { file: 'assembly/models/iommu/index.ts', design: 'v6.6', scene: 'walk-client' },
  'iommu v6.6 full': { file: 'assembly/models/iommu/index.ts', design: 'v6.6', scene: 'full' },
};
const STRATEGIES = ['portfolio', 'random'];
const HELP = `node bench/overhead.mjs [flags]
  --subjects LIST   by commas: ${Object.keys(SUBJECTS).join(', ')}
  --rounds N        campaigns of each, in turn; 3 by default
  --warm N          seconds of each campaign that do not count; 2 by default
  --seconds N       that count, after those; 6 by default
  --markdown        the table of docs/benchmarks.md
  --json            one JSON document on stdout`;
/** For which schedules are run again before it is timed. */
const REPLAY_WARM_MS = 2_000;
const AIM = 0.3;
/** Schedules of a campaign that are run again, and how often each: one after the other, so that none finds the processor trained to it. */
const SAMPLES = 400;
const PASSES = 9;
/** Executions of other schedules before each. */
const OTHERS = 3;

/**
 * A campaign in this thread: nanoseconds, executions and new final states after the warm-up, and schedules that it ran. One of each batch: its
 * last.
 */
async function observe({ artefact, design, scene, strategy, seed, warmMs, ms }) {
  const { batch } = Executor.prototype;
  const seen = { executions: 0, states: 0, ns: 0, samples: [], weight: 0 };
  const states = new Map();
  const begin = process.hrtime.bigint() + BigInt(warmMs) * 1_000_000n;
  let [start, own, batches, every] = [0n, 0n, 0, 1];
  Executor.prototype.batch = function observed(n) {
    const done = batch.call(this, n);
    const at = process.hrtime.bigint();
    if (at < begin) return done;
    const total = this.totals().states;
    if (start === 0n) start = at;
    else {
      seen.executions += done;
      seen.states += total - (states.get(this) ?? total);
      seen.weight += done;
      if (done > 0 && batches++ % every === 0) {
        seen.samples.push({ schedule: this.result().recorded, weight: seen.weight });
        seen.weight = 0;
        // Every second one is enough from here on; the one that stays stands for both.
        if (seen.samples.length === 2 * SAMPLES) {
          every *= 2;
          seen.samples = seen.samples.flatMap((one, i, all) =>
            i % 2 ? [{ ...one, weight: one.weight + all[i - 1].weight }] : [],
          );
        }
      }
    }
    states.set(this, total);
    own += process.hrtime.bigint() - at;
    seen.ns = Number(at - start - own);
    return done;
  };
  const outDir = mkdtempSync(join(tmpdir(), 'heddle-overhead-'));
  const options = {
    ...{ modelArgument: '', artefact, design, scene, options: {}, jobs: 0, seed: BigInt(seed), strategy },
    ...{ maxTimeMs: warmMs + ms, maxExecutions: null, stopOnFirst: false, deterministic: false },
    ...{ oracles: null, outDir, minimize: false, hangMs: 60_000 },
    ...{ stepLimit: DEFAULT_LIMITS.steps, fuelLimit: DEFAULT_LIMITS.fuel },
  };
  try {
    await runCampaign(options, {}, new AbortController().signal);
  } finally {
    Executor.prototype.batch = batch;
    rmSync(outDir, { recursive: true, force: true });
  }
  return seen;
}

/**
 * Nanoseconds of an execution of these schedules without choosing and without coverage, weighted. `fresh`: the part of the executions that end
 * in a state which was new; only these are checked for leaks and for the invariants of the end, which are the model's oracles.
 */
function replay(executor, samples, fresh) {
  // Compiled as well as in the campaign.
  for (const end = Date.now() + REPLAY_WARM_MS; Date.now() < end; )
    for (const { schedule } of samples) executor.run(schedule);
  const [unchecked, checked] = [0, 1].map((checks) => {
    const times = samples.map(() => []);
    for (let pass = 0; pass < PASSES; pass++) {
      for (const [i, { schedule }] of samples.entries()) times[i].push(once(executor, schedule, checks));
    }
    const weights = samples.reduce((sum, { weight }) => sum + weight, 0);
    return samples.reduce((sum, { weight }, i) => sum + weight * median(times[i]), 0) / weights;
  });
  return unchecked + fresh * Math.max(0, checked - unchecked);
}

/** One execution of the schedule, in nanoseconds, less what it takes to run none. */
function once(executor, schedule, checks) {
  writeEvents(executor.view, schedule, executor.declarations);
  writeDecisions(executor.view, 'INPUT', schedule);
  // What the host did is not what an execution of a campaign comes after.
  executor.strategy('random');
  for (let done = 0; done < OTHERS; ) done += executor.batch(OTHERS - done);
  executor.strategy('replay');
  executor.view.setI32(MEMORY.CONTROL + CONTROL.checkLeaks, checks);
  const begin = process.hrtime.bigint();
  executor.batch(0);
  const none = process.hrtime.bigint();
  executor.batch(1);
  const end = process.hrtime.bigint();
  executor.view.setI32(MEMORY.CONTROL + CONTROL.checkLeaks, 0);
  return Number(end - none - (none - begin));
}

async function measure({ subjects, rounds, warm, seconds }) {
  const { Executor: Bare, remove } = await buildWithout('COVER');
  try {
    const rows = [];
    for (const name of subjects) {
      const { file, design, scene } = SUBJECTS[name];
      const artefact = await buildModel(`${ROOT}${file}`);
      const bare = Bare.create({ artefact, configuration: { design, scene } });
      const runs = Object.fromEntries(STRATEGIES.map((strategy) => [strategy, []]));
      for (let r = 1; r <= rounds; r++) {
        for (const strategy of STRATEGIES) {
          const [warmMs, ms] = [1_000 * warm, 1_000 * seconds];
          const seen = await observe({ artefact, design, scene, strategy, seed: r, warmMs, ms });
          const fresh = seen.states / seen.executions;
          const [whole, alone] = [seen.ns / seen.executions, replay(bare, seen.samples, fresh)];
          runs[strategy].push({ whole, alone, fresh, overhead: 1 - alone / whole });
        }
      }
      rows.push({
        subject: name,
        ...Object.fromEntries(
          STRATEGIES.map((strategy) => {
            const of = (field) => median(runs[strategy].map((run) => run[field]));
            return [
              strategy,
              {
                ns: round(of('whole'), 0),
                replayNs: round(of('alone'), 0),
                fresh: round(of('fresh'), 3),
                overhead: round(of('overhead'), 3),
              },
            ];
          }),
        ),
      });
    }
    return rows;
  } finally {
    remove();
  }
}

function render(rows, markdown) {
  const percent = (part) => `${(100 * part).toFixed(0)} %`;
  return table(
    [
      ['', 'ns/execution', 'replayed', 'overhead', `≤ ${percent(AIM)}`, 'random walk: overhead'],
      ...rows.map(({ subject, portfolio, random }) => [
        subject,
        portfolio.ns,
        portfolio.replayNs,
        percent(portfolio.overhead),
        portfolio.overhead <= AIM ? 'yes' : 'NO',
        percent(random.overhead),
      ]),
    ],
    markdown,
  );
}

if (isMainThread) {
  const values = flagsOf({
    subjects: { type: 'string', default: Object.keys(SUBJECTS).join(',') },
    rounds: { type: 'string', default: '3' },
    warm: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '6' },
    markdown: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    process.exit(0);
  }
  const subjects = listOf(values, 'subjects', Object.keys(SUBJECTS));
  const rounds = wholeNumber(values, 'rounds');
  const [warm, seconds] = [positive(values, 'warm'), positive(values, 'seconds')];
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { subjects, rounds, warm, seconds },
    resourceLimits: THREAD_LIMITS,
  });
  worker.on('message', (rows) => {
    if (values.json) process.stdout.write(`${JSON.stringify({ schema: 'heddle.overhead/1', aim: AIM, rows })}\n`);
    else process.stdout.write(`${render(rows, values.markdown)}\n`);
  });
} else {
  parentPort.postMessage(await onOneProcessor(() => measure(workerData)));
}
