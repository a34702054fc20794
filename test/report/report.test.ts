import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import type { FindingRecord } from '../../src/findings/finding.js';
import { findingDir } from '../../src/findings/store.js';
import type { CampaignReport } from '../../src/report/campaign-report.js';
import { reportDocument } from '../../src/report/document.js';
import { renderReportHtml } from '../../src/report/html.js';
import { renderJunit } from '../../src/report/junit.js';
import { renderReportMarkdown } from '../../src/report/markdown.js';
import { htmlPage } from '../../src/report/page.js';
import { renderSarif } from '../../src/report/sarif.js';
import { parseSchedule } from '../../src/schedule/text.js';
import { heddle, inFolder } from '../cli/run.js';
import { campaignOptions } from '../support/campaign-options.js';

const SCHEDULE = fileURLToPath(new URL('../../corpus/bank/c09ac375880f9a20.sched', import.meta.url));

const never = new AbortController().signal;

const HOSTILE = '<script>alert(1)</script> ]]> & "x" | `` \u0001';

const place = {
  function: 'take',
  operation: 'load',
  field: 'Box.item',
  file: 'models/my box.ts',
  line: 7,
  task: 'take',
};
const record: FindingRecord = {
  kind: 'use-after-free',
  title: HOSTILE,
  symptom: 'other',
  signature: '0123456789abcdef',
  identity: ['use-after-free'],
  bucket: 'x',
  message: HOSTILE,
  design: 'racy',
  scene: 'two',
  place,
  allocated: { ...place, line: 3 },
  freed: null,
  object: HOSTILE,
  diagram: `a    b\n${HOSTILE}`,
  report: `${HOSTILE}\n`,
  schedule: parseSchedule(readFileSync(SCHEDULE, 'utf8'), SCHEDULE),
  hash: '0',
  executions: 1,
  foundBy: 'surw',
  minimized: true,
  preemptions: 1,
};

function campaign(...known: readonly boolean[]): CampaignReport {
  return {
    model: 'box',
    modelHash: 'ab'.repeat(32),
    design: 'racy',
    scene: null,
    options: {},
    seed: '1',
    outDir: 'heddle-out/box',
    source: 'box',
    executions: 1234,
    elapsedMs: 2500,
    findings: known.map((isKnown) => ({
      record,
      folder: 'f',
      command: 'npx heddle replay f',
      known: isKnown,
      seen: null,
    })),
    unreadable: [],
  };
}

describe('formats', () => {
  it('HTML and JUnit escape what comes from the model', () => {
    const html = renderReportHtml(campaign(false));
    expect(html).not.toContain('<script');
    expect(html).toContain("default-src 'none'");
    const junit = renderJunit(campaign(false));
    expect(junit).not.toContain('<script');
    expect(junit).not.toContain('\u0001');
    expect(junit).toContain('&lt;script&gt;alert(1)&lt;/script&gt; ]]&gt; &amp; &quot;x&quot;');
  });

  it('HTML takes what it names as the theme of its viewer does from there', () => {
    const page = htmlPage('a title', [], { script: '', style: ':root { --line: red }' });
    const lines = [...page.matchAll(/--line: ([^;}]+?) ?[;}]/g)].map(([, value]) => value);
    expect([lines.length > 1, lines.at(-1)]).toEqual([true, 'red']);
  });

  it('JUnit counts a new finding as failed, a known one as skipped, and none as one test that passed', () => {
    expect(renderJunit(campaign(false, true))).toContain('tests="2" failures="1" skipped="1"');
    expect(renderJunit(campaign())).toContain('tests="1" failures="0" skipped="0"');
    expect(renderJunit(campaign())).toContain('all scenes: no new finding in 1,234 executions');
  });

  it('SARIF names the rule, the place, related places and the signature', () => {
    const [run] = JSON.parse(renderSarif(campaign(false, true), '1.2.3')).runs;
    expect(run.tool.driver.rules).toEqual([{ id: 'use-after-free', shortDescription: { text: 'use after free' } }]);
    const [first, second] = run.results;
    expect(first).toMatchObject({ ruleId: 'use-after-free', ruleIndex: 0, level: 'error' });
    expect(first.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'models/my%20box.ts' },
      region: { startLine: 7 },
    });
    expect(first.relatedLocations).toHaveLength(1);
    expect(first.partialFingerprints).toEqual({ 'heddleSignature/v1': '0123456789abcdef' });
    expect(first.suppressions).toBeUndefined();
    expect(second.suppressions).toHaveLength(1);
  });

  it('SARIF names files from where the report is made, and the model’s for what has no place', () => {
    const [{ folder, command, known, seen }] = campaign(false).findings as [CampaignReport['findings'][number]];
    const atEnd = { folder, command, known, seen, record: { ...record, place: null } };
    const uris = (source: string): string[] => {
      const report = { ...campaign(false), source };
      const [run] = JSON.parse(renderSarif({ ...report, findings: [...report.findings, atEnd] }, '1.2.3')).runs;
      type Result = { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] };
      return run.results.map(({ locations }: Result) => locations[0]?.physicalLocation.artifactLocation.uri);
    };
    expect(uris('box')).toEqual(['models/my%20box.ts', 'box.ts']);
    expect(uris('./box.ts')).toEqual(['models/my%20box.ts', 'box.ts']);
    expect(uris('./kernel/race model/box.ts')).toEqual([
      'kernel/race%20model/models/my%20box.ts',
      'kernel/race%20model/box.ts',
    ]);
    expect(uris('./kernel/box')).toEqual(['kernel/box/models/my%20box.ts', 'kernel/box/index.ts']);
  });

  it('Markdown keeps its table and its fences', () => {
    const text = renderReportMarkdown(campaign(false));
    expect(text).toContain('\\|');
    expect(text).toMatch(/\n```\n<script>/);
    expect(text).toContain('\nFound by surw, execution 1.\n');
    expect(text).toContain('1 finding in 1,234 executions, 2.5 s; all scenes; seed 1');
  });
});

describe('a finding of another design than the campaign’s', () => {
  const locked = { ...campaign(false, true), design: 'locked' };

  it('is told as that design’s in every format', () => {
    const junit = renderJunit(locked);
    expect(junit).toContain('<testsuites tests="3" failures="1" skipped="1" errors="0">');
    expect(junit).toContain('<testsuite name="heddle.box.locked" tests="1" failures="0" skipped="0" errors="0"');
    expect(junit).toContain(
      '<testcase classname="heddle.box.locked" name="all scenes: no new finding in 1,234 executions"/>',
    );
    expect(junit).toContain(
      '<testsuite name="heddle.box.racy" tests="2" failures="1" skipped="1" errors="0" time="0.000">',
    );
    const { runs } = JSON.parse(renderSarif(locked, '1.2.3'));
    const ids = runs.map((run: { automationDetails: object }) => run.automationDetails);
    expect(ids).toEqual([{ id: 'heddle/box/locked' }, { id: 'heddle/box/racy' }]);
    expect(runs.map((run: { results: unknown[] }) => run.results.length)).toEqual([0, 2]);
    const text = renderReportMarkdown(locked);
    expect(text).toContain('No finding in 1,234 executions');
    expect(text).toContain('sequential consistency. The folder has 2 findings of the design racy.');
    expect(text).toMatch(/^## other: .* \(design racy\)$/m);
    expect(renderReportHtml(locked).match(/\(design racy\)/g)).toHaveLength(4);
  });

  it('and its corpus are left out by a campaign, which says so', async () => {
    await inFolder(async (cwd) => {
      const fuzz = async (design: string): Promise<string[]> => {
        const warnings: string[] = [];
        const options = await campaignOptions('examples/bank.ts', cwd, {
          design,
          maxExecutions: 400,
          deterministic: true,
        });
        await runCampaign(options, { warning: (message) => warnings.push(message) }, never);
        return warnings;
      };
      expect(await fuzz('racy')).toEqual([]);
      expect(await fuzz('locked')).toEqual([
        expect.stringMatching(/^\d+ of the corpus left out: of the design racy$/),
        expect.stringMatching(
          /^1 of the findings in .* left alone: of the design racy; heddle report keeps them apart$/,
        ),
      ]);
    });
  });
});

describe('a finding that cannot be read', () => {
  const lost = { ...campaign(true), unreadable: [{ file: 'camp/findings/leak-1/finding.json', reason: HOSTILE }] };

  it('is in every format, and nothing says that there is no new one', () => {
    const junit = renderJunit(lost);
    expect(junit).toContain('tests="2" failures="0" skipped="1" errors="1"');
    expect(junit).toContain('<error type="unreadable" message="&lt;script&gt;');
    expect(junit).not.toContain('no new finding');
    const [run] = JSON.parse(renderSarif(lost, '1.2.3')).runs;
    expect(run.tool.driver.rules.at(-1).id).toBe('unreadable-finding');
    expect(run.results.at(-1)).toMatchObject({
      ...{ ruleId: 'unreadable-finding', ruleIndex: 1, level: 'error' },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'camp/findings/leak-1/finding.json' } } }],
    });
    expect(renderReportMarkdown(lost)).toContain(
      '1 more finding cannot be read:\n\n- `camp/findings/leak-1/finding.json`: ',
    );
    const html = renderReportHtml(lost);
    expect(html).toContain('1 more finding cannot be read:<ul><li>camp/findings/leak-1/finding.json: &lt;script');
    expect(reportDocument(lost)).toMatchObject({ unreadable: [{ file: 'camp/findings/leak-1/finding.json' }] });
  });

  it('is no success, and is written again by a campaign that meets it again', async () => {
    await inFolder(async (cwd) => {
      const out = join(cwd, 'camp');
      const more = { design: 'racy', maxExecutions: 400, deterministic: true };
      const warnings: string[] = [];
      const hooks = { warning: (message: string) => warnings.push(message) };
      const fuzz = async () => runCampaign(await campaignOptions('examples/bank.ts', out, more), hooks, never);
      const [found] = (await fuzz()).records;
      const file = join(findingDir(out, found as FindingRecord), 'finding.json');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.slice(0, 100));
      const { code, stdout } = await heddle(['report', 'camp', '--format', 'junit'], { cwd });
      expect(stdout).toContain('errors="1"');
      expect(code).toBe(3);
      await fuzz();
      expect(readFileSync(file, 'utf8')).toBe(text);
      expect(warnings.join()).toMatch(/finding\.json is not JSON.*is in quarantine.*written again/);
      writeFileSync(file, text.replace('finding/1', 'finding/2'));
      await fuzz();
      expect(readFileSync(file, 'utf8')).toContain('finding/2');
    });
  });
});

describe('the command that is printed', () => {
  it('can be pasted where the report was made, whatever the folder is called', async () => {
    await inFolder(async (cwd) => {
      const here = realpathSync(cwd);
      const there = join(here, 'sub');
      mkdirSync(there);
      const model = relative(here, fileURLToPath(new URL('../../examples/bank.ts', import.meta.url)));
      const args = ['fuzz', model, '--max-execs', '20k', '--seed', '1', '-j', '1', '-q', '-o', './-camp'];
      await heddle(args, { cwd: here });
      for (const [place, folder] of [
        [here, './-camp'],
        [there, '../-camp'],
        [join(here, '-camp'), '.'],
      ] as const) {
        const report = await heddle(['report', folder, '--format', 'json'], { cwd: place });
        const { findings } = JSON.parse(report.stdout) as { findings: { command: string; folder: string }[] };
        const words = findings[0]?.command.split(' ').slice(2) ?? [];
        expect(await heddle(words, { cwd: place })).toMatchObject({ code: 3, stderr: '' });
        // The campaign around it leads to the model as well.
        expect((await heddle(['replay', '--', findings[0]?.folder ?? ''], { cwd: place })).code).toBe(3);
        expect((await heddle(['corpus', 'check', folder], { cwd: place })).code).toBe(0);
      }
    });
  });
});

describe('heddle report', () => {
  it('writes every format of a campaign, exits 3 for what is new and 0 for what is known', async () => {
    await inFolder(async (cwd) => {
      const out = ['-o', 'camp'];
      await heddle(['fuzz', 'bank', '--max-execs', '20k', '--seed', '1', '-j', '1', '-q', ...out], { cwd });
      for (const format of ['markdown', 'html', 'sarif', 'junit', 'json']) {
        const { code, stdout } = await heddle(['report', 'camp', '--format', format], { cwd });
        expect(code, format).toBe(3);
        expect(stdout, format).toContain('no money is lost');
      }
      const written = await heddle(['report', 'camp', '--format', 'html', '--output', 'sub/r.html'], { cwd });
      expect(written.stdout).toBe('');
      expect(readFileSync(join(cwd, 'sub/r.html'), 'utf8')).toMatch(/^<!doctype html>/);
      const known = await heddle(['report', 'camp', '--known', 'camp', '--format', 'json'], { cwd });
      expect(known.code).toBe(0);
      expect(JSON.parse(known.stdout)).toMatchObject({
        schema: 'heddle.report/1',
        findings: [{ known: true, seen: { runs: 1 } }],
      });

      // What is known stops no campaign and is not kept again; something else still is.
      mkdirSync(join(cwd, 'known'));
      const [folder] = /camp\/findings\/(\S+)/.exec(known.stdout)?.slice(1) ?? [];
      renameSync(join(cwd, 'camp/findings', folder?.replace(/[",]/g, '') ?? ''), join(cwd, 'known', 'invariant-copy'));
      const fuzz = ['fuzz', 'bank', '--max-execs', '20k', '--seed', '1', '-j', '1', '-q', '-o', 'again'];
      const passed = await heddle([...fuzz, '--known', 'known'], { cwd });
      expect(passed.stdout).toMatch(/no finding in/);
      expect(passed.code).toBe(0);
      expect(existsSync(join(cwd, 'again/findings'))).toBe(false);
    });
  });

  it('says what is wrong with a folder or a --known that is none', async () => {
    await inFolder(async (cwd) => {
      const none = await heddle(['report', '.'], { cwd });
      expect(none.stderr).toMatch(/is not the folder of a campaign: it has no campaign.json/);
      expect(none.code).toBe(2);
      writeFileSync(join(cwd, 'campaign.json'), '{"schema":"heddle.campaign/9"}');
      const newer = await heddle(['report', '.'], { cwd });
      expect(newer.stderr).toMatch(/no header of a campaign that this Heddle can read/);
      expect(newer.code).toBe(5);
      const known = await heddle(['fuzz', 'bank', '--known', 'nowhere', '--max-execs', '1k'], { cwd });
      expect(known.stderr).toMatch(/--known nowhere: there is no such folder/);
      expect(known.code).toBe(2);
    });
  });
});
