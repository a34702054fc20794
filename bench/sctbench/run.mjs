// npm run bench:sctbench: executions and seconds to the first bug of SCTBench's programs, beside what others published. docs/benchmarks.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import * as campaigns from '../../dist/campaign/types.js';
import { flagsOf, refuse, wholeNumber } from '../lib/flags.mjs';
import { round } from '../lib/stats.mjs';
import { PROGRAMS } from './programs.mjs';
import { PUBLISHED } from './published.mjs';
import { render } from './report.mjs';
import { againstTools, summarize } from './summary.mjs';
import { runSeries } from './trials.mjs';

/** Mutation alone has nothing to start from. */
const STRATEGIES = (campaigns.CAMPAIGN_STRATEGIES ?? ['portfolio', 'random', 'pct']).filter((s) => s !== 'mutation');
const PAGE = new URL('../../docs/benchmarks.md', import.meta.url);
const [BEGIN, END] = ['<!-- sctbench: begin -->', '<!-- sctbench: end -->'];

const HELP = `node bench/sctbench/run.mjs [flags]
  --programs LIST     names or beginnings of names, by commas; a whole name is that program only: ${PROGRAMS.map(({ name }) => name).join(', ')}
  --strategies LIST   by commas: ${STRATEGIES.join(', ')}; all by default; beginnings as well
  --granularity G     A, C or both (default)
  --trials N          trials of each, with seeds of their own; 20 by default
  --max-execs N       executions of a trial at most; 10000 by default, as in the SURW artifact
  --seconds N         for the default strategy on SafeStack: seconds of a trial at most, any number of executions; 120 by default
  --jobs N            threads; as many as there are processors by default
  --json              one JSON document on stdout (docs/benchmarks.md)
  --markdown          the tables of docs/benchmarks.md
  --update            writes them there: of all programs, both granularities, 20 trials or more, with portfolio`;

const say = (text) => process.stderr.write(`${text}\n`);

/** Members of `all` that a list of names or beginnings names, in their order. */
function chosen(text, all, what) {
  if (text === undefined) return all;
  const wanted = text.split(',');
  if (wanted.includes('')) refuse(`an element of the list “${text}” is empty`);
  const bad = wanted.find((name) => !all.some((one) => one.startsWith(name)));
  if (bad !== undefined) refuse(`no ${what} begins with “${bad}”; there are: ${all.join(', ')}`);
  const exact = (name) => all.includes(name);
  return all.filter((one) => wanted.some((name) => (exact(name) ? one === name : one.startsWith(name))));
}

function granularitiesOf(text) {
  if (text === 'both') return ['A', 'C'];
  if (text !== 'A' && text !== 'C') refuse(`--granularity takes A, C or both, not “${text}”`);
  return [text];
}

async function measure({ programs, strategies, granularities, trials, executions, seconds, jobs }) {
  const keys = programs.flatMap((program) =>
    granularities.flatMap((granularity) => strategies.map((strategy) => ({ program, granularity, strategy }))),
  );
  const series = keys.map(({ program, granularity, strategy }) => ({
    model: program.model,
    scene: program.scenes[granularity],
    kinds: program.kinds,
    strategy,
    limit:
      program.name === 'SafeStack' && strategy === 'portfolio'
        ? { executions: null, ms: seconds * 1000 }
        : { executions, ms: null },
    label: `${program.name}, ${granularity}, ${strategy}`,
  }));
  const before = loadavg()[0];
  const begin = performance.now();
  let complete = 0;
  const results = await runSeries(series, trials, jobs, ({ label }) => {
    complete += 1;
    say(`${complete}/${series.length} ${label}`);
  });
  const rows = keys.map(({ program, granularity, strategy }, i) => ({
    program: program.name,
    published: program.published,
    granularity,
    strategy,
    ...summarize(results[i]),
  }));
  const names = programs.map(({ name }) => name);
  const compared = rows.filter(({ strategy, granularity }) => strategy === 'portfolio' && granularity === 'C');
  return {
    schema: 'heddle.sctbench/1',
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      node: process.versions.node,
      jobs,
      load: { before: round(before), after: round(loadavg()[0]) },
    },
    trials,
    limits: { executions, safeStackSeconds: seconds },
    elapsedMs: Math.round(performance.now() - begin),
    programs: names,
    strategies,
    granularities,
    rows,
    comparison: againstTools(compared),
    published: PUBLISHED.filter(({ benchmark }) => programs.some(({ published }) => published === benchmark)),
  };
}

/** The published tables are not replaced by those of less. */
function refuseLess({ programs, strategies, granularities, trials, executions, seconds }) {
  const less = (what) => refuse(`--update replaces the published tables, so not with ${what}`);
  if (programs.length < PROGRAMS.length) less('some of the programs only (--programs)');
  if (granularities.length < 2) less('one granularity (--granularity)');
  if (trials < 20) less(`fewer than 20 trials (--trials ${trials})`);
  if (!strategies.includes('portfolio')) less('strategies without portfolio (--strategies)');
  if (executions < 10_000 || seconds < 120) less('shorter trials than the default (--max-execs, --seconds)');
}

function update(text) {
  const page = readFileSync(PAGE, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) refuse(`docs/benchmarks.md has no lines ${BEGIN} and ${END}`);
  writeFileSync(PAGE, `${page.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${page.slice(end)}`);
}

async function main() {
  const flag = { type: 'boolean', default: false };
  const text = { type: 'string' };
  const number = (value) => ({ type: 'string', default: String(value) });
  const values = flagsOf({
    programs: text,
    strategies: text,
    granularity: { type: 'string', default: 'both' },
    trials: number(20),
    'max-execs': number(10_000),
    seconds: number(120),
    jobs: number(availableParallelism()),
    json: flag,
    markdown: flag,
    update: flag,
    help: flag,
  });
  if (values.help) return console.log(HELP);
  const names = chosen(
    values.programs,
    PROGRAMS.map(({ name }) => name),
    'program',
  );
  const plan = {
    programs: PROGRAMS.filter(({ name }) => names.includes(name)),
    strategies: chosen(values.strategies, STRATEGIES, 'strategy'),
    granularities: granularitiesOf(values.granularity),
    trials: wholeNumber(values, 'trials'),
    executions: wholeNumber(values, 'max-execs'),
    seconds: wholeNumber(values, 'seconds'),
    jobs: wholeNumber(values, 'jobs'),
  };
  if (values.update) refuseLess(plan);
  const result = await measure(plan);
  if (values.update) update(render(result, { markdown: true, seconds: false }));
  if (values.json) return console.log(JSON.stringify(result, null, 2));
  return console.log(render(result, { markdown: values.markdown, seconds: !values.markdown }));
}

await main();
