/** The measured document as tables: text for the terminal, Markdown for docs/benchmarks.md. */
import { short, table } from './stats.mjs';

const percent = (share) => `${Math.round(share * 100)} %`;
const wholeOr = (ns) => (ns === null ? null : Math.round(ns));

function modelTable(rows, markdown) {
  const times = ['ns/execution', 'linked ns', 'native ns', 'native ÷ executor', 'native ÷ linked'];
  const head = ['switches', 'points', 'switched', ...times, 'executions/s'];
  const body = rows.map((row) => [
    row.switches,
    row.points,
    row.switched,
    wholeOr(row.executorNs),
    wholeOr(row.linkedNs),
    wholeOr(row.nativeNs),
    row.nativeRatio?.toFixed(2),
    row.linkedRatio?.toFixed(2),
    short(row.execsPerSecond),
  ]);
  return table([head, ...body], markdown);
}

function costTable(result, markdown) {
  const { nsPerPoint, nsPerSwitch } = result;
  const rows = [
    ['', 'executor', 'native'],
    ['ns a point, no switches', nsPerPoint.executor, nsPerPoint.native],
    ['ns a switch, at each point', nsPerSwitch.executor, nsPerSwitch.native],
    ...nsPerSwitch.byDepth.map((row) => [`ns a switch, call depth ${row.depth}`, row.executorNs, row.nativeNs]),
  ];
  return table(rows, markdown);
}

function campaignTable(result, markdown) {
  const e = result.campaign.execsPerSecond;
  const per = (value, ratio) => [short(value), ratio?.toFixed(2)];
  const rows = [
    ['', 'executions/s', 'ratio', 'to'],
    ['raw executor, one thread', ...per(e.raw), ''],
    ['campaign, random, one worker', ...per(e.campaign, result.campaignRatio), 'raw'],
    ['campaign, random, two workers', ...per(e.twoWorkers, result.workersRatio), 'one worker'],
    ['raw executor, two threads', ...per(e.rawTwoThreads, result.campaign.rawThreadsRatio), 'one thread'],
    ['campaign, portfolio, one worker', ...per(e.portfolio), ''],
  ];
  return table(rows, markdown);
}

function fastCheckTable(result, markdown) {
  const rows = [
    ['', 'executions/s'],
    ["fast-check's scheduler", short(result.fastCheck.execsPerSecond)],
    ['raw executor, a decision at each point', short(result.fastCheck.executorExecsPerSecond)],
    ['ratio', Math.round(result.fastCheckRatio)],
  ];
  return table(rows, markdown);
}

function profileTable(profile, markdown) {
  const parts = Object.keys(profile[0].share);
  const rows = [
    [
      '',
      ...profile.map(({ column }) =>
        column === 'mutation'
          ? 'mutated, 4 deviations'
          : `${column} switches`.replace('every point switches', 'every point'),
      ),
    ],
    ['ns/execution', ...profile.map(({ ns }) => ns)],
    ...parts.map((part) => [part, ...profile.map(({ share }) => percent(share[part]))]),
  ];
  return table(rows, markdown);
}

function aimsTable(aims, markdown) {
  const number = (value) => (value === null ? null : value >= 1000 ? short(value) : value.toFixed(2));
  const rows = [
    ['aim', 'wanted', 'measured', 'met'],
    ...aims.map(({ name, aim, measured, met }) => [
      name,
      `≥ ${number(aim)}`,
      number(measured),
      met === null ? '–' : met ? 'yes' : 'no',
    ]),
  ];
  return table(rows, markdown);
}

/** All tables, each under its title. */
export function render(result, markdown) {
  const title = (text) => (markdown ? `### ${text}\n` : `\n${text}\n`);
  const { machine } = result;
  const compiler = machine.gcc ? `, ${machine.gcc}` : '';
  const out = [
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}${compiler}; load ${machine.load.before} before, ${machine.load.after} after.`,
  ];
  if (result.native.obstacle) out.push('', `No native column: ${result.native.obstacle}.`);
  for (const [name, rows] of Object.entries(result.models)) {
    out.push(
      '',
      title(name === 'toy' ? 'toy: 3 tasks of 8 points' : 'probe: 4 tasks, about 55 points'),
      modelTable(rows, markdown),
    );
  }
  if (result.native.equalHashes) {
    const n = Object.values(result.native.equalHashes).flatMap((checks) => Object.values(checks));
    const executions = n.reduce((sum, check) => sum + check.executions, 0);
    out.push(
      '',
      `Native and executor agreed on every hash, point, switch, deviation and feature of ${executions.toLocaleString('en')} executions.`,
    );
  }
  out.push('', title('Points and switches'), costTable(result, markdown));
  if (result.campaign) out.push('', title('Campaign, on toy'), campaignTable(result, markdown));
  if (result.fastCheck) out.push('', title('fast-check, on toy'), fastCheckTable(result, markdown));
  if (result.profile) out.push('', title('Shares, on probe'), profileTable(result.profile, markdown));
  out.push('', title('Aims'), aimsTable(result.aims, markdown));
  return out.join('\n');
}
