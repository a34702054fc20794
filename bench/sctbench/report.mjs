/** The measured document as tables. */
import { round, short, table } from '../lib/stats.mjs';
import { besideLeast } from './summary.mjs';

const fewDigits = (n) => (n === null ? null : n >= 1000 ? short(n) : round(n, n < 10 ? 1 : 0));

/** Mean; the trials that found it, if not all. */
function meanOf(row) {
  if (!row) return null;
  if (row.mean === null) return `– (0/${row.trials})`;
  return row.found === row.trials ? fewDigits(row.mean) : `${fewDigits(row.mean)} (${row.found}/${row.trials})`;
}

const intervalOf = (row) => (row?.interval ? row.interval.map(fewDigits).join('–') : null);

/** One strategy, both granularities, beside the least published mean. */
function portfolioTable(rows, programs, strategy, seconds, markdown) {
  const head = ['', 'A mean', 'A median', 'C mean', 'C 95 %', 'C median', 'published least', 'by', 'C ÷ least', '≤ 2'];
  const body = programs.map((name) => {
    const of = (granularity) =>
      rows.find((r) => r.program === name && r.granularity === granularity && r.strategy === strategy);
    const [a, c] = [of('A'), of('C')];
    const beside = c ? besideLeast(c) : null;
    const { least = null, ratio = null, withinTwice = null } = beside ?? {};
    return [
      name,
      meanOf(a),
      fewDigits(a?.median ?? null),
      meanOf(c),
      intervalOf(c),
      fewDigits(c?.median ?? null),
      least && fewDigits(least.mean),
      least && `${least.tool}${least.found < least.trials ? ` (${least.found}/${least.trials})` : ''}`,
      ratio === null ? null : round(ratio, 2),
      withinTwice === null ? null : withinTwice ? 'yes' : 'NO',
      ...(seconds ? [round(a?.seconds?.median ?? null, 3), round(c?.seconds?.median ?? null, 3)] : []),
    ];
  });
  return table([[...head, ...(seconds ? ['A s', 'C s'] : [])], ...body], markdown);
}

/** Means of all strategies. */
function strategiesTable(rows, programs, strategies, granularity, markdown) {
  const body = programs.map((name) => [
    name,
    ...strategies.map((s) =>
      meanOf(rows.find((r) => r.program === name && r.granularity === granularity && r.strategy === s)),
    ),
  ]);
  return table([['', ...strategies], ...body], markdown);
}

function toolsTable(comparison, markdown) {
  const body = comparison.map(({ artifact, tool, programs, ours, theirs, ratio, missedTrials }) => [
    `${tool} (${artifact})`,
    programs,
    round(ours, 1),
    round(theirs, 1),
    round(ratio, 2),
    round(missedTrials.ours, 1),
    round(missedTrials.theirs, 1),
  ]);
  const head = ['', 'programs', 'ours', 'theirs', 'ours ÷ theirs', 'missed by us', 'missed by them'];
  return table([head, ...body], markdown);
}

/** `seconds`: medians of the time to the finding as well, for a machine with nothing else to do. */
export function render(result, { markdown, seconds }) {
  const { rows, programs, strategies, granularities, comparison, trials } = result;
  const title = (text) => (markdown ? `#### ${text}\n` : text);
  const out = [];
  for (const strategy of strategies.filter((s) => s === 'portfolio')) {
    out.push(title(`The default, executions to the first finding, ${trials} trials`));
    out.push(portfolioTable(rows, programs, strategy, seconds, markdown), '');
  }
  if (comparison.length)
    out.push(title('Geometric means at C against each tool'), toolsTable(comparison, markdown), '');
  for (const granularity of strategies.some((s) => s !== 'portfolio') ? granularities : []) {
    out.push(title(`Mean executions to the first finding by strategy, granularity ${granularity}`));
    out.push(strategiesTable(rows, programs, strategies, granularity, markdown), '');
  }
  return out.join('\n').trimEnd();
}
