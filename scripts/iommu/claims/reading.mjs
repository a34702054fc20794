// How a claim's row is read off the results: answers are true, false, or null where what they need was not measured or not decided.
import { cellText, number, withElsewhere } from '../page.mjs';

/** Symptoms of the race about dev->iommu itself. */
export const PROBING = ['S1', 'S2', 'S3', 'S4'];

/** All true → true, one false → false, else one unknown → null. */
export const all = (list) => (list.includes(false) ? false : list.includes(null) ? null : true);
/** Is the list there, and not empty? */
export const some = (list) => (list === null ? null : list.length > 0);
export const not = (answer) => (answer === null ? null : !answer);

/** Found → true, absent → false, undecided or not measured → null. */
export function shows(cell) {
  if (cell?.verdict === 'found') return true;
  return cell?.verdict === 'absent' || cell?.verdict === 'silent' ? false : null;
}

/** The same of a design in whatever experiment: what another one than those of the row shows is shown. */
export const showsAnywhere = (m, symptom, design) =>
  m.elsewhere(symptom, design).length > 0 ? true : shows(m.cell(symptom, design));

/** `firmware scans: v6.7 2, …` in the execution without preemptions, or null if no design has it. */
export function counters(m, id, name, designs, where = {}) {
  const parts = designs.flatMap((design) => {
    const value = m.counter(id, design, name, where);
    return value === null ? [] : [`${design} ${number(value.byDefault)}`];
  });
  return parts.length > 0 ? `${name}: ${parts.join(', ')}` : null;
}

/** The same for each value of a swept option: `v6.7 1, 2, 3`. */
export function swept(m, id, name, designs) {
  const { experiment } = m.sweeps[id] ?? {};
  if (!experiment) return null;
  const values = Array.from({ length: experiment.to - experiment.from + 1 }, (_, i) => experiment.from + i);
  const parts = designs.flatMap((design) => {
    const list = values.map((value) => m.counter(id, design, name, { value }));
    if (list.includes(null)) return [];
    const texts = list.map(({ byDefault }) => number(byDefault));
    return [`${design} ${new Set(texts).size === 1 ? texts[0] : texts.join('/')}`];
  });
  return parts.length > 0 ? `${name} for ${experiment.letter}=${values.join('/')}: ${parts.join(', ')}` : null;
}

/** A counter in the execution without preemptions. */
export const value = (m, id, design, name, where) => m.counter(id, design, name, where)?.byDefault ?? null;

/** Of several counters; null if one was not measured. */
export function sum(m, id, design, names, where) {
  const values = names.map((name) => value(m, id, design, name, where));
  return values.includes(null) ? null : values.reduce((total, x) => total + x, 0);
}

/** `S1: v6.7 –, …`, of an experiment or of the symptom's row, then with the experiments that show it although the row's do not. */
export function cells(m, symptom, designs, id = null) {
  const parts = designs.flatMap((design) => {
    const cell = id === null ? m.cell(symptom, design) : m.cellIn(id, symptom, design);
    if (cell === null) return [];
    return [`${design} ${id === null ? withElsewhere(m, symptom, design) : cellText(cell)}`];
  });
  return parts.length > 0 ? `${symptom}: ${parts.join(', ')}` : null;
}

export const join = (parts) => {
  const known = parts.filter((part) => part !== null);
  return known.length > 0 ? known.join('; ') : null;
};

export const inExperiment = (id, text) => text && `${id}, ${text}`;
export const shownText = (list) => (list.length > 0 ? list.join(', ') : 'none');

/** What a design shows in all of these experiments; null if one was not run. */
export function shownIn(m, ids, design) {
  const lists = ids.map((id) => m.shown(id, design));
  return lists.includes(null) ? null : [...new Set(lists.flat())].sort();
}

/** `v6.7 shows …` in an experiment. */
export function shownLine(m, id, design) {
  const shown = m.shown(id, design);
  return shown && `${id}, ${design} shows ${shownText(shown)}`;
}
