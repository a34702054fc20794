import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeddleError } from '../../src/errors.js';
import { parseSiteKey, sameSite, siteKey } from '../../src/schedule/site.js';
import { quoteName, splitWords } from '../../src/schedule/words.js';
import { anyName, anySite } from './arbitraries.js';

describe('site keys', () => {
  it.each([
    [
      { function: 'of_iommu_configure', operation: 'load', field: 'DevIommu.fwspec', ordinal: 1 },
      'of_iommu_configure load DevIommu.fwspec #1',
    ],
    [{ function: 'transfer', operation: 'lock', field: 'lock', ordinal: 0 }, 'transfer lock lock'],
    [{ function: 'transfer', operation: 'yield', field: '', ordinal: 2 }, 'transfer yield #2'],
    [{ function: '', operation: 'exit', field: '', ordinal: 0 }, 'exit'],
    [{ function: 'a b', operation: '#1', field: '*2', ordinal: 0 }, '"a b" "#1" "*2"'],
  ])('%o is %s', (site, key) => {
    expect(siteKey(site)).toBe(key);
    expect(parseSiteKey(key)).toEqual(site);
  });

  it('tell sites apart and give them back', () => {
    const property = fc.property(anySite, anySite, (a, b) => {
      expect(parseSiteKey(siteKey(a))).toEqual(a);
      expect(siteKey(a) === siteKey(b)).toBe(sameSite(a, b));
      expect(sameSite(a, { ...a })).toBe(true);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it.each(['', 'f', '#1', 'f load x y', 'f "load', 'f load #99999999999'])('%o is an error', (key) => {
    expect(() => parseSiteKey(key)).toThrow(HeddleError);
    expect(() => parseSiteKey(key)).toThrow(/not a site/);
  });
});

describe('words', () => {
  it('give every name back, on one line of visible characters', () => {
    const property = fc.property(fc.array(anyName), (names) => {
      const line = names.map(quoteName).join(' ');
      expect(splitWords(`x ${line}`).map(({ text }) => text)).toEqual(['x', ...names]);
      expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u00a0\ufeff]/u);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it.each([
    ['plain', 'plain'],
    ['(module)', '(module)'],
    ['a#b*c', 'a#b*c'],
    ['', '""'],
    ['->', '"->"'],
    ['#1', '"#1"'],
    ['no memory', '"no memory"'],
    ['say "hi"', '"say \\"hi\\""'],
    ['é', '"é"'],
    ['\u202e\u2028\n', '"\\u202e\\u2028\\n"'],
  ])('%o is written %s', (name, word) => {
    expect(quoteName(name)).toBe(word);
  });
});
