/** Parsers of the flags of `heddle compare`. They throw commander's error, which becomes a usage error that names the flag. */
import { InvalidArgumentError } from 'commander';
import type { Budget, Sweep } from '../compare/types.js';
import { parseCount, parseDuration } from './parsers.js';

/** Values of one option at most: each is counted by itself. */
const SWEEP_MAX = 64;

/** `a,b`: names, each once. */
export function parseNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('write names with commas between them.');
  return [...new Set(names)];
}

export function collectPairs(
  text: string,
  previous: readonly (readonly [string, string])[] | undefined,
): readonly (readonly [string, string])[] {
  const [a, b, ...more] = parseNames(text);
  if (a === undefined || b === undefined || more.length > 0) throw new InvalidArgumentError('write two designs: a,b.');
  return [...(previous ?? []), [a, b]];
}

/** A number of executions, or a duration; 0 = none. */
export function parseBudget(text: string): Budget {
  if (text === '0') return { executions: null, ms: null };
  if (/^[\d_]+[kM]?$/.test(text)) return { executions: parseCount(1)(text), ms: null };
  if (/^[\d.]/.test(text)) return { executions: null, ms: parseDuration(text) };
  throw new InvalidArgumentError('write executions such as 200k, or a duration such as 30s.');
}

export interface OptionFlags {
  readonly values: Readonly<Record<string, number>>;
  readonly sweep: Sweep | null;
}

/** `name=value`, or `name=from..to` for one option at most. */
export function collectOptions(text: string, previous: OptionFlags | undefined): OptionFlags {
  const match = /^([^=]+)=(-?\d+)(?:\.\.(-?\d+))?$/.exec(text);
  if (!match) throw new InvalidArgumentError('write it as name=number or name=from..to.');
  const [, name = '', first = '', last] = match;
  const from = Number(first);
  const values = { ...previous?.values, [name]: from };
  const sweep = previous?.sweep ?? null;
  if (last === undefined) return { values, sweep: sweep?.option === name ? null : sweep };
  if (sweep !== null && sweep.option !== name) {
    throw new InvalidArgumentError(`only one option can have a range; ${sweep.option} has one already.`);
  }
  const count = Number(last) - from + 1;
  if (count < 1 || count > SWEEP_MAX) throw new InvalidArgumentError(`the range must have 1 to ${SWEEP_MAX} values.`);
  return { values, sweep: { option: name, values: Array.from({ length: count }, (_, i) => from + i) } };
}
