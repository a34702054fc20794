/** The figures that others published: published.csv. */
import { readFileSync } from 'node:fs';

const lines = readFileSync(new URL('published.csv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

const number = (text) => (text === '' ? null : Number(text));

export const PUBLISHED = lines.slice(1).map((line) => {
  const [benchmark, source, tool, found, trials, mean, sd, median] = line.split(',');
  return {
    benchmark,
    artifact: source.replace('-artifact', ''),
    tool,
    found: number(found),
    trials: number(trials),
    mean: number(mean),
    sd: number(sd),
    median: number(median),
  };
});

/** Parts of SURW taken away to see what they contribute: no tools. */
const isTool = ({ tool }) => !tool.includes('ablation');

/** Every tool of every artifact, the same algorithm in both artifacts twice: { artifact, tool }. */
export const TOOLS = [
  ...new Map(
    PUBLISHED.filter(isTool).map(({ artifact, tool }) => [`${artifact}/${tool}`, { artifact, tool }]),
  ).values(),
];

export const figure = (benchmark, { artifact, tool }) =>
  PUBLISHED.find((row) => row.benchmark === benchmark && row.artifact === artifact && row.tool === tool) ?? null;

/** The least mean of a tool that found the bug in every trial; null if nothing is published. */
export function least(benchmark) {
  const rows = PUBLISHED.filter((row) => row.benchmark === benchmark && isTool(row) && row.mean !== null);
  const always = rows.filter((row) => row.found === row.trials);
  return (always.length ? always : rows).reduce((best, row) => (best && best.mean <= row.mean ? best : row), null);
}
