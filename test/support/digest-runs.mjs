// A process of its own: reads schedules from stdin, prints the digests of their traces.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildModel } from '../../dist/build/index.js';
import { Executor } from '../../dist/executor/executor.js';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { path: file, design, scene, runs } = JSON.parse(readFileSync(0, 'utf8'));
const artefact = await buildModel(path.join(root, file));
const executor = Executor.create({ artefact, configuration: { design, scene } });
const digests = runs.map((run) => {
  const { trace, hash, findings, points, recorded } = executor.trace(run);
  const json = JSON.stringify({ trace, hash, findings, points, recorded }, (_, v) =>
    typeof v === 'bigint' ? `${v}` : v,
  );
  return createHash('sha256').update(json).digest('hex');
});
process.stdout.write(JSON.stringify(digests));
