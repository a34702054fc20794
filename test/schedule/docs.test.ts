import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BINARY_VERSION, encodeSchedule } from '../../src/schedule/binary.js';
import { MUTATORS } from '../../src/schedule/mutate.js';
import { formatSchedule, parseSchedule, TEXT_VERSION } from '../../src/schedule/text.js';
import { EXAMPLE_TEXT } from './examples.js';

/** Without the padding that formatters put into tables. */
const DOCS = readFileSync(new URL('../../docs/schedules.md', import.meta.url), 'utf8').replace(/ +\|/g, ' |');
const BLOCKS = [...DOCS.matchAll(/```sched\n(.*?)```/gs)].map((match) => match[1] ?? '');

describe('docs/schedules.md', () => {
  it('shows the canonical example first', () => {
    expect(BLOCKS[0]).toBe(EXAMPLE_TEXT);
  });

  it.each(BLOCKS)('shows a schedule that is one: %s', (text) => {
    const schedule = parseSchedule(text);
    expect(parseSchedule(formatSchedule(schedule))).toEqual(schedule);
    expect(encodeSchedule(schedule).length).toBeGreaterThan(0);
  });

  it('describes every operator, in order', () => {
    const described = [...DOCS.matchAll(/^\| `((?:event|arg|switch|choice|splice)-[a-z]+)` \|/gm)].map(
      (match) => match[1],
    );
    expect(described).toEqual(MUTATORS.map(({ name }) => name));
  });

  it('has the current versions in its history', () => {
    expect(DOCS).toContain(`| text | ${TEXT_VERSION} |`);
    expect(DOCS).toContain(`| binary | ${BINARY_VERSION} |`);
  });
});
