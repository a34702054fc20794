// Every finding of the committed corpus, minimized to the optimum and explained: time of each, and what is proved.
//   node bench/explain.mjs [--model iommu] [--json]
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { flagsOf } from './lib/flags.mjs';
import { buildModel, Executor, fromPortable, parseSchedule } from '../dist/index.js';
import { explainFinding } from '../dist/explain/explanation.js';
import { analyseFinding } from '../dist/findings/analyse.js';
import { minimizeToOptimum } from '../dist/findings/optimum.js';
import { bucketOf } from '../dist/findings/place.js';

const values = flagsOf({ model: { type: 'string', default: 'iommu' }, json: { type: 'boolean' } });
const root = fileURLToPath(new URL('..', import.meta.url));
const source = values.model === 'iommu' ? 'assembly/models/iommu/index.ts' : `examples/${values.model}.ts`;
const folder = join(root, 'corpus', values.model);
const artefact = await buildModel(join(root, source));
const exact = await buildModel(join(root, source), { flavour: 'exact' });

const rows = [];
for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.sched'))
  .sort()) {
  const sidecar = JSON.parse(readFileSync(join(folder, file.replace('.sched', '.json')), 'utf8'));
  if (sidecar.verdict !== 'fails') continue;
  const schedule = parseSchedule(readFileSync(join(folder, file), 'utf8'), file);
  const { design, scene, options } = schedule;
  const configuration = { design, scene, options };
  const executor = Executor.create({ artefact, configuration });
  const { hot } = fromPortable(executor, schedule);
  for (const bucket of executor.run(hot).findings.map((raw) => bucketOf(raw, executor.manifest))) {
    const begin = performance.now();
    const result = minimizeToOptimum(executor, hot, bucket, { exact });
    const middle = performance.now();
    const { minimality } = result;
    const record = analyseFinding(executor, result.hot, bucket, { minimized: true, minimality });
    const eager = Executor.create({ artefact, configuration, eager: true });
    const { causality } = explainFinding({ executor, eager, hot: result.hot, record });
    const end = performance.now();
    const verdict = minimality.proved
      ? `proved, ${record.preemptions}`
      : `>= ${minimality.atLeast} of ${record.preemptions}`;
    const row = {
      file,
      design,
      scene,
      bucket,
      minimizeMs: middle - begin,
      explainMs: end - middle,
      ...minimality,
      orders: causality.causes.length,
      complete: causality.complete,
    };
    rows.push(row);
    if (values.json) continue;
    const times = [row.minimizeMs, row.explainMs].map((ms) => ms.toFixed(0).padStart(6)).join('');
    console.log(
      `${file.slice(0, 8)}  ${times} ms  ${verdict.padEnd(12)}  ${row.orders} orders${row.complete ? '' : ', cut short'}  ${design} ${scene}: ${bucket}`,
    );
  }
}
const slowest = Math.max(...rows.map(({ minimizeMs, explainMs }) => minimizeMs + explainMs));
const summary = {
  findings: rows.length,
  proved: rows.filter(({ proved }) => proved).length,
  slowestMs: Math.round(slowest),
};
if (values.json) console.log(JSON.stringify({ schema: 'heddle.bench.explain/1', ...summary, rows }, null, 2));
else
  console.log(
    `${summary.findings} findings, ${summary.proved} proved minimal, the slowest in ${summary.slowestMs} ms (wanted: below 5000)`,
  );
process.exitCode = slowest < 5000 ? 0 : 1;
