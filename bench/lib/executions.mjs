/** ns an execution, by switches and by call depth, beside the native program. Both run slices in turn, so noise hits both. */
import { link } from '../../dist/link/link.js';
import { train } from '../../dist/link/training.js';
import { executorBytes } from '../../dist/executor/instance.js';
import { compareHashes, Native } from './native.mjs';
import { artefactOf, executorOf, MODELS, SWITCHES, timeRaw } from './raw.mjs';
import { median, round } from './stats.mjs';

const SEED = 42n;
const HASHED = 10_000;

/** Executions that fill a slice, from a first run that also warms up. */
function calibrate(executor, switches, sliceMs) {
  timeRaw(executor, switches, 20_000, SEED);
  const { ns } = timeRaw(executor, switches, 10_000, SEED);
  return Math.max(1_000, Math.round((sliceMs * 1e6) / ns));
}

/** Times one executor (its linked twin, and its native one) over a list of switch densities. */
async function measure({ executor, linked = null, native }, densities, { rounds, sliceMs }) {
  const counts = densities.map((switches) => calibrate(executor, switches, sliceMs));
  if (linked) for (const switches of densities) calibrate(linked, switches, sliceMs);
  if (native) for (const [i, switches] of densities.entries()) await native.time(switches, counts[i], SEED);
  const samples = densities.map(() => ({
    executor: [],
    linked: [],
    native: [],
    ratio: [],
    linkedRatio: [],
    last: null,
  }));
  for (let r = 0; r < rounds; r++) {
    for (const [i, switches] of densities.entries()) {
      const seed = SEED + BigInt(r + 1);
      const ours = timeRaw(executor, switches, counts[i], seed);
      const sample = samples[i];
      sample.executor.push(ours.ns);
      sample.last = ours;
      const inOne = linked ? timeRaw(linked, switches, counts[i], seed) : null;
      if (inOne) sample.linked.push(inOne.ns);
      if (!native) continue;
      const theirs = await native.time(switches, counts[i], seed);
      if (Math.abs(theirs.points - ours.points) > 1e-9 || Math.abs(theirs.switches - ours.switches) > 1e-9) {
        throw new Error(`native and executor passed different points or switches at ${switches.label} switches`);
      }
      sample.native.push(theirs.ns);
      sample.ratio.push(theirs.ns / ours.ns);
      if (inOne) sample.linkedRatio.push(theirs.ns / inOne.ns);
    }
  }
  return densities.map(({ label }, i) => {
    const { executor: ours, linked: inOne, native: theirs, ratio, linkedRatio, last } = samples[i];
    return {
      switches: label,
      executorNs: round(median(ours), 1),
      nativeNs: native ? round(median(theirs), 1) : null,
      nativeRatio: native ? round(median(ratio), 3) : null,
      linkedNs: linked ? round(median(inOne), 1) : null,
      linkedRatio: linked && native ? round(median(linkedRatio), 3) : null,
      execsPerSecond: Math.round(1e9 / median(ours)),
      points: round(last.points, 1),
      switched: round(last.switches, 2),
      unwinds: round(last.unwinds, 2),
    };
  });
}

/** The executor of a long campaign: one module with the model, with hints from executions of the scene. */
async function linkedOf(artefact, scene) {
  const executor = executorOf(artefact, scene);
  const linked = train(await link(executorBytes(), artefact.wasm), artefact, [{ scene }]);
  executor.relink(await WebAssembly.compile(linked));
  return executor;
}

/** One model at every density, after the check that the native program does the same work. */
export async function measureModel(name, options) {
  const artefact = await artefactOf(name);
  const { scene } = MODELS[name];
  const executor = executorOf(artefact, scene);
  const linked = await linkedOf(artefact, scene);
  const native = options.native ? Native.build(name, executor) : null;
  try {
    const equalHashes = {};
    if (native) {
      for (const switches of SWITCHES)
        equalHashes[switches.label] = await compareHashes(native, executor, switches, HASHED, SEED);
    }
    return {
      equalHashes: native ? equalHashes : null,
      rows: await measure({ executor, linked, native }, SWITCHES, options),
    };
  } finally {
    native?.close();
  }
}

/** ns of a switch between two tasks at each call depth: what switching at every point adds, divided by the switches. */
export async function measureDepths(depths, options) {
  const artefact = await artefactOf('depth');
  const densities = SWITCHES.filter(({ label }) => label === '0' || label === 'every point');
  const rows = [];
  for (const depth of depths) {
    const executor = executorOf(artefact, `depth-${depth}`);
    const native = options.native ? Native.build('depth', executor) : null;
    try {
      if (native) for (const switches of densities) await compareHashes(native, executor, switches, HASHED, SEED);
      const [none, all] = await measure({ executor, native }, densities, options);
      const switched = all.switched - none.switched;
      rows.push({
        depth,
        executorNs: round((all.executorNs - none.executorNs) / switched, 1),
        nativeNs: native ? round((all.nativeNs - none.nativeNs) / switched, 1) : null,
        unwindsPerSwitch: round(all.unwinds / all.switched, 2),
      });
    } finally {
      native?.close();
    }
  }
  return rows;
}

/** ns a point without switches, and what a switch adds at every point: from the rows of one model. */
export function perPointAndSwitch(rows) {
  const none = rows.find((row) => row.switches === '0');
  const all = rows.find((row) => row.switches === 'every point');
  const of = (field) => {
    if (none[field] === null) return { point: null, switched: null };
    const point = none[field] / none.points;
    return {
      point: round(point, 2),
      switched: round((all[field] - point * all.points) / (all.switched - none.switched), 1),
    };
  };
  return { executor: of('executorNs'), native: of('nativeNs') };
}
