import { describe, expect, it } from 'vitest';
import { formatCount, formatDuration, formatShare, formatShort, plural, truncate } from '../../src/ui/format.js';

describe('numbers and durations', () => {
  it.each([
    [0, '0'],
    [981, '981'],
    [999.4, '999'],
    [999.6, '1.0 k'],
    [12_345, '12.3 k'],
    [99_960, '100 k'],
    [999_400, '999 k'],
    [999_600, '1.0 M'],
    [27_400_000, '27.4 M'],
    [5e15, '5000 T'],
    [Number.NaN, '-'],
  ])('%d is short as %s', (value, text) => {
    expect(formatShort(value)).toBe(text);
  });

  it.each([
    [0, '0.0 s'],
    [420, '0.4 s'],
    [9_949, '9.9 s'],
    [9_960, '10 s'],
    [59_600, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [8_040_000, '2 h 14 min'],
    [266_400_000, '3 d 02 h'],
  ])('%d ms are %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('counts keep all digits', () => {
    expect([formatCount(7), formatCount(1234), formatCount(1234567)]).toEqual(['7', '1,234', '1,234,567']);
  });

  it('shares, plurals and cuts', () => {
    expect([formatShare(1, 3), formatShare(1, 0)]).toEqual(['33 %', '-']);
    expect([plural(1, 'entry', 'entries'), plural(2, 'entry', 'entries')]).toEqual(['1 entry', '2 entries']);
    expect([truncate('abc', 3), truncate('abcd', 3)]).toEqual(['abc', 'ab…']);
  });
});
