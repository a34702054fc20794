// The generated parts of docs/iommu.md, from results and nothing else.
import { DESIGNS, EXPECTED, EXPERIMENTS, NOT_COMPARED, SMALLEST, SYMPTOMS } from './experiments.mjs';
import { medianOf } from './first.mjs';
import { commandLine } from './heddle.mjs';
import { isKnown, isWithoutItsLock, rowName, verdictOf } from './measured.mjs';

export const short = (n) =>
  n >= 999_500 ? `${(n / 1e6).toFixed(1)} M` : n >= 999.5 ? `${(n / 1e3).toFixed(1)} k` : String(Math.round(n));
const seconds = (ms) => (ms >= 99_950 ? `${Math.round(ms / 1000)} s` : `${(ms / 1000).toFixed(1)} s`);
export const number = (x) => (x === null ? '–' : Number.isInteger(x) ? String(x) : x.toFixed(2));

export function cellText(cell) {
  if (cell === null) return 'not measured';
  switch (cell.verdict) {
    case 'absent': {
      const elsewhere = cell.open.length > 0 ? `; not all of ${cell.open.join(', ')}` : '';
      return `– ${short(cell.states)} states${elsewhere}`;
    }
    case 'silent':
      return `– not in ${short(cell.executions)} ex., not searched to the end`;
    case 'found': {
      const { origin, executions, ms, scene } = cell;
      const how = { fuzz: `${short(executions)} ex., ${seconds(ms ?? 0)}`, replay: 'by replay', verify: 'by search' };
      return `**P** ${how[origin]}, ${scene}`;
    }
    default:
      return `? not in ${short(cell.executions)} ex., ${short(cell.states)} states`;
  }
}

/** The cell of a symptom in a design, and the experiments that show it although the cell's own do not. */
export function withElsewhere(measured, symptom, design) {
  const cell = measured.cell(symptom, design);
  const elsewhere = cell === null || cell.verdict === 'found' ? [] : measured.elsewhere(symptom, design);
  return `${cellText(cell)}${elsewhere.length > 0 ? `; **P** in ${elsewhere.join(', ')}` : ''}`;
}

const cellOf = (measured, symptom, design) => NOT_COMPARED[symptom] ?? withElsewhere(measured, symptom, design);

export function table(head, rows) {
  const line = (cells) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The table of what was known or expected: typed once, in experiments.mjs. */
export function expectedPart() {
  return table(
    ['', 'symptom', ...DESIGNS],
    Object.entries(SYMPTOMS).map(([name, title]) => [name, title, ...(EXPECTED[name] ?? [])]),
  );
}

/** The measured matrix: the known symptoms, then what the model names besides. */
export function matrixPart(measured) {
  const rows = measured.rows().map((symptom) => {
    const cells = DESIGNS.map((design) => cellOf(measured, symptom, design));
    return [symptom, SMALLEST[symptom]?.scene ?? (isKnown(symptom) ? '' : 'all'), ...cells];
  });
  return table(['', 'smallest scene', ...DESIGNS], rows);
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
      const note = notes[`${symptom} ${design}`];
      const isRefuted = expected !== 'P' && cell?.verdict !== 'found' && measured.elsewhere(symptom, design).length > 0;
      if ((verdict === 'agrees' && !isRefuted) || (verdict === 'open' && cell === null)) return;
      const why = note ?? (verdict === 'confirmed' && !isRefuted ? '' : 'not explained yet');
      const so = isRefuted ? `${verdict}, but not there` : verdict;
      rows.push([`${symptom}, ${design}`, expected, cellOf(measured, symptom, design), so, why]);
    });
  }
  const order = ['agrees', 'confirmed', 'refuted', 'differs', 'open'];
  const summary = order.map((name) => `${counts[name] ?? 0} ${name}`).join(', ');
  const text = `Of ${Object.keys(SYMPTOMS).length * DESIGNS.length} cells: ${summary}.`;
  return rows.length > 0 ? `${text}\n\n${table(['cell', 'thread', 'measured', 'so', 'why'], rows)}` : text;
}

/** Findings that fit no symptom of the thread, and those whose symptom the thread has for other designs only. */
export function isBeside({ row, design }) {
  const name = rowName(row);
  if (!isKnown(name)) return true;
  return !['P', '~'].includes(EXPECTED[name]?.[DESIGNS.indexOf(design)]);
}

/** The note that a finding belongs to. */
export function noteOf(finding, notes) {
  return notes.find(({ fits }) => fits(finding)) ?? null;
}

/** One row a bug: findings that a note joins are one. What has no note has a row of its own. */
export function besidesPart(measured, notes) {
  const bugs = new Map();
  const scenes = Object.values(measured.matrix).flatMap(({ experiment, findings }) =>
    isWithoutItsLock(experiment)
      ? []
      : findings.filter(isBeside).map((finding) => ({ ...finding, experiment: experiment.id })),
  );
  for (const finding of scenes) {
    const note = noteOf(finding, notes);
    const key = note?.name ?? finding.title;
    const bug = bugs.get(key) ?? {
      note,
      key,
      row: new Set(),
      designs: new Map(),
      places: new Set(),
      smallest: finding,
    };
    bug.row.add(finding.row);
    bug.places.add(`${finding.kind}-${finding.signature}`);
    if (!bug.designs.has(finding.design)) bug.designs.set(finding.design, finding.scene);
    if (finding.preemptions < bug.smallest.preemptions) bug.smallest = finding;
    bugs.set(key, bug);
  }
  if (bugs.size === 0) return 'Nothing so far.';
  const place = ({ note }) => (note ? notes.indexOf(note) : notes.length);
  const rows = [...bugs.values()]
    .sort((a, b) => place(a) - place(b) || a.key.localeCompare(b.key))
    .map(({ note, key, row, designs, places, smallest }) => [
      key,
      [...row].sort().join(', '),
      [...designs].map(([design, scene]) => `${design} (${scene})`).join(', '),
      places.size,
      `${smallest.experiment}, ${smallest.design}, ${smallest.scene}: ${smallest.switches || 'no switch'}`,
      note?.argument ?? 'not explained yet',
    ]);
  const head = [
    ...['what', 'rows', 'designs, with a scene', 'places', 'smallest schedule'],
    'can it happen in the kernel of that design?',
  ];
  return table(head, rows);
}

/** Medians of the first findings, on the smallest scenes and in the largest. */
export function firstPart(measured) {
  const groups = Object.values(measured.first);
  const cell = (symptom, design, where) => {
    if (EXPECTED[symptom][DESIGNS.indexOf(design)] !== 'P') return '';
    const result = groups.find(
      ({ group }) => group.where === where && group.design === design && group.symptoms.includes(symptom),
    );
    const median = result ? medianOf(result, symptom) : null;
    if (median === null) return 'not measured';
    const { found, of, executions, ms } = median;
    if (!Number.isFinite(ms)) return `not found in ${result.limit} (${found} of ${of} campaigns have it)`;
    return `${seconds(ms)}, ${short(executions)} ex.${found < of ? ` (${found} of ${of})` : ''}`;
  };
  const own = Object.keys(SYMPTOMS).filter((symptom) => EXPECTED[symptom].includes('P'));
  const rowsOf = (where) => own.map((symptom) => [symptom, ...DESIGNS.map((design) => cell(symptom, design, where))]);
  return [
    `On the smallest scene:\n\n${table(['', ...DESIGNS], rowsOf('smallest'))}`,
    `In the scene \`full\`:\n\n${table(['', ...DESIGNS], rowsOf('full'))}`,
  ].join('\n\n');
}

/** Whether what a design's key is there for comes back when it is taken away. */
export function mutationsPart(measured) {
  const results = Object.values(measured.mutations);
  if (results.length === 0) return 'Not measured yet.';
  const rows = results.flatMap(({ experiment, rows, runs }) =>
    experiment.designs.map((design) => {
      const shown = rows.filter((row) => runs.some((run) => run.design === design && row in run.found));
      const back = experiment.brings.filter((symptom) => shown.some((row) => rowName(row) === symptom));
      const rest = shown.filter((row) => !back.includes(rowName(row)));
      const options = Object.entries(experiment.options).map(([name, value]) => `${name}=${value}`);
      return [
        experiment.what,
        [...experiment.scenes, ...options].join(', '),
        experiment.brings.join(', '),
        back.length > 0 ? back.join(', ') : '**none comes back**',
        rest.join(', '),
      ];
    }),
  );
  return table(['taken away', 'scene and options', 'what it is there for', 'back', 'besides'], rows);
}

/** One table an experiment that counts: counters by design, in each scene. */
export function countersPart(measured) {
  const parts = Object.values(measured.matrix)
    .filter(({ experiment, counters }) => experiment.cost && counters.some(({ rows }) => Object.keys(rows).length > 0))
    .flatMap(({ experiment, counters }) => experiment.scenes.map((scene) => counterTable(experiment, counters, scene)));
  return parts.length > 0 ? parts.join('\n\n') : 'Not measured yet.';
}

const countersOf = (samples) => [...new Set(samples.flatMap(({ rows }) => Object.keys(rows)))].sort();

function counterTable({ id, what, designs }, counters, scene) {
  const samples = counters.filter((sample) => sample.scene === scene);
  const cell = (design, name) => {
    const sample = samples.find((s) => s.design === design);
    if (!sample || sample.executions === 0) return '–';
    const [byDefault, mean, min, max] = sample.rows[name]?.total ?? [0, 0, 0, 0];
    const range = min === max ? '' : ` (${number(min)}–${number(max)})`;
    return `${number(byDefault)} · ${number(mean)}${range}`;
  };
  const rows = countersOf(samples).map((name) => [name, ...designs.map((design) => cell(design, name))]);
  return `**${id}, ${scene}**: ${what}.\n\n${table(['counter', ...designs], rows)}`;
}

/** Counters of the execution without preemptions as functions of one option. */
export function sweepsPart(measured) {
  const parts = Object.values(measured.sweeps).map(({ experiment, counters }) => {
    const { letter, what, option, from, to, scene, designs } = experiment;
    const values = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const cell = (design, name) => {
      const list = values.map((value) => {
        const sample = counters.find((s) => s.design === design && s.value === value);
        return sample && Object.keys(sample.rows).length > 0 ? number((sample.rows[name]?.total ?? [0])[0]) : '?';
      });
      return new Set(list).size === 1 ? list[0] : list.join(', ');
    };
    const rows = countersOf(counters).map((name) => [name, ...designs.map((design) => cell(design, name))]);
    const head = `**${letter}**, ${what}: ${option}=${values.join(', ')} in ${scene}. One figure: the same for each.`;
    return `${head}\n\n${table(['counter', ...designs], rows)}`;
  });
  return parts.length > 0 ? parts.join('\n\n') : 'Not measured yet.';
}

/** Which committed schedule shows a symptom in a design; `schedules`: `{ design, symptom, name }`. Where there is none, why. */
export function schedulesPart(measured, schedules) {
  const found = new Set(measured.everything().map(({ design, symptom }) => `${design} ${rowName(symptom)}`));
  const rows = measured.rows().map((symptom) => [
    symptom,
    ...DESIGNS.map((design) => {
      const own = schedules.filter((one) => one.design === design && rowName(one.symptom) === symptom);
      if (own.length > 0) return own.map(({ name }) => name).sort()[0];
      if (found.has(`${design} ${symptom}`)) return '**missing**';
      return NOT_COMPARED[symptom] ?? cellText(measured.cell(symptom, design)).split(/[;,]/)[0];
    }),
  ]);
  return table(['', ...DESIGNS], rows);
}

/** Of which model, with which budgets. */
export function provenancePart({ model, measured }) {
  const all = Object.values(measured.matrix);
  if (all.length === 0) return 'Nothing has been measured yet.';
  const missing = EXPERIMENTS.filter(({ id }) => !measured.has(id)).map(({ id }) => id);
  const unfinished = all.filter(({ complete }) => !complete).length;
  const budgets = new Set(
    all.map(({ args }) => `${flag(args, 'budget')} executions, then a search in ${flag(args, 'verify-memory')}`),
  );
  return [
    `Model ${model.slice(0, 16)}; each design in each scene: ${[...budgets].join('; ')}; seed 1, deterministic.`,
    ...(missing.length > 0 ? [`Not measured: ${missing.join(', ')}.`] : []),
    ...(unfinished > 0 ? [`Interrupted: ${unfinished}.`] : []),
  ].join(' ');
}

const flag = (args, name) => args[args.indexOf(`--${name}`) + 1];

export function experimentsPart(measured) {
  const rows = EXPERIMENTS.map(({ id, what, scenes, options = {}, symptoms }) => {
    const given = Object.entries(options).map(([name, value]) => `${name}=${value}`);
    return [
      id,
      what,
      [...scenes, ...given].join(', '),
      symptoms.join(', ') || '–',
      measured.has(id) ? 'measured' : 'not measured',
    ];
  });
  const first = Object.values(measured.first).map(({ args }) => args);
  const list = [
    ...Object.values(measured.matrix),
    ...Object.values(measured.mutations),
    ...Object.values(measured.sweeps),
  ]
    .map(({ args }) => args)
    .concat(
      Object.values(measured.locks).map(({ args }) => args),
      Object.values(measured.soaks).map(({ args }) => args),
      first,
    )
    .map(commandLine);
  const commands = list.length > 0 ? `\n\n\`\`\`sh\n${list.join('\n')}\n\`\`\`` : '';
  return `${table(['experiment', 'what happens', 'scenes and options', 'rows', 'state'], rows)}${commands}`;
}
