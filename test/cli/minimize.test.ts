/** `heddle minimize` for a campaign, and the formats of `heddle explain`. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadFinding } from '../../src/findings/store.js';
import { committedFailure } from '../corpus/committed.js';
import { heddle, inFolder } from './run.js';

const FUZZ = ['--max-execs', '5k', '-j', '1', '-q'];

describe('heddle minimize', () => {
  it('of a campaign says of each finding what is proved, and keeps it with the finding', async () => {
    await inFolder(async (cwd) => {
      await heddle(['fuzz', 'bank', '-o', 'camp', '--no-minimize', ...FUZZ], { cwd });
      const before = readdirSync(join(cwd, 'camp/findings'));
      const { code, stdout, stderr } = await heddle(['minimize', 'camp', '-j', '2'], { cwd });
      expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringMatching(/^\d findings? minimized\n$/) });
      expect(stdout).toMatch(/^invariant-[0-9a-f]{16} {2}.* → 2\/1 events\/preemptions; proved minimal: /);
      const after = readdirSync(join(cwd, 'camp/findings'));
      expect(after).toEqual(expect.arrayContaining(before));
      const records = after.map((id) => loadFinding(join(cwd, 'camp/findings', id, 'finding.json')));
      expect(records.some(({ minimality }) => minimality?.proved && minimality.atLeast === 1)).toBe(true);
      expect(records.map(({ foundBy }) => foundBy)).not.toContain(undefined);
      const again = await heddle(['explain', join('camp/findings', 'invariant-0dc934f3217d0527')], { cwd });
      expect(again.stdout).toContain('minimal    proved minimal: no fewer than 1 preemption');
    });
  });

  it('of a campaign counts what it has done, and exits with what the others met', async () => {
    await inFolder(async (cwd) => {
      await heddle(['fuzz', 'bank', '-o', 'camp', '--no-minimize', ...FUZZ], { cwd });
      await heddle(['minimize', 'camp'], { cwd });
      const findings = join(cwd, 'camp/findings');
      const id = 'invariant-0dc934f3217d0527';
      for (const other of readdirSync(findings)) if (other !== id) rmSync(join(findings, other), { recursive: true });
      const file = join(findings, id, 'finding.json');
      const text = readFileSync(file, 'utf8');
      const minimized = async (record: string) => {
        writeFileSync(file, record);
        const { code, stdout, stderr } = await heddle(['minimize', 'camp'], { cwd });
        expect(stdout).toMatch(new RegExp(`^${id}  not minimized: `));
        expect(stderr).toBe('0 of 1 finding minimized\n');
        return code;
      };
      // As if the model had been repaired, and as if an event had gone.
      expect(await minimized(text.replace('"design": "racy"', '"design": "locked"'))).toBe(4);
      expect(await minimized(text.replaceAll('event transfer', 'event transform'))).toBe(5);
      rmSync(join(findings, id, 'min.sched'));
      mkdirSync(join(findings, id, 'min.sched'));
      expect(await minimized(text)).toBe(1);
    });
  });

  it('says which bound was reached if the budget does not suffice', async () => {
    const { path } = committedFailure('bank', 'invariant');
    const { stderr } = await heddle(['minimize', path, '--transitions', '3']);
    expect(stderr).toMatch(
      /^≥ \d preemptions?; this schedule has 1 \(the search was not finished within 3 transitions\)$/m,
    );
  });

  it('of a campaign takes no flags of one schedule, and says so when there is nothing', async () => {
    await inFolder(async (cwd) => {
      await heddle(['fuzz', 'bank', '--design', 'locked', '-o', 'camp', ...FUZZ], { cwd });
      expect((await heddle(['minimize', 'camp'], { cwd })).stderr).toBe('camp has no findings\n');
      const refused = await heddle(['minimize', 'camp', '--out', 'x'], { cwd });
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(/^error: camp is a campaign: .*\nhint: /);
    });
  });
});

describe('heddle explain --format', () => {
  it('writes the five formats, and to a file', async () => {
    const { path } = committedFailure('abba', 'deadlock');
    const starts = {
      text: 'deadlock between',
      markdown: '# deadlock',
      mermaid: 'sequenceDiagram',
      html: '<!doctype',
      json: '{',
    };
    await inFolder(async (cwd) => {
      for (const [format, start] of Object.entries(starts)) {
        const { code } = await heddle(['explain', path, '--format', format, '-o', format, '--minimize'], { cwd });
        expect(code, format).toBe(0);
        expect(readFileSync(join(cwd, format), 'utf8').startsWith(start), format).toBe(true);
      }
      const document = JSON.parse(readFileSync(join(cwd, 'json'), 'utf8'));
      expect(document).toMatchObject({ schema: 'heddle.explain/1', kind: 'deadlock', minimality: { proved: true } });
      expect(document.causality.causes).toHaveLength(2);
      writeFileSync(join(cwd, 'pasted.sched'), document.schedule);
      expect((await heddle(['replay', 'pasted.sched'], { cwd })).code).toBe(3);
    });
  });
});
