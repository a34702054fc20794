import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { analyseFinding } from '../../src/findings/analyse.js';
import type { FindingRecord } from '../../src/findings/finding.js';
import { findingDir, loadFinding, loadFindingSchedule, loadFindings, saveFinding } from '../../src/findings/store.js';
import { formatSchedule } from '../../src/schedule/text.js';
import { executorOf } from '../support/models.js';
import { failingSchedules } from '../support/schedules.js';

let outDir: string;
let record: FindingRecord;

beforeEach(async () => {
  outDir = mkdtempSync(join(tmpdir(), 'heddle-findings-'));
  const executor = await executorOf('examples/bank.ts');
  const [hot] = failingSchedules(executor, 'invariant');
  const options = { executions: 7, minimized: false };
  record = { ...analyseFinding(executor, hot ?? executor.sceneSchedule(), null, options), foundBy: 'surw' };
});

afterEach(() => rmSync(outDir, { recursive: true }));

describe('the findings folder', () => {
  it('gives back what was saved', () => {
    expect(saveFinding(outDir, record, (file) => `heddle replay bank ${file}`)).toBe(true);
    const dir = findingDir(outDir, record);
    expect(dir).toBe(join(outDir, 'findings', `invariant-${record.signature}`));
    expect(readdirSync(dir).sort()).toEqual(['finding.json', 'min.sched', 'report.txt']);
    expect(loadFindings(outDir, expect.unreachable)).toEqual([record]);
    expect(readFileSync(join(dir, 'min.sched'), 'utf8')).toBe(formatSchedule(record.schedule));
    expect(readFileSync(join(dir, 'report.txt'), 'utf8')).toContain(`heddle replay bank ${dir}/min.sched`);
    for (const path of [dir, join(dir, 'finding.json'), join(dir, 'min.sched')]) {
      expect(loadFindingSchedule(path)).toEqual(record.schedule);
    }
  });

  it('keeps the first finding of a signature', () => {
    saveFinding(outDir, record);
    expect(saveFinding(outDir, { ...record, executions: 9 })).toBe(false);
    expect(loadFinding(join(findingDir(outDir, record), 'finding.json')).executions).toBe(7);
  });

  it('is empty when there is none', () => {
    expect(loadFindings(join(outDir, 'nowhere'), expect.unreachable)).toEqual([]);
  });

  it('passes over a folder that was not finished, and tells what it cannot read', () => {
    saveFinding(outDir, record);
    const half = join(outDir, 'findings', 'leak-0123456789abcdef');
    mkdirSync(half);
    writeFileSync(join(half, 'min.sched'), formatSchedule(record.schedule));
    const broken = join(outDir, 'findings', 'broken', 'finding.json');
    mkdirSync(join(broken, '..'));
    writeFileSync(broken, '{');
    const refused: string[] = [];
    expect(loadFindings(outDir, (file, reason) => refused.push(`${file}: ${reason}`))).toEqual([record]);
    expect(refused).toEqual([expect.stringMatching(/broken\/finding\.json.* is not JSON/)]);
    expect(loadFindingSchedule(half)).toEqual(record.schedule);
  });

  it.each([
    [
      'another format',
      (text: string) => text.replace('heddle.finding/1', 'heddle.finding/9'),
      'HDL_FORMAT_VERSION',
      /heddle\.finding\/9.*reads heddle\.finding\/1/,
    ],
    [
      'a wrong type',
      (text: string) => text.replace('"executions": 7', '"executions": "7"'),
      'HDL_CONFIG',
      /executions: /,
    ],
    [
      'an unknown kind',
      (text: string) => text.replace('"kind": "invariant"', '"kind": "sadness"'),
      'HDL_CONFIG',
      /kind: /,
    ],
    ['a missing field', (text: string) => text.replace('"title"', '"tilte"'), 'HDL_CONFIG', /title: /],
    [
      'a bad schedule',
      (text: string) => text.replace('"schedule": "', '"schedule": "nonsense '),
      'HDL_SCHEDULE_SYNTAX',
      /finding\.json/,
    ],
  ])('refuses %s with the place', (_what, damage, code, message) => {
    saveFinding(outDir, record);
    const file = join(findingDir(outDir, record), 'finding.json');
    writeFileSync(file, damage(readFileSync(file, 'utf8')));
    let error: unknown;
    try {
      loadFinding(file);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code });
    const { message: text, diagnostics } = error as { message: string; diagnostics: unknown };
    expect(`${text} ${JSON.stringify(diagnostics)}`).toMatch(message);
  });

  it('says what is missing', () => {
    expect(() => loadFindingSchedule(join(outDir, 'gone.sched'))).toThrow(/does not exist/);
    expect(() => loadFindingSchedule(outDir)).toThrow(/is not the folder of a finding/);
  });
});
