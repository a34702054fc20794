// What the results say of symptoms, designs and counters. No word of the page is made here, and nothing is said that is not in them.
import { EXPECTED, SMALLEST, SYMPTOMS } from './experiments.mjs';

/** A symptom that has several shapes is declared as `S7`, `S7-leak`…: one row. */
export const rowName = (symptom) => (/^S\d+-/.test(symptom) ? symptom.split('-')[0] : symptom);
export const isKnown = (row) => /^S\d+$/.test(row);

/** A design whose lock was taken away is not that design: what it shows is a check of the check. */
export const isWithoutItsLock = ({ options }) => options?.['probe-mutex'] !== undefined;
const ORDER = { fuzz: 0, replay: 1, verify: 2 };
const sameOptions = (a = {}, b = {}) =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

/** The results, asked by symptom, design and counter. */
export class Measured {
  constructor({ matrix = {}, mutations = {}, sweeps = {}, first = {}, locks = {}, soaks = {} }) {
    Object.assign(this, { matrix, mutations, sweeps, first, locks, soaks });
  }

  has(id) {
    return id in this.matrix;
  }

  /** Experiments from which the row is taken; what is no symptom of the thread is taken from all. */
  of(row) {
    const all = Object.values(this.matrix);
    return isKnown(row) ? all.filter(({ experiment }) => experiment.symptoms.includes(row)) : all;
  }

  /** All that the designs as they are have shown, in any scene with any options: `{ design, symptom, experiment, scene }`. */
  everything() {
    return Object.entries(this.matrix).flatMap(
      ([
        experiment,
        {
          experiment: { options },
          runs,
        },
      ]) =>
        isWithoutItsLock({ options })
          ? []
          : runs.flatMap(({ design, scene, found }) =>
              Object.keys(found).map((symptom) => ({ design, symptom, experiment, scene })),
            ),
    );
  }

  /** Experiments that show a symptom in a design although the row of the symptom is not taken from them. */
  elsewhere(symptom, design) {
    const own = new Set(this.of(symptom).map(({ experiment }) => experiment.id));
    const shown = this.everything().filter((one) => one.design === design && rowName(one.symptom) === symptom);
    return [...new Set(shown.map(({ experiment }) => experiment))].filter((id) => !own.has(id));
  }

  /** The thread's symptoms in their order, then what the model names besides. */
  rows() {
    const declared = Object.values(this.matrix).flatMap(({ rows }) => rows);
    const known = new Set([...Object.keys(SYMPTOMS), ...declared.filter(isKnown)]);
    const number = (name) => Number(name.slice(1));
    return [
      ...[...known].sort((a, b) => number(a) - number(b)),
      ...new Set(declared.filter((name) => !isKnown(rowName(name)))),
    ];
  }

  /**
   * A symptom in a design, over the scenes of these experiments. `found`, if one shows it. `absent`: on the symptom's smallest scene every schedule
   * was searched (on every scene, for what has no smallest one); `open` says where it was not. `silent`: not so, but a soak on the smallest scene has
   * not shown it. null: none has the design or the row.
   */
  cell(symptom, design, results = this.of(symptom)) {
    const cells = results.flatMap((result) => {
      const rows = result.rows.filter((row) => rowName(row) === symptom);
      if (rows.length === 0) return [];
      return result.runs
        .filter((run) => run.design === design)
        .map((run) => ({ ...cellOf(run, rows), scene: run.scene, options: result.experiment.options ?? {} }));
    });
    if (cells.length === 0) return null;
    const soaks = Object.values(this.soaks).filter(
      ({ soak }) => soak.design === design && soak.symptoms.includes(symptom),
    );
    const soaked = soaks.flatMap(({ soak, seen }) =>
      seen[symptom] ? [{ verdict: 'found', origin: 'fuzz', ...seen[symptom], scene: soak.scene }] : [],
    );
    const found = [...cells, ...soaked].filter(({ verdict }) => verdict === 'found');
    if (found.length > 0)
      return found.sort((a, b) => ORDER[a.origin] - ORDER[b.origin] || a.executions - b.executions)[0];
    const sum = (list, field) => list.reduce((total, cell) => total + cell[field], 0);
    const absent = cells.filter(({ verdict }) => verdict === 'absent');
    const open = cells.filter(({ verdict }) => verdict !== 'absent');
    const smallest = SMALLEST[symptom];
    const isSmallest = ({ scene, options }) => scene === smallest?.scene && sameOptions(options, smallest.options);
    if (open.length === 0 || absent.some(isSmallest)) {
      return { verdict: 'absent', states: sum(absent, 'states'), open: [...new Set(open.map(({ scene }) => scene))] };
    }
    const soak = soaks.find(({ soak }) => isSmallest(soak));
    if (soak) return { verdict: 'silent', executions: soak.executions, scene: soak.soak.scene };
    return { verdict: 'not-found', executions: sum(cells, 'executions'), states: sum(cells, 'states') };
  }

  /** The same for one experiment only. */
  cellIn(id, symptom, design) {
    return this.has(id) ? this.cell(symptom, design, [this.matrix[id]]) : null;
  }

  /**
   * Functions that read dev->iommu without device_lock; null if that was not measured. Of stores nothing is said: the oracle may mean the probe
   * mutex there.
   */
  readersWithoutLock(design, scene) {
    const own = Object.values(this.locks).find((one) => one.design === design && one.scene === scene);
    if (!own) return null;
    const reads = own.unlocked.map((title) => /^lockset of Device in (\S+) \(load Device\.iommu\)$/.exec(title)?.[1]);
    return [...new Set(reads.filter((name) => name !== undefined))].sort();
  }

  /** What a design has shown in an experiment: symptoms by name, of what has none the findings; null if that was not run. */
  badStates(id, design) {
    const shown = this.shown(id, design);
    if (shown === null) return null;
    const others = this.matrix[id].findings.filter((one) => one.design === design && one.row === 'other');
    return [
      ...shown.filter((row) => row !== 'other'),
      ...new Set(others.map(({ kind, title }) => `${kind}: ${title}`)),
    ];
  }

  /** Symptoms that a design has shown in an experiment; null if that was not run. */
  shown(id, design) {
    if (!this.has(id)) return null;
    const { rows, runs } = this.matrix[id];
    const own = runs.filter((run) => run.design === design);
    return own.length === 0 ? null : rows.filter((row) => own.some(({ found }) => row in found));
  }

  /** A counter as `{ byDefault, mean }`, in the experiment's only scene or in that one; null if it was not measured. */
  counter(id, design, name, { scene = null, value = null } = {}) {
    const { counters = [] } = this.matrix[id] ?? this.sweeps[id] ?? {};
    const samples = counters.filter(
      (sample) => sample.design === design && (scene === null || sample.scene === scene) && sample.value === value,
    );
    const [sample] = samples;
    if (samples.length !== 1 || sample.executions === 0 || Object.keys(sample.rows).length === 0) return null;
    // What this design never counts, others may.
    const [byDefault, mean] = sample.rows[name]?.total ?? [0, 0];
    return { byDefault, mean };
  }

  /** “–” and “e” cells that no search has decided: `{ design, symptom, scene, options }`. */
  undecided(designs) {
    return Object.entries(SMALLEST).flatMap(([symptom, smallest]) =>
      designs.flatMap((design, i) => {
        const cell = this.cell(symptom, design);
        const isOpen = ['–', 'e'].includes(EXPECTED[symptom][i]) && ['not-found', 'silent'].includes(cell?.verdict);
        return isOpen ? [{ design, symptom, scene: smallest.scene, options: smallest.options ?? {} }] : [];
      }),
    );
  }
}

/** One run: `found` if one of the rows is. */
function cellOf({ executions, states, exhausted, found, unsure }, rows) {
  const [shown] = rows.flatMap((row) => (found[row] ? [found[row]] : []));
  if (shown) return { verdict: 'found', ...shown };
  if (exhausted && !rows.some((row) => row in unsure)) return { verdict: 'absent', states, executions };
  return { verdict: 'not-found', executions, states };
}

/** What a measured cell says of an expected one. “~” is neither: what is measured differs from it, or agrees if it is there. */
export function verdictOf(expected, cell) {
  if (cell === null || cell.verdict === 'not-found') return 'open';
  const isFound = cell.verdict === 'found';
  if (expected === 'P') return isFound ? 'agrees' : cell.verdict === 'absent' ? 'differs' : 'open';
  if (expected === '~') return isFound ? 'agrees' : cell.verdict === 'absent' ? 'differs' : 'open';
  if (isFound) return expected === 'e' ? 'refuted' : 'differs';
  return expected === 'e' ? 'confirmed' : 'agrees';
}
