// A process that shares a search over a hub: argv has one JSON document. Begins when something comes on stdin, or its end. Prints the
// result, and warnings on stderr.
import { buildModel } from '../../dist/build/index.js';
import { HubBoard } from '../../dist/sync/hub/board.js';
import { searchName } from '../../dist/verify/partitions.js';
import { verify } from '../../dist/verify/verify.js';

/** `slowMs`: each slice takes so much longer, so that others get their share and there is a middle to be killed in. */
const { model, url, leaseMs, slowMs = 0, ...more } = JSON.parse(process.argv[2] ?? '{}');
const [exact, fast] = [await buildModel(model, { flavour: 'exact' }), await buildModel(model)];
const rest = { design: '', scene: '', options: {}, oracles: null, reduce: true, all: true };
const limits = { memoryBytes: 64 << 20, stepLimit: 2_000, fuelLimit: 1 << 16 };
const options = { exact, fast, ...rest, ...limits, ...more };
const hooks = { warning: (message) => process.stderr.write(`${message}\n`) };
const about = { model, design: options.design, scene: options.scene };
const board = await HubBoard.open({ url }, searchName(options, 'test'), about, hooks, leaseMs);
const slow = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, slowMs);
process.stderr.write('open\n');
await new Promise((go) => process.stdin.once('data', go).once('end', go));
process.stdin.destroy();
const { verdict, cut, shared, records } = await verify({ ...options, board }, slow, new AbortController().signal);
await board.close();
process.stdout.write(JSON.stringify({ verdict, cut, shared, signatures: records.map((r) => r.signature).sort() }));
