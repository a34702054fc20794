/**
 * Sites as strings: one canonical text for each site, the same that schedule files use, so that sites can be map keys
 * and be shown.
 */
import { HeddleError } from '../errors.js';
import type { SiteRef } from './schedule.js';
import { quoteName, splitWords, type Word, WordError } from './words.js';

const ORDINAL = /^#(0|[1-9]\d{0,9})$/;
const ORDINAL_MAX = 0x7fffffff;
const SHAPE = 'FUNCTION OPERATION [FIELD] [#ORDINAL]';

/**
 * `of_iommu_configure load DevIommu.fwspec #1`; the ordinal is left out when 0, the field when empty, and `exit`
 * stands alone.
 */
export function siteKey(site: SiteRef): string {
  const words = site.function === '' ? [] : [quoteName(site.function)];
  words.push(quoteName(site.operation));
  if (site.field !== '') words.push(quoteName(site.field));
  if (site.ordinal !== 0) words.push(`#${site.ordinal}`);
  return words.join(' ');
}

/** The inverse of `siteKey`; tolerant of spaces. Throws `HDL_SCHEDULE_SYNTAX`. */
export function parseSiteKey(key: string): SiteRef {
  try {
    const words = splitWords(key);
    const site = siteOfWords(words);
    if (!('message' in site)) return site;
    throw new WordError(site.message, words[site.at]?.column ?? 1);
  } catch (error) {
    if (!(error instanceof WordError)) throw error;
    throw new HeddleError('HDL_SCHEDULE_SYNTAX', `not a site: ${quoteName(key)}: ${error.message}`, {
      hint: `A site is ${SHAPE}, for example: of_iommu_configure load DevIommu.fwspec #1`,
    });
  }
}

export function sameSite(a: SiteRef, b: SiteRef): boolean {
  return a.operation === b.operation && a.ordinal === b.ordinal && a.field === b.field && a.function === b.function;
}

/** What is wrong with the words, and which of them. */
export interface SiteProblem {
  readonly message: string;
  readonly at: number;
}

/** The site that the words spell: a function, an operation, perhaps a field, perhaps an ordinal; or `exit` alone. */
export function siteOfWords(words: readonly Word[]): SiteRef | SiteProblem {
  const last = words.at(-1);
  const hasOrdinal = last !== undefined && isOrdinalWord(last);
  const names = hasOrdinal ? words.slice(0, -1) : words;
  const ordinal = hasOrdinal ? Number(last.text.slice(1)) : 0;
  const odd = names.findIndex(({ text, quoted }) => !quoted && /^[#*]/.test(text));
  if (odd >= 0) return { at: odd, message: `expected ${SHAPE}; a name with # or * in front needs quotes` };
  if (ordinal > ORDINAL_MAX) return { at: names.length, message: `the ordinal is above ${ORDINAL_MAX}` };
  if (names.length > 3) return { at: 3, message: `expected ${SHAPE}, got ${names.length} names` };
  const [first, second, third] = names;
  if (first === undefined) return { at: 0, message: `expected a site: ${SHAPE}` };
  if (second !== undefined) {
    return { function: first.text, operation: second.text, field: third?.text ?? '', ordinal };
  }
  if (first.text === 'exit') return { function: '', operation: 'exit', field: '', ordinal };
  return { at: 0, message: `expected an operation after the function ${quoteName(first.text)}` };
}

/** `#1`, not in quotes. */
function isOrdinalWord(word: Word): boolean {
  return !word.quoted && ORDINAL.test(word.text);
}
