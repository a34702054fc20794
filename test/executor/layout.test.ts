/** Both sides of the boundary use the same numbers. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as layout from '../../src/executor/layout.js';
import { FINDING_KINDS } from '../../src/executor/types.js';

const read = (path: string): string => readFileSync(new URL(`../../assembly/${path}`, import.meta.url), 'utf8');

/** Fields of an `@unmanaged` class, in order. */
function fieldsOf(source: string, name: string): Record<string, string> {
  const body = new RegExp(`class ${name} \\{([\\s\\S]*?)\\n\\}`).exec(source)?.[1] ?? '';
  return Object.fromEntries([...body.matchAll(/^ {2}(\w+): (\w+);/gm)].map((m) => [m[1], m[2]]));
}

describe('layout', () => {
  it('has the same constants', () => {
    const known = new Map<string, number>();
    for (const m of read('executor/layout.ts').matchAll(/^export const (\w+): \w+ = ([^;]+);/gm)) {
      const expression = (m[2] ?? '').replace(/<\w+>/g, '').replace(/[A-Z_]{2,}/g, (word) => String(known.get(word)));
      known.set(m[1] ?? '', evaluate(expression));
    }
    const mine = Object.entries(layout.MEMORY).filter(([name]) => known.has(name));
    expect(mine.length).toBeGreaterThan(30);
    for (const [name, value] of mine) expect([name, known.get(name)]).toEqual([name, value]);
  });

  it('has the same bounds of what strategies learn', () => {
    const known = read('strategies/layout.ts').matchAll(/^export const (\w+): usize = ([^;]+);/gm);
    const places = [...known].filter((m) => m[2]?.startsWith('0x1')).map((m) => ({ name: m[1], at: Number(m[2]) }));
    expect(Math.min(...places.map(({ at }) => at))).toBe(layout.LEARNT.BEGIN);
    const nodes = read('strategies/waiting-nodes.ts');
    expect(nodes).toContain('const LEFT_OUT: usize = BUCKETS + (<usize>BUCKETS_MAX << 3);');
    const most = Number(/^export const BUCKETS_MAX: i32 = (\d+);/m.exec(read('strategies/layout.ts'))?.[1]);
    expect(places.find(({ name }) => name === 'BUCKETS')?.at).toBe(layout.LEARNT.LEFT_OUT - 8 * most);
    // What lies beyond is about final states and about the execution that runs.
    const beyond = places.filter(({ at }) => at >= layout.LEARNT.END).map(({ name }) => name);
    expect(beyond).toEqual(['LAST_WRITER', 'STATES_TWICE', 'JUDGED']);
  });

  it('has no static data that is not of strategies or of the search', () => {
    const parts = ['coverage', 'executor', 'hash', 'oracles'];
    const files = parts.flatMap((part) =>
      readdirSync(new URL(`../../assembly/${part}`, import.meta.url)).map((f) => `${part}/${f}`),
    );
    expect(files.filter((file) => /memory\.data|StaticArray/.test(read(file)))).toEqual([]);
  });

  it('has the same fields in the same order', () => {
    const state = read('executor/state.ts');
    expect(Object.entries(layout.HEAD_FIELDS)).toEqual(Object.entries(fieldsOf(state, 'Head')));
    expect(Object.entries(layout.CONTROL_FIELDS)).toEqual(Object.entries(fieldsOf(state, 'Control')));
    expect(Object.entries(layout.TASK_FIELDS)).toEqual(Object.entries(fieldsOf(state, 'Task')));
    expect(Object.entries(layout.FINDING_FIELDS)).toEqual(
      Object.entries(fieldsOf(read('oracles/finding.ts'), 'Finding')),
    );
    expect(Object.entries(layout.ORACLE_FIELDS)).toEqual(Object.entries(fieldsOf(read('oracles/memory.ts'), 'Words')));
    expect(Object.entries(layout.TRACE_FIELDS)).toEqual(Object.entries(fieldsOf(read('executor/trace.ts'), 'Entry')));
  });

  it('has the same numbers for kinds of findings', () => {
    const numbers = [...read('oracles/finding.ts').matchAll(/^export const (\w+): i32 = (\d+);/gm)];
    const byNumber = numbers.map((m) => [Number(m[2]), (m[1] ?? '').toLowerCase().replaceAll('_', '-')]);
    expect(byNumber).toEqual(FINDING_KINDS.map((kind, i) => [i, kind]).slice(1));
  });

  it('has the same numbers for strategies', () => {
    const numbers = [...read('strategies/strategy.ts').matchAll(/^export const (\w+): i32 = (\d+);/gm)];
    expect(numbers.map((m) => Number(m[2]))).toEqual(layout.STRATEGIES.map((_, i) => i));
  });
});

/** Sums and products of numbers, shifts left out: all that the layout uses. */
function evaluate(expression: string): number {
  return expression
    .split('+')
    .map((sum) => sum.split('*').reduce((product, factor) => product * Number(factor.trim()), 1))
    .reduce((sum, term) => sum + term, 0);
}
