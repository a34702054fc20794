// docs/iommu.md and docs/iommu-results.json: what was measured, and the page that says it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { claimRows } from './claims.mjs';
import { ROOT } from './heddle.mjs';
import { Measured } from './measured.mjs';
import { BESIDES, DIFFERENCES } from './notes.mjs';
import * as parts from './page.mjs';

/** Of the page and the results that are committed. */
export const DOCS = path.join(ROOT, 'docs');
const PAGE = 'iommu.md';
const RESULTS = 'iommu-results.json';
const CORPUS = path.join(ROOT, 'corpus/iommu');

/** `{ model, matrix, sweeps, mutations, first, locks, soaks }`; before anything was measured, without parts. */
export function readResults(folder = DOCS) {
  const file = path.join(folder, RESULTS);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { model: '' };
}

/** One line an entry, so that a change of one shows as one. */
export function writeResults({ model, ...rest }, folder = DOCS) {
  const lines = Object.entries(rest).map(([part, entries]) => {
    const own = Object.entries(entries).map(([id, entry]) => `    ${JSON.stringify(id)}: ${JSON.stringify(entry)}`);
    return `  ${JSON.stringify(part)}: {\n${own.join(',\n')}\n  }`;
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, RESULTS), `{\n${[`  "model": ${JSON.stringify(model)}`, ...lines].join(',\n')}\n}\n`);
}

/** Which committed schedule shows what in which design. */
export function committedSchedules() {
  return readdirSync(CORPUS)
    .filter((file) => file.endsWith('.sched'))
    .flatMap((file) => {
      const [, design = ''] = /^design (\S+)$/m.exec(readFileSync(path.join(CORPUS, file), 'utf8')) ?? [];
      const { findings } = JSON.parse(readFileSync(path.join(CORPUS, file.replace(/\.sched$/, '.json')), 'utf8'));
      return findings.map(({ symptom }) => ({ design, symptom, name: file.slice(0, -6) }));
    });
}

/** The page with its generated parts made anew. */
export function renderPage(text, results, schedules) {
  const measured = new Measured(results);
  const claims = parts.table(['who', 'claim', 'experiment', 'result', 'repeat it'], claimRows(measured, ROOT));
  const bodies = {
    claims,
    expected: parts.expectedPart(),
    provenance: parts.provenancePart({ model: results.model, measured }),
    matrix: parts.matrixPart(measured),
    first: parts.firstPart(measured),
    differences: parts.differencesPart(measured, DIFFERENCES),
    mutations: parts.mutationsPart(measured),
    besides: parts.besidesPart(measured, BESIDES),
    sweeps: parts.sweepsPart(measured),
    counters: parts.countersPart(measured),
    schedules: parts.schedulesPart(measured, schedules),
    experiments: parts.experimentsPart(measured),
  };
  return Object.entries(bodies).reduce((page, [name, body]) => fill(page, name, body), text);
}

/** The committed page's text, with the generated parts of these results, into the folder. Answers its path. */
export function writePage(results, folder = DOCS) {
  mkdirSync(folder, { recursive: true });
  const page = path.join(folder, PAGE);
  writeFileSync(page, renderPage(readFileSync(path.join(DOCS, PAGE), 'utf8'), results, committedSchedules()));
  return path.relative(process.cwd(), page);
}

function fill(page, part, body) {
  const [begin, end] = [`<!-- ${part} -->`, `<!-- /${part} -->`];
  const from = page.indexOf(begin) + begin.length;
  const to = page.indexOf(end);
  if (to < from || from < begin.length) throw new Error(`docs/iommu.md has no ${begin} … ${end}`);
  return `${page.slice(0, from)}\n${body.trimEnd()}\n${page.slice(to)}`;
}
