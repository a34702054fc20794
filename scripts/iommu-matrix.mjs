// Measures the designs of the IOMMU model and fills the generated parts of docs/iommu.md.
//
//   node scripts/iommu-matrix.mjs               runs what has no result yet, then writes the page
//   node scripts/iommu-matrix.mjs --only a,b    runs these experiments only
//   node scripts/iommu-matrix.mjs --quick       small budgets, to try it out
//   node scripts/iommu-matrix.mjs --budget 60s --verify-time 10m --verify-memory 2G
//   node scripts/iommu-matrix.mjs --render      runs nothing: writes the page from the results that are there
//
// Results are kept in heddle-out/iommu-matrix/; one is run again if the model or its arguments have changed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { claimRows } from './iommu/claims.mjs';
import { BUDGETS, EXPERIMENTS } from './iommu/experiments.mjs';
import {
  besidesPart,
  countersPart,
  differencesPart,
  expectedPart,
  Measured,
  matrixPart,
  table,
} from './iommu/measured.mjs';
import { BESIDES, DIFFERENCES } from './iommu/notes.mjs';
import { declared, fitting, measure } from './iommu/run.mjs';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const PAGE = path.join(ROOT, 'docs/iommu.md');
/** Counters are divided by it. */
const PER = 'devices bound';

if (!existsSync(path.join(ROOT, 'dist/cli/main.js'))) {
  console.error('dist/ is missing; run npm run build first');
  process.exit(2);
}
const flags = process.argv.slice(2);
const flagValue = (name) => (flags.includes(`--${name}`) ? (flags[flags.indexOf(`--${name}`) + 1] ?? '') : null);
const only = flagValue('only')?.split(',') ?? null;
const budget = Object.fromEntries(
  Object.keys(BUDGETS.full).flatMap((name) => (flagValue(name) === null ? [] : [[name, flagValue(name)]])),
);
const unknown = (only ?? []).filter((id) => !EXPERIMENTS.some((experiment) => experiment.id === id));
if (unknown.length > 0) {
  console.error(`no experiment ${unknown.join(', ')}; there are: ${EXPERIMENTS.map(({ id }) => id).join(', ')}`);
  process.exit(2);
}
const model = await declared();
const render = flags.includes('--render');
const measured = new Measured(
  await measure(model, { quick: flags.includes('--quick'), budget, only, per: PER, render }),
);
let text = readFileSync(PAGE, 'utf8');
text = fill(text, 'expected', expectedPart());
text = fill(text, 'matrix', `${provenance()}\n\n${matrixPart(measured)}`);
text = fill(text, 'differences', differencesPart(measured, DIFFERENCES));
text = fill(text, 'besides', besidesPart(measured, BESIDES));
text = fill(text, 'counters', countersPart(measured));
text = fill(text, 'claims', table(['who', 'claim', 'experiment', 'result', 'repeat it'], claimRows(measured, ROOT)));
text = fill(text, 'experiments', experimentsPart());
writeFileSync(PAGE, text);
console.error(
  `${path.relative(process.cwd(), PAGE)}: ${Object.keys(measured.results).length} of ${EXPERIMENTS.length} experiments`,
);

function fill(page, part, body) {
  const [begin, end] = [`<!-- ${part} -->`, `<!-- /${part} -->`];
  const from = page.indexOf(begin) + begin.length;
  const to = page.indexOf(end);
  if (to < from) throw new Error(`docs/iommu.md has no ${begin} … ${end}`);
  return `${page.slice(0, from)}\n${body.trimEnd()}\n${page.slice(to)}`;
}

/** Of which model, with which budgets. */
function provenance() {
  const documents = Object.values(measured.results).map(({ document }) => document);
  if (documents.length === 0) return 'Nothing has been measured yet.';
  const hashes = [...new Set(documents.map(({ modelHash }) => modelHash.slice(0, 16)))];
  const budgets = [...new Set(documents.map(({ budget, search }) => budgetText(budget, search)))];
  const missing = EXPERIMENTS.filter(({ id }) => !measured.has(id)).map(({ id }) => id);
  const unfinished = documents.filter(({ complete }) => !complete).length;
  return [
    `Model ${hashes.join(', ')}; each design in each scene: ${budgets.join('; ')}; seed 1.`,
    ...(missing.length > 0 ? [`Not measured: ${missing.join(', ')}.`] : []),
    ...(unfinished > 0 ? [`Interrupted: ${unfinished}.`] : []),
  ].join(' ');
}

function budgetText({ executions, ms }, search) {
  const fuzzed = executions === null ? `${ms / 1000} s of fuzzing` : `${executions} executions`;
  const searched = search
    ? `exhaustive search in ${search.memoryBytes / 2 ** 20} MiB and ${search.maxTimeMs / 1000} s`
    : 'no search';
  return `${fuzzed}, ${searched}`;
}

function experimentsPart() {
  const rows = EXPERIMENTS.map((experiment) => {
    const own = fitting(experiment, model);
    const options = Object.entries(experiment.options ?? {}).map(([name, value]) => `${name}=${value}`);
    const state = measured.has(experiment.id)
      ? 'measured'
      : own
        ? 'not measured yet'
        : 'the model has not its scenes or options yet';
    return [
      experiment.id,
      experiment.what,
      [...experiment.scenes, ...options].join(', '),
      experiment.symptoms.join(', ') || '–',
      state,
    ];
  });
  const commands = EXPERIMENTS.map(({ id }) => measured.command(id)).filter((command) => command !== '');
  const list = commands.length > 0 ? `\n\n\`\`\`sh\n${commands.join('\n')}\n\`\`\`` : '';
  return `${table(['experiment', 'what happens', 'scenes and options', 'rows', 'state'], rows)}${list}`;
}
