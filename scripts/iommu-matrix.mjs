// Measures the designs of the IOMMU model and writes the generated parts of docs/iommu.md.
//
//   node scripts/iommu-matrix.mjs                   runs what has no result yet, then writes results and page
//   node scripts/iommu-matrix.mjs --render          runs nothing: writes the page from docs/iommu-results.json
//   node scripts/iommu-matrix.mjs --parts matrix    one part only: matrix, sweeps, mutations, first, locks, soaks, proofs
//   node scripts/iommu-matrix.mjs --parts proofs    after a change of the search: every scene of matrix and mutations is searched again, without
//                                                   fuzzing; never part of a run that does not name it
//   node scripts/iommu-matrix.mjs --only a,b        these experiments only
//   node scripts/iommu-matrix.mjs --minutes 60      nothing begins after so many minutes; what was left out is said
//   node scripts/iommu-matrix.mjs --out FOLDER      results and page go there; docs/ is not touched
//   node scripts/iommu-matrix.mjs --quick --out FOLDER   small budgets, to try it out
//   node scripts/iommu-matrix.mjs --budget 20k --verify-memory 8M
//
// If docs/iommu-results.json is of another model, a run that leaves something out is refused without --out: what it left out would be lost.
//
// What has been run is kept in heddle-out/iommu-matrix/; it is run again if the model or its arguments have changed, a proof also if the search has.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DOCS, readResults, writePage, writeResults } from './iommu/document.mjs';
import { DESIGNS } from './iommu/experiments.mjs';
import { measureFirst } from './iommu/first.mjs';
import { PARTS, parseFlags } from './iommu/flags.mjs';
import { declared, ROOT } from './iommu/heddle.mjs';
import { checkFlags, resultsToContinue } from './iommu/keeping.mjs';
import { isBeside } from './iommu/page.mjs';
import { Measured } from './iommu/measured.mjs';
import { comparisonDigest, takeSearches } from './iommu/results.mjs';
import { runAll } from './iommu/run.mjs';
import { budgets, comparisons, firstGroups, lockTasks, soakTask, sweeps, withoutFuzzing } from './iommu/tasks.mjs';

/** What is measured goes into the folder's results, part by part. */
async function measure(flags, folder) {
  const { hash, ...model } = await declared();
  const { quick = false, parts = PARTS.filter((part) => part !== 'proofs').join(',') } = flags;
  const only = flags.only?.split(',') ?? null;
  const own = Object.fromEntries(
    ['budget', 'verify-memory'].flatMap((name) => (flags[name] ? [[name, flags[name]]] : [])),
  );
  const { comparison, first, soak } = budgets(quick, own);
  const until = flags.minutes ? Date.now() + Number(flags.minutes) * 60_000 : null;
  // --only is about comparisons: other parts are run beside them if they are named.
  const wanted = (part) => parts.split(',').includes(part) && (only === null || part === 'matrix' || flags.parts);
  const two = { lanes: 2, until };
  const results = resultsToContinue(readResults(folder), hash, flags, folder === DOCS);

  const digests = async (part, tasks, isWanted) => {
    const documents = await runAll(part, tasks, hash, two);
    results[part] ??= {};
    for (const task of tasks) {
      if (documents[task.id]) results[part][task.id] = comparisonDigest(task, documents[task.id], isWanted);
    }
    writeResults(results, folder);
  };
  const compared = comparisons(model, comparison);
  if (wanted('matrix')) {
    const tasks = compared.filter(({ id, part }) => part === 'matrix' && (only === null || only.includes(id)));
    await digests('matrix', tasks, isBeside);
  }
  if (wanted('sweeps')) await digests('sweeps', sweeps(model), () => false);
  if (wanted('mutations')) {
    await digests(
      'mutations',
      compared.filter(({ part }) => part === 'mutations'),
      () => false,
    );
  }
  if (wanted('first')) {
    const groups = ['smallest', 'full'].flatMap((where) => firstGroups(model, where));
    results.first = await measureFirst(groups, first, hash, until);
    writeResults(results, folder);
  }
  if (wanted('locks')) {
    const tasks = lockTasks(model);
    const campaigns = await runAll('locks', tasks, hash, two);
    results.locks = {};
    for (const { id, args, design, scene } of tasks) {
      if (campaigns[id]) results.locks[id] = { design, scene, args, unlocked: campaigns[id].unlocked };
    }
    writeResults(results, folder);
  }
  if (wanted('proofs')) {
    const searched = await runAll('proofs', compared.map(withoutFuzzing), `${hash} ${searchHash()}`, two);
    for (const { id, part } of compared) {
      const document = searched[withoutFuzzing({ id }).id];
      if (document) takeSearches(results[part]?.[id], document);
    }
    writeResults(results, folder);
  }
  if (wanted('soaks')) {
    const tasks = soakTasks(results, soak);
    const campaigns = await runAll('soaks', tasks, hash, two);
    results.soaks = {};
    for (const { id, args, soak: what } of tasks) {
      const campaign = campaigns[id];
      if (campaign) results.soaks[id] = { soak: what, args, executions: campaign.executions, seen: campaign.seen };
    }
    writeResults(results, folder);
  }
}

/** Of the executor that searches. */
function searchHash() {
  const wasm = readFileSync(path.join(ROOT, 'dist/executor-search.wasm'));
  return createHash('sha256').update(wasm).digest('hex').slice(0, 16);
}

/** One campaign for all the symptoms of a design that one scene is to be silent about. */
function soakTasks(results, executions) {
  const groups = new Map();
  for (const { symptom, ...where } of new Measured({ ...results, soaks: {} }).undecided(DESIGNS)) {
    const key = JSON.stringify(where);
    const group = groups.get(key) ?? { ...where, symptoms: [] };
    group.symptoms.push(symptom);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => soakTask(group, executions));
}

try {
  if (!existsSync(path.join(ROOT, 'dist/cli/main.js'))) throw new Error('dist/ is missing; run npm run build first');
  const flags = parseFlags(process.argv.slice(2));
  const folder = flags.out ? path.resolve(flags.out) : DOCS;
  checkFlags(flags, folder === DOCS);
  if (!flags.render) await measure(flags, folder);
  console.error(`${writePage(readResults(folder), folder)} is written`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
