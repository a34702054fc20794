// The flags of scripts/iommu-matrix.mjs.
import { EXPERIMENTS } from './experiments.mjs';

export const PARTS = ['matrix', 'sweeps', 'mutations', 'first', 'locks', 'soaks', 'proofs'];
const FLAGS = ['--render', '--quick'];
const VALUES = ['--parts', '--only', '--minutes', '--budget', '--verify-memory', '--out'];

/** @throws Error for what the script does not know. */
export function parseFlags(words) {
  const flags = {};
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (FLAGS.includes(word)) flags[word.slice(2)] = true;
    else if (VALUES.includes(word) && words[i + 1] !== undefined) flags[word.slice(2)] = words[++i];
    else throw new Error(`${word}: there are ${[...FLAGS, ...VALUES.map((name) => `${name} VALUE`)].join(', ')}`);
  }
  for (const [name, list] of [
    ['parts', PARTS],
    ['only', EXPERIMENTS.map(({ id }) => id)],
  ]) {
    const unknown = (flags[name]?.split(',') ?? []).filter((one) => !list.includes(one));
    if (unknown.length > 0) throw new Error(`--${name} ${unknown.join(',')}: there are ${list.join(', ')}`);
  }
  return flags;
}
