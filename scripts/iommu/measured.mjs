// What the experiments have shown, as the words of docs/iommu.md. Nothing is said that is not in their documents.
import { DESIGNS, EXPECTED, SYMPTOMS } from './experiments.mjs';

const short = (n) =>
  n >= 999_500 ? `${(n / 1e6).toFixed(1)} M` : n >= 999.5 ? `${(n / 1e3).toFixed(1)} k` : String(Math.round(n));
const seconds = (ms) => (ms >= 99_950 ? `${Math.round(ms / 1000)} s` : `${(ms / 1000).toFixed(1)} s`);
const number = (x) => (Number.isInteger(x) ? String(x) : x.toFixed(2));

/** The documents of `measure`, asked by symptom, design and counter. */
export class Measured {
  constructor(results) {
    this.results = results;
  }

  has(id) {
    return id in this.results;
  }

  /** Experiments that have been run and from which the row is taken; what is no symptom of the thread is taken from all. */
  of(row) {
    const all = Object.values(this.results);
    return isKnown(row) ? all.filter(({ experiment }) => experiment.symptoms.includes(row)) : all;
  }

  /** The thread's symptoms in their order, then what the model names besides. */
  rows() {
    const declared = Object.values(this.results).flatMap(({ document }) =>
      document.matrix.map(({ symptom }) => symptom),
    );
    const known = new Set([...Object.keys(SYMPTOMS), ...declared.filter(isKnown)]);
    const number = (name) => Number(name.slice(1));
    return [...[...known].sort((a, b) => number(a) - number(b)), ...new Set(declared.filter((name) => !isKnown(name)))];
  }

  /** The symptom's cell in these experiments together: `absent` only if it is in each. null: none has the design or the row. */
  cell(symptom, design, results = this.of(symptom)) {
    const cells = results.flatMap(({ document }) => {
      const rows = document.matrix.filter((row) => rowName(row.symptom) === symptom);
      return rows.flatMap(({ cells }) => (cells[design] ? [cells[design]] : []));
    });
    const found = cells.filter(({ verdict }) => verdict === 'found');
    if (found.length > 0)
      return found.sort((a, b) => ORDER[a.origin] - ORDER[b.origin] || a.executions - b.executions)[0];
    const sum = (field) => cells.reduce((total, cell) => total + (cell[field] ?? 0), 0);
    if (cells.length === 0) return null;
    if (cells.every(({ verdict }) => verdict === 'absent')) return { verdict: 'absent', states: sum('states') };
    return { verdict: 'not-found', executions: sum('executions'), states: sum('states') };
  }

  /** The same for one experiment only. */
  cellIn(id, symptom, design) {
    return this.has(id) ? this.cell(symptom, design, [this.results[id]]) : null;
  }

  /** Symptoms that a design has shown in an experiment; null if that was not run. */
  shown(id, design) {
    if (!this.has(id)) return null;
    const { matrix } = this.results[id].document;
    return matrix.filter(({ cells }) => cells[design]?.verdict === 'found').map(({ symptom }) => symptom);
  }

  /** A counter as `default · mean`, in the experiment's only scene or in that one; null if it was not measured. */
  counter(id, design, name, scene = null) {
    const samples = (this.results[id]?.document.counters ?? []).filter(
      (sample) => sample.design === design && (scene === null || sample.scene === scene),
    );
    const [sample] = samples;
    if (samples.length !== 1 || sample.executions === 0 || sample.rows.length === 0) return null;
    const row = sample.rows.find((r) => r.name === name);
    // What this design never counts, others may.
    const { byDefault, mean } = row?.total ?? { byDefault: 0, mean: 0 };
    return `${byDefault === null ? '–' : number(byDefault)} · ${number(mean)}`;
  }

  command(id) {
    const word = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text}'`);
    return this.has(id) ? `heddle ${this.results[id].args.map(word).join(' ')}` : '';
  }
}

/** A symptom that has several shapes is declared as `S7`, `S7-leak`…: one row. */
const rowName = (symptom) => (/^S\d+-/.test(symptom) ? symptom.split('-')[0] : symptom);
const isKnown = (row) => /^S\d+$/.test(row);
const ORDER = { fuzz: 0, replay: 1, verify: 2 };

export function cellText(cell) {
  if (cell === null) return 'not measured';
  if (cell.verdict === 'absent') return `– ${short(cell.states)} states`;
  if (cell.verdict === 'not-run') return 'not measured';
  if (cell.verdict === 'not-found') return `? ${short(cell.executions)} ex., ${short(cell.states)} states`;
  const how =
    cell.origin === 'fuzz'
      ? `${short(cell.executions)} ex., ${seconds(cell.ms)}`
      : cell.origin === 'replay'
        ? 'by replay'
        : 'by search';
  return `**P** ${how}, ${cell.scene}`;
}

export function table(head, rows) {
  const line = (cells) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The measured matrix: the known symptoms, then what the model names besides. */
export function matrixPart(measured) {
  const rows = measured.rows().map((symptom) => {
    const scenes = measured.of(symptom).flatMap(({ experiment }) => experiment.scenes);
    const cells = DESIGNS.map((design) => cellText(measured.cell(symptom, design)));
    const where = isKnown(symptom) ? [...new Set(scenes)].join(', ') || '–' : 'all';
    return [symptom, where, ...cells];
  });
  return table(['', 'scenes', ...DESIGNS], rows);
}

/** The table of what was known or expected: typed once, in experiments.mjs. */
export function expectedPart() {
  return table(
    ['', 'symptom', ...DESIGNS],
    Object.entries(SYMPTOMS).map(([name, title]) => [name, title, ...(EXPECTED[name] ?? [])]),
  );
}

/** What a measured cell says of an expected one. */
export function verdictOf(expected, cell) {
  if (cell === null || cell.verdict === 'not-run') return 'open';
  const isFound = cell.verdict === 'found';
  if (expected === 'P') return isFound ? 'agrees' : cell.verdict === 'absent' ? 'differs' : 'open';
  if (expected === '~') return isFound ? 'agrees' : 'open';
  if (isFound) return expected === 'e' ? 'refuted' : 'differs';
  if (cell.verdict !== 'absent') return 'open';
  return expected === 'e' ? 'confirmed' : 'agrees';
}

/** Cells where the tables differ or an expectation has been decided, with the reason that somebody has written down. */
export function differencesPart(measured, notes) {
  const rows = [];
  const counts = {};
  for (const symptom of Object.keys(SYMPTOMS)) {
    DESIGNS.forEach((design, i) => {
      const expected = EXPECTED[symptom][i];
      const cell = measured.cell(symptom, design);
      const verdict = verdictOf(expected, cell);
      counts[verdict] = (counts[verdict] ?? 0) + 1;
      if (verdict === 'agrees' || verdict === 'open') return;
      rows.push([
        `${symptom}, ${design}`,
        expected,
        cellText(cell),
        verdict,
        notes[`${symptom} ${design}`] ?? (verdict === 'confirmed' ? '' : 'not explained yet'),
      ]);
    });
  }
  const order = ['agrees', 'confirmed', 'refuted', 'differs', 'open'];
  const summary = order.map((name) => `${counts[name] ?? 0} ${name}`).join(', ');
  const text = `Of ${Object.keys(SYMPTOMS).length * DESIGNS.length} cells: ${summary}.`;
  return rows.length > 0 ? `${text}\n\n${table(['cell', 'thread', 'measured', 'so', 'why'], rows)}` : text;
}

/** Findings that fit no symptom of the thread, once for all designs that show them. */
export function besidesPart(measured, notes) {
  const found = new Map();
  for (const { document } of Object.values(measured.results)) {
    for (const { row, title, kind, design, scene, preemptions, folder } of document.findings) {
      if (isKnown(rowName(row))) continue;
      const known = found.get(title) ?? { row, kind, title, designs: new Map(), preemptions, folder };
      if (!known.designs.has(design)) known.designs.set(design, scene);
      if (preemptions < known.preemptions) Object.assign(known, { preemptions, folder });
      found.set(title, known);
    }
  }
  if (found.size === 0) return 'Nothing so far.';
  const rows = [...found.values()]
    .sort((a, b) => a.title.localeCompare(b.title))
    .map(({ title, row, designs, preemptions }) => [
      title,
      row,
      [...designs].map(([design, scene]) => `${design} (${scene})`).join(', '),
      preemptions,
      notes[title] ?? 'not explained yet',
    ]);
  return table(
    ['finding', 'row', 'designs, with a scene', 'preemptions', 'possible in the kernel of that design?'],
    rows,
  );
}

/** One table an experiment that counts: counters by design, as measured by the first scene. */
export function countersPart(measured) {
  const parts = Object.values(measured.results)
    .filter(({ experiment, document }) => experiment.cost && document.counters.some(({ rows }) => rows.length > 0))
    .map(({ experiment, document }) =>
      experiment.scenes.map((scene) => counterTable(experiment, document, scene)).join('\n\n'),
    );
  return parts.length > 0 ? parts.join('\n\n') : 'Not measured yet.';
}

function counterTable({ what, designs }, { counters, per }, scene) {
  const samples = counters.filter((sample) => sample.scene === scene);
  const names = [...new Set(samples.flatMap(({ rows }) => rows.map(({ name }) => name)))].sort();
  const cell = (design, name, which) => {
    const sample = samples.find((s) => s.design === design);
    if (!sample || sample.executions === 0) return '–';
    const row = sample.rows.find((r) => r.name === name);
    if (!row) return which === 'total' || sample.rows.some((r) => r.per !== null) ? '0' : '–';
    const measure = row[which];
    if (!measure) return '–';
    const { byDefault, min, mean, max } = measure;
    const range = min === max ? '' : ` (${number(min)}–${number(max)})`;
    return `${byDefault === null ? '–' : number(byDefault)} · ${number(mean)}${range}`;
  };
  const rows = names.flatMap((name) => {
    const total = [name, ...designs.map((design) => cell(design, name, 'total'))];
    const divided = designs.map((design) => cell(design, name, 'per'));
    // Where one device is bound, the quotient is the counter.
    const isDivided = divided.some((text, i) => text !== '–' && text !== total[i + 1]) && name !== per;
    return isDivided ? [total, [`… per ${per}`, ...divided]] : [total];
  });
  return `**${scene}**: ${what}.\n\n${table(['counter', ...designs], rows)}`;
}
