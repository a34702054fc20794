/** Flags of the programs of bench/: what is wrong with them is said in one line, and ends the program with 2. */
import { parseArgs } from 'node:util';

/** @returns never */
export function refuse(message) {
  process.stderr.write(`${message.replaceAll('\n', ' ')}\n`);
  process.exit(2);
}

/** The values of flags declared as for `parseArgs`; there are no arguments besides. */
export function flagsOf(options, args = process.argv.slice(2)) {
  try {
    return parseArgs({ options, args }).values;
  } catch (error) {
    if (error.code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
    return refuse(error.message);
  }
}

/** A whole number from `least` on. */
export function wholeNumber(values, flag, least = 1) {
  const n = Number(values[flag]);
  if (Number.isSafeInteger(n) && n >= least) return n;
  return refuse(`--${flag} takes a whole number from ${least} on, not “${values[flag]}”`);
}

export function positive(values, flag) {
  const n = Number(values[flag]);
  if (Number.isFinite(n) && n > 0) return n;
  return refuse(`--${flag} takes a number above 0, not “${values[flag]}”`);
}

/** One of `all`. */
export function oneOf(values, flag, all) {
  if (all.includes(values[flag])) return values[flag];
  return refuse(`--${flag}: there is no “${values[flag]}”; there are: ${all.join(', ')}`);
}

/** The members of a list by commas, each one of `all`. */
export function listOf(values, flag, all) {
  const names = values[flag].split(',');
  for (const name of names) oneOf({ [flag]: name }, flag, all);
  return names;
}
