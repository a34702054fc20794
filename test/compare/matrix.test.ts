/** When a cell may say that a symptom is absent: every scene exhausted, nothing seen, and nothing that could have hidden it. */
import { describe, expect, it } from 'vitest';
import { cellOf, firstOf } from '../../src/compare/matrix.js';
import type { Run, SeenFinding } from '../../src/compare/types.js';
import type { SymptomDeclaration } from '../../src/executor/declarations.js';
import type { FindingRecord } from '../../src/findings/finding.js';

const SITES = { reached: 3, total: 9 };

function symptom(name: string, conditions: Record<string, string[]>): SymptomDeclaration {
  return { name, title: '', conditions: Object.entries(conditions).map(([key, values]) => ({ key, values })) };
}

function record(more: Partial<FindingRecord>): FindingRecord {
  const place = { function: 'f', operation: 'store', field: 'A.x', file: 'm.ts', line: 1, task: 't' };
  const base = { kind: 'null-dereference', symptom: 'other', title: 'a fault', message: '', place, signature: '0' };
  return { ...base, ...more } as FindingRecord;
}

function seen(more: Partial<SeenFinding>, of: Partial<FindingRecord> = {}): SeenFinding {
  const base = { design: 'd', scene: 's', origin: 'fuzz', executions: 9, ms: 1, folder: '' } as const;
  const own = record(of);
  return { ...base, row: own.symptom, record: own, ...more };
}

function run(exhausted: boolean | null, findings: readonly SeenFinding[] = [], scene = 's'): Run {
  const search =
    exhausted === null
      ? null
      : {
          exhausted,
          states: 10,
          transitions: 20,
          elapsedMs: 1,
          cut: exhausted ? '' : 'memory',
          mayRepeat: false,
          collision: 0,
        };
  return {
    design: 'd',
    scene,
    fuzz: { executions: 100, elapsedMs: 5, corpus: 1 },
    replayed: 4,
    search,
    sites: SITES,
    findings,
  };
}

const S = [symptom('S', { invariant: ['one'] }), symptom('T', { invariant: ['two'] })];

describe('a cell', () => {
  it('claims no absence of what goes on for ever, unless no run does', () => {
    const searched = run(true);
    const endless = { ...searched, search: searched.search && { ...searched.search, mayRepeat: true } };
    const kinds = new Set(['step-limit']);
    expect(cellOf('hang', [searched], [], SITES, kinds)).toMatchObject({ verdict: 'absent' });
    expect(cellOf('hang', [endless], [], SITES, kinds)).toMatchObject({
      verdict: 'not-found',
      doubts: ['the search does not look for runs that go on for ever'],
    });
    expect(cellOf('hang', [endless], [], SITES, new Set(['deadlock']))).toMatchObject({ verdict: 'absent' });
    const declared = symptom('hang', { kind: ['step-limit'] });
    expect(cellOf('hang', [endless], [declared], SITES)).toMatchObject({ verdict: 'not-found' });
  });

  it('says absent only if every scene was exhausted', () => {
    expect(cellOf('S', [run(true), run(true)], S, SITES)).toEqual({ verdict: 'absent', states: 20 });
    for (const runs of [[run(true), run(false)], [run(true), run(null)], [run(null)], [run(false)]]) {
      expect(cellOf('S', runs, S, SITES)).toMatchObject({
        verdict: 'not-found',
        executions: 104 * runs.length,
        sites: SITES,
      });
    }
    expect(cellOf('S', [], S, SITES)).toEqual({ verdict: 'not-run' });
  });

  it('says found as soon as one scene shows it', () => {
    const finding = seen({ row: 'S' });
    expect(cellOf('S', [run(true), run(false, [finding])], S, SITES)).toEqual({ verdict: 'found', first: finding });
    expect(cellOf('T', [run(true), run(true, [finding])], S, SITES)).toMatchObject({ verdict: 'absent' });
  });

  it('names the finding that took a campaign the fewest executions', () => {
    const byReplay = seen({ origin: 'replay', executions: 1 });
    const [late, early] = [seen({ executions: 50 }), seen({ executions: 20 })];
    expect(firstOf([seen({ origin: 'verify', executions: 0 }), byReplay, late, early])).toBe(early);
    expect(firstOf([seen({ origin: 'verify', executions: 0 }), byReplay])).toBe(byReplay);
  });

  it('doubts the absence of a symptom for which the search does not look', () => {
    const races = [symptom('S', { kind: ['data-*', 'leak'] })];
    expect(cellOf('S', [run(true)], races, SITES)).toMatchObject({
      doubts: ['the search does not look for data-race'],
    });
  });

  it('doubts it where a finding at the same place is told instead', () => {
    const freed = [
      symptom('S', { kind: ['null-dereference'], function: ['f'], cleared: ['probe'] }),
      symptom('T', { kind: ['null-dereference'], function: ['f'] }),
      symptom('U', { kind: ['null-dereference'], function: ['g'], cleared: ['probe'] }),
    ];
    const runs = [run(true, [seen({ row: 'T' }, { symptom: 'T' })])];
    expect(cellOf('S', runs, freed, SITES)).toMatchObject({
      doubts: ['a fault is told once for its place, which may hide it'],
    });
    expect(cellOf('U', runs, freed, SITES)).toMatchObject({ verdict: 'absent' });
    expect(cellOf('S', [run(true), run(true)], freed, SITES)).toMatchObject({ verdict: 'absent' });
  });

  it('has no doubt after a read of freed memory: what it saw is part of the state', () => {
    const place = { function: 'f', operation: 'load', field: 'A.x', file: 'm.ts', line: 1, task: 't' };
    const read = seen({ row: 'S' }, { kind: 'use-after-free', symptom: 'S', place });
    expect(cellOf('T', [run(true, [read])], S, SITES)).toMatchObject({ verdict: 'absent' });
  });
});
