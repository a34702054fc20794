/** What a series of trials says, and how it compares with what is published. */
import { median } from '../lib/stats.mjs';
import { figure, least, TOOLS } from './published.mjs';

const RESAMPLES = 2_000;
const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length;

/** Numbers from 0 to 1 that are the same each time. */
function generator(seed) {
  let x = seed >>> 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

/** 95 % interval of the mean, by resampling: the trials are far from normal. */
export function interval(list) {
  const random = generator(list.length * 2654435761);
  const means = Array.from({ length: RESAMPLES }, () =>
    mean(list.map(() => list[Math.floor(random() * list.length)])),
  ).sort((a, b) => a - b);
  return [means[Math.floor(RESAMPLES * 0.025)], means[Math.ceil(RESAMPLES * 0.975) - 1]];
}

/** Of the trials that found the bug, as the published figures are; `found` of `trials` says how many did. */
export function summarize(results) {
  const hits = results.filter((result) => result !== null);
  const executions = hits.map((hit) => hit.executions);
  const seconds = hits.map((hit) => hit.ms / 1000);
  const none = hits.length === 0;
  return {
    trials: results.length,
    found: hits.length,
    mean: none ? null : mean(executions),
    median: none ? null : median(executions),
    interval: none ? null : interval(executions),
    seconds: none ? null : { mean: mean(seconds), median: median(seconds) },
    results,
  };
}

const geometricMean = (list) => Math.exp(mean(list.map(Math.log)));

/** Beside the least published mean. */
export function besideLeast(row) {
  const best = least(row.published);
  if (!best || row.mean === null) return { least: best, ratio: null, withinTwice: best ? false : null };
  const ratio = row.mean / best.mean;
  return { least: best, ratio, withinTwice: row.found === row.trials && ratio <= 2 };
}

/**
 * Rows of one strategy against each published tool, over the programs where both have a mean; what only one side found is counted. A mean of
 * few successes flatters whoever has it, so read it with the counts.
 */
export function againstTools(rows) {
  return TOOLS.map(({ artifact, tool }) => {
    const pairs = rows.map((row) => ({ row, theirs: figure(row.published, { artifact, tool }) }));
    const known = pairs.filter(({ theirs }) => theirs !== null);
    const both = known.filter(({ row, theirs }) => row.mean !== null && theirs.mean !== null);
    const ours = both.length ? geometricMean(both.map(({ row }) => row.mean)) : null;
    const theirs = both.length ? geometricMean(both.map((pair) => pair.theirs.mean)) : null;
    return {
      artifact,
      tool,
      programs: both.length,
      ours,
      theirs,
      ratio: both.length ? ours / theirs : null,
      missedTrials: {
        ours: known.reduce((sum, { row }) => sum + (row.trials - row.found) / row.trials, 0),
        theirs: known.reduce((sum, pair) => sum + (pair.theirs.trials - pair.theirs.found) / pair.theirs.trials, 0),
      },
    };
  }).filter(({ programs }) => programs > 0);
}
