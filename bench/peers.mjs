// npm run bench:peers: the same scenes exhausted by heddle verify and by SPIN. What is compared: docs/benchmarks.md, section Peers.
import { cpus, loadavg } from 'node:os';
import { flagsOf, oneOf } from './lib/flags.mjs';
import { gccVersion } from './lib/native.mjs';
import { median, round } from './lib/stats.mjs';
import { HEDDLE_WAYS, runHeddle } from './peers/heddle.mjs';
import { render } from './peers/report.mjs';
import { measureSamplers, renderSamplers } from './peers/samplers.mjs';
import { COMPARED, SCENES } from './peers/scenes.mjs';
import { compileSpin, kindsOfSpin, runSpin, SPIN_WAYS, spinObstacle, spinVersion } from './peers/spin.mjs';

const HELP = `node bench/peers.mjs [--quick] [--scene NAME] [--json | --markdown]
  --quick        one round instead of five
  --scene NAME   only this one: ${SCENES.map(({ name }) => name).join('; ')}
  --json         one JSON document on stdout (docs/benchmarks.md)
  --markdown     the tables of docs/benchmarks.md`;
const ROUNDS = 5;
/** Heddle's time to exhaust, as a part of SPIN's. */
const TIME_AIM = 0.1;

const say = (text) => process.stderr.write(`${text}\n`);
const COUNTS = ['states', 'transitions', 'depth'];

/** One row of many runs: counts must be equal, times and memory are medians. */
function rowOf(way, samples) {
  const [first] = samples;
  for (const field of COUNTS) {
    const differs = samples.find((sample) => sample[field] !== first[field]);
    if (differs) throw new Error(`${way.label}: ${first[field]} ${field} in one run, ${differs[field]} in another`);
  }
  const middle = (field) => round(median(samples.map((sample) => sample[field])), 2);
  const counts = Object.fromEntries(COUNTS.map((field) => [field, first[field]]));
  return {
    label: way.label,
    reduced: way.reduced,
    searchMs: middle('searchMs'),
    prepareMs: middle('prepareMs'),
    reportMs: way.label.startsWith('heddle') ? middle('reportMs') : null,
    ...counts,
    memoryMB: middle('memoryMB'),
  };
}

/** Both in turn, so that noise hits both. */
function measureScene(scene, rounds, withSpin) {
  // Without reduction the large ones would take hours.
  const heddleWays = scene.isLarge ? HEDDLE_WAYS.slice(0, 1) : HEDDLE_WAYS;
  const spinWays = !withSpin ? [] : scene.isLarge ? SPIN_WAYS.slice(0, 1) : SPIN_WAYS;
  const programs = spinWays.map((way) => compileSpin(scene, way));
  const samples = new Map([...heddleWays, ...spinWays].map((way) => [way.label, []]));
  runHeddle(scene, HEDDLE_WAYS[0]); // not counted: the model is built
  try {
    for (let r = 0; r < rounds; r++) {
      for (const way of heddleWays) samples.get(way.label).push(runHeddle(scene, way));
      for (const [i, program] of programs.entries()) {
        samples.get(spinWays[i].label).push({ ...runSpin(program, scene), prepareMs: program.prepareMs });
      }
    }
  } finally {
    for (const program of programs) program.remove();
  }
  const rows = [...heddleWays, ...spinWays].map((way) => rowOf(way, samples.get(way.label)));
  return { rows, kinds: compareKinds(scene, samples, withSpin), ...ratiosOf(rows) };
}

function compareKinds(scene, samples, withSpin) {
  const [reduced, full] = HEDDLE_WAYS.map((way) => samples.get(way.label)?.[0].kinds);
  if (full && reduced.join() !== full.join())
    throw new Error(`${scene.name}: reduction changes the findings of heddle verify`);
  const spin = withSpin ? kindsOfSpin(scene, samples.get(SPIN_WAYS[0].label)[0]) : null;
  return { heddle: reduced, spin };
}

function ratiosOf(rows) {
  const ours = rows.find((row) => row.label === HEDDLE_WAYS[0].label);
  const theirs = rows.find((row) => row.label === SPIN_WAYS[0].label);
  const ratio = (field) => (theirs ? round(ours[field] / theirs[field], 2) : null);
  const timeRatio = ratio('searchMs');
  return {
    timeRatio,
    timeAimMet: timeRatio === null ? null : timeRatio <= TIME_AIM,
    statesRatio: ratio('states'),
    memoryRatio: ratio('memoryMB'),
  };
}

function measure(scenes, rounds) {
  const obstacle = spinObstacle();
  if (obstacle) say(`\nSPIN IS SKIPPED: ${obstacle}\n`);
  const before = loadavg()[0];
  const measured = scenes.map((scene) => {
    say(`${scene.name} …`);
    const result = measureScene(scene, rounds, !obstacle);
    const { heddle, spin } = result.kinds;
    const seen = heddle.filter((kind) => COMPARED.includes(kind));
    return { name: scene.name, ...result, sameVerdicts: spin ? seen.join() === spin.join() : null };
  });
  return {
    schema: 'heddle.peers/1',
    rounds,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      node: process.versions.node,
      gcc: obstacle ? null : gccVersion(),
      load: { before: round(before), after: round(loadavg()[0]) },
    },
    spin: { obstacle: obstacle || null, version: obstacle ? null : spinVersion() },
    scenes: measured,
  };
}

const flag = { type: 'boolean', default: false };
const values = flagsOf({ quick: flag, json: flag, markdown: flag, help: flag, scene: { type: 'string' } });
if (values.help) {
  console.log(HELP);
} else {
  const all = SCENES.map(({ name }) => name);
  const names = values.scene === undefined ? all : [oneOf(values, 'scene', all)];
  const chosen = SCENES.filter(({ name }) => names.includes(name));
  const result = measure(chosen, values.quick ? 1 : ROUNDS);
  if (!values.scene) {
    say('samplers …');
    result.samplers = await measureSamplers(
      values.quick ? { trials: 5, rateMs: 200 } : { trials: 20, rateMs: 2_000 },
      say,
    );
  }
  const text = () => [
    render(result, values.markdown),
    ...(result.samplers ? [renderSamplers(result.samplers, values.markdown)] : []),
  ];
  console.log(values.json ? JSON.stringify(result, null, 2) : text().join('\n\n'));
  if (result.scenes.some(({ sameVerdicts }) => sameVerdicts === false)) {
    say('heddle verify and SPIN disagree on what fails');
    process.exitCode = 1;
  }
}
