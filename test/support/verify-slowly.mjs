// A process that verifies slowly, to be killed: argv has the model, the scene and the checkpoint's file.
import { buildModel } from '../../dist/build/index.js';
import { verify } from '../../dist/verify/verify.js';

const [model, scene, file] = process.argv.slice(2);
const [exact, fast] = [await buildModel(model, { flavour: 'exact' }), await buildModel(model)];
const rest = { design: '', options: {}, oracles: null, reduce: false, all: true };
const limits = { memoryBytes: 64 << 20, stepLimit: 2_000, fuelLimit: 1 << 16 };
const checkpoint = { file, resume: false, everyMs: 1 };
const sleep = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
await verify({ exact, fast, scene, checkpoint, ...rest, ...limits }, sleep, new AbortController().signal);
