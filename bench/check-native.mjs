// Checks that the native program does the same work as the executor, and nothing else: equal hashes, points, switches, deviations,
// findings and features on so many random schedules of each model and density. One JSON document on stdout; a difference is exit code 1.
import { compareHashes, Native, nativeObstacle } from './lib/native.mjs';
import { artefactOf, executorOf, MODELS, SWITCHES } from './lib/raw.mjs';

const SCHEDULES = Number(process.argv[2] ?? 10_000);
const SCENES = { toy: MODELS.toy.scene, probe: MODELS.probe.scene, depth: 'depth-4' };

async function check(name, scene) {
  const executor = executorOf(await artefactOf(name), scene);
  const native = Native.build(name, executor);
  try {
    const result = {};
    for (const switches of SWITCHES)
      result[switches.label] = await compareHashes(native, executor, switches, SCHEDULES, 1n);
    return result;
  } finally {
    native.close();
  }
}

const obstacle = nativeObstacle();
const models = {};
if (!obstacle) for (const [name, scene] of Object.entries(SCENES)) models[name] = await check(name, scene);
console.log(JSON.stringify({ obstacle: obstacle || null, models }));
