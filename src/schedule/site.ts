/**
 * Sites as strings: one canonical text for each site, the same that schedule files use, so that sites can be map keys and be shown.
 */
import { HeddleError } from '../errors.js';
import type { SiteRef } from './schedule.js';
import { quoteName, splitWords, type Word, WordError } from './words.js';

const ORDINAL = /^#(0|[1-9]\d{0,9})$/;
const ORDINAL_MAX = 0x7fffffff;

/** `of_iommu_configure load DevIommu.fwspec #1`; the ordinal is left out when 0, the field when empty, and `exit` stands alone. */
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
    const site = siteOfWords(splitWords(key));
    if (typeof site !== 'string') return site;
    throw new WordError(site, 1);
  } catch (error) {
    if (!(error instanceof WordError)) throw error;
    throw new HeddleError('HDL_SCHEDULE_SYNTAX', `not a site: ${quoteName(key)}: ${error.message}`, {
      hint: 'A site is FUNCTION OPERATION [FIELD] [#ORDINAL], for example: of_iommu_configure load DevIommu.fwspec #1',
    });
  }
}

export function sameSite(a: SiteRef, b: SiteRef): boolean {
  return (
    a.operation === b.operation && a.ordinal === b.ordinal && a.field === b.field && a.function === b.function
  );
}

/** The site that the words spell, or what is wrong with them. */
export function siteOfWords(words: readonly Word[]): SiteRef | string {
  const last = words.at(-1);
  const hasOrdinal = last !== undefined && isOrdinalWord(last);
  const names = hasOrdinal ? words.slice(0, -1) : words;
  const ordinal = hasOrdinal ? Number(last.text.slice(1)) : 0;
  if (ordinal > ORDINAL_MAX) return `the ordinal is above ${ORDINAL_MAX}`;
  if (names.length > 3) return `expected FUNCTION OPERATION [FIELD] [#ORDINAL], got ${names.length} names`;
  const [first, second, third] = names;
  if (first === undefined) return 'expected a site: FUNCTION OPERATION [FIELD] [#ORDINAL]';
  if (second === undefined) {
    if (first.text !== 'exit') return `expected an operation after the function ${quoteName(first.text)}`;
    return { function: '', operation: 'exit', field: '', ordinal };
  }
  return { function: first.text, operation: second.text, field: third?.text ?? '', ordinal };
}

/** `#1`, not in quotes. */
export function isOrdinalWord(word: Word): boolean {
  return !word.quoted && ORDINAL.test(word.text);
}
