/** The measured document as tables. */
import { round, short, table } from '../lib/stats.mjs';

const HEAD = ['', 'search ms', 'report ms', 'prepare ms', 'states', 'transitions', 'memory MB'];

function sceneTable({ rows }, markdown) {
  const body = rows.map((row) => [
    row.label,
    round(row.searchMs, 0),
    row.reportMs === null ? null : round(row.reportMs, 0),
    round(row.prepareMs, 0),
    row.states.toLocaleString('en'),
    row.transitions.toLocaleString('en'),
    round(row.memoryMB, 0),
  ]);
  return table([HEAD, ...body], markdown);
}

function aimsTable(scenes, markdown) {
  const rows = scenes.map(({ name, timeRatio, statesRatio, memoryRatio, sameVerdicts, timeAimMet }) => [
    name,
    timeRatio,
    timeAimMet === null ? null : timeAimMet ? 'yes' : 'no',
    statesRatio,
    memoryRatio,
    sameVerdicts === null ? null : sameVerdicts ? 'yes' : 'NO',
  ]);
  const head = ['Heddle ÷ SPIN, both with reduction', 'time', '≤ 0.1', 'states', 'memory', 'same verdicts'];
  return table([head, ...rows], markdown);
}

const kinds = (list) => (list === null ? '–' : list.length ? list.join(', ') : 'none');

export function render(result, markdown) {
  const { machine, spin } = result;
  const out = [
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}${spin.version ? `, ${spin.version}, ${machine.gcc}` : ''}; load ${machine.load.before} before, ${machine.load.after} after; medians of ${result.rounds}.`,
  ];
  if (spin.obstacle) out.push('', `SPIN IS SKIPPED: ${spin.obstacle}.`);
  for (const scene of result.scenes) {
    out.push('', markdown ? `### ${scene.name}\n` : scene.name, sceneTable(scene, markdown), '');
    out.push(`Findings: Heddle ${kinds(scene.kinds.heddle)}; SPIN ${kinds(scene.kinds.spin)}.`);
  }
  out.push('', markdown ? '### Ratios\n' : 'Ratios', aimsTable(result.scenes, markdown));
  const total = result.scenes.reduce((sum, { rows }) => sum + rows.reduce((s, row) => s + row.states, 0), 0);
  out.push('', `${short(total)} states in all.`);
  return out.join('\n');
}
