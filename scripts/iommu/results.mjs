// What docs/iommu.md is made of: the documents of all runs, shortened to what the page and its claims need. Committed beside the page, so that the
// page can be checked against it.

const measure = (m) =>
  m && [m.byDefault, m.mean, m.min, m.max].map((x) => (x === null ? null : Math.round(x * 1000) / 1000));

/** Counters as `[default, mean, min, max]`. */
function counterDigest({ design, scene, value, executions, rows }) {
  return {
    ...{ design, scene, value, executions },
    rows: Object.fromEntries(rows.map(({ name, total, per }) => [name, { total: measure(total), per: measure(per) }])),
  };
}

/** One design in one scene. `unsure`: symptoms that may have been hidden although every schedule was searched. */
function runDigest({ design, scene, fuzz, replayed, search }, matrix) {
  const [found, unsure] = [{}, {}];
  for (const { symptom, cells } of matrix) {
    const cell = cells[design];
    if (cell?.verdict === 'found') {
      const { origin, executions, ms } = cell;
      found[symptom] = { origin, executions, ms: ms === null ? null : Math.round(ms) };
    } else if (cell?.verdict === 'not-found' && cell.doubts.length > 0) unsure[symptom] = cell.doubts;
  }
  return {
    ...{ design, scene, executions: (fuzz?.executions ?? 0) + replayed },
    ...{ states: search?.states ?? 0, exhausted: search?.exhausted ?? false, cut: search?.cut ?? '' },
    ...{ found, unsure },
  };
}

/** Where the minimized schedule departs from the order of events, and what it chooses. */
function switchesOf(schedule) {
  const lines = schedule.trim().split('\n').slice(1);
  return lines.filter((line) => !/^(?:model|design|scene|option|event) /.test(line)).join('; ');
}

/**
 * What the exhaustive searches of a comparison have shown in a later run of them, put into its digest. They need not show again all that fuzzing
 * has found: a search tells what fails at one place once.
 *
 * @throws Error for a symptom that the comparison has not found: then all of it must be run again.
 */
export function takeSearches(digest, document) {
  for (const { design, scene, search } of document.runs) {
    const run = digest?.runs.find((one) => one.design === design && one.scene === scene);
    if (!run || !search) throw new Error(`${design}, ${scene}: no comparison to put the search into`);
    const { matrix } = document.byScene.find((one) => one.scene === scene);
    const news = matrix.filter(({ symptom, cells }) => cells[design]?.verdict === 'found' && !run.found[symptom]);
    if (news.length > 0) {
      throw new Error(`${design}, ${scene}: the search now shows ${news.map(({ symptom }) => symptom).join(', ')}`);
    }
    Object.assign(run, { states: search.states, exhausted: search.exhausted, cut: search.cut ?? '' });
  }
}

/** A document of `heddle compare`; `findings` are the ones that `isWanted`. */
export function comparisonDigest({ experiment, args }, document, isWanted) {
  const matrixOf = (scene) => document.byScene.find((one) => one.scene === scene)?.matrix ?? [];
  return {
    ...{ experiment, args, complete: document.complete },
    rows: document.matrix.map(({ symptom }) => symptom),
    runs: document.runs.map((run) => runDigest(run, matrixOf(run.scene))),
    findings: document.findings
      .filter(isWanted)
      .map(({ row, kind, signature, title, design, scene, preemptions, schedule }) => ({
        ...{ row, kind, signature, title, design, scene, preemptions, switches: switchesOf(schedule) },
      })),
    counters: experiment.cost || experiment.letter ? document.counters.map(counterDigest) : [],
  };
}
