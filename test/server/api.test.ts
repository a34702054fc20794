/** What the server tells of a real campaign's folder. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  CampaignView,
  CorpusPage,
  EntryView,
  ExplanationView,
  FindingView,
  SeriesPoint,
} from '../../src/server/api.js';
import { withTotals } from '../../src/server/campaigns.js';
import type { ViewerData } from '../../src/explain/viewer-data.js';
import { rowTexts } from '../support/viewer.js';
import { Folders, type Served, served } from './folders.js';

const SAMPLE = {
  ...{ at: 0, elapsedMs: 0, executionsPerSecondNow: 0, corpus: 0, features: 0, states: 0, findings: 0, rss: 0 },
};
const folders = new Folders();
let dir = '';
let server: Served;
let campaign: CampaignView;
beforeAll(async () => {
  dir = await folders.campaign();
  server = served([dir]);
  campaign = await server.campaign();
});
afterAll(() => folders.remove());

/** Everything below a folder that a write would change. */
function stampsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => `${name} ${statSync(join(folder, name)).mtimeMs}`);
}

describe('a campaign', () => {
  it('stands as its folder says, and its folder is not written to', async () => {
    const before = stampsBelow(dir);
    expect(campaign).toMatchObject({
      ...{ id: expect.stringMatching(/^[0-9a-f]{12}$/), name: 'bank', dir, model: 'bank', design: 'racy', scene: null },
      ...{ state: 'ended', problems: [], torn: 0, quarantined: 0, holder: null },
      status: { executions: 2000, findings: 1 },
      findings: [{ symptom: 'other', preemptions: 1, minimized: true, seen: { runs: 1 } }],
    });
    for (const path of ['', '/series', '/findings', '/corpus']) {
      expect((await server.get(`/api/campaigns/${campaign.id}${path}`)).status, path).toBe(200);
    }
    expect(stampsBelow(dir)).toEqual(before);
  });

  it('has a series; lines that are no samples are left out', async () => {
    const copy = folders.copy(dir, 'series');
    const sample = (executions: number): string => JSON.stringify({ ...SAMPLE, executions });
    writeFileSync(join(copy, 'series.ndjson'), [sample(10), '{"at":1}', sample(20), '{"at"', sample(5)].join('\n'));
    const { campaign, json } = served([copy]);
    const { points } = await json<{ points: SeriesPoint[] }>(`/api/campaigns/${(await campaign()).id}/series`);
    expect(points.map(({ total }) => total)).toEqual([10, 20, 25]);
  });

  it('counts executions over all its runs', () => {
    const samples = [0, 100, 250, 30, 90, 10].map((executions) => ({ ...SAMPLE, executions }));
    expect(withTotals(samples).map(({ total }) => total)).toEqual([0, 100, 250, 280, 340, 350]);
  });
});

describe('a finding', () => {
  it('comes with diagram, schedule and command; explained, with the orders that it needs', async () => {
    const id = campaign.findings[0]?.id ?? '';
    const path = `/api/campaigns/${campaign.id}/findings/${id}`;
    const finding = await server.json<FindingView>(path);
    expect(finding.command).toBe(`heddle replay ${join(dir, 'findings', id)}`);
    expect(finding.schedule).toMatch(/^heddle-schedule 1\nmodel bank\n/);
    const { causality, likelihood, summary } = await server.json<ExplanationView>(`${path}/explanation`);
    expect(causality.causes.length).toBeGreaterThan(0);
    expect(likelihood?.points.at(-1)?.share).toBe(1);
    expect(summary).toContain('no money is lost');
    const { run } = await server.json<{ run: ViewerData }>(`${path}/run`);
    // Each row of the viewer stands in the text diagram, in the same order.
    let from = 0;
    for (const row of rowTexts(run)) {
      const [, text = ''] = row.split(' | ');
      const at = finding.diagram.indexOf(text, from);
      expect(at, text).toBeGreaterThan(-1);
      from = at + text.length;
    }
  });
});

describe('the corpus', () => {
  it('is listed, searched, and decoded', async () => {
    const base = `/api/campaigns/${campaign.id}/corpus`;
    const { total, rows } = await server.json<CorpusPage>(base);
    expect(rows).toHaveLength(total);
    const [row] = rows;
    expect(row).toMatchObject({ origin: expect.any(String), fresh: expect.any(Number) });
    const count = async (query: string): Promise<number> =>
      (await server.json<CorpusPage>(`${base}?${query}`)).rows.length;
    expect(await count(`filter=${row?.id.slice(0, 6)}`)).toBe(1);
    expect(await count('filter=nothing-like-it')).toBe(0);
    expect(await count(`offset=${total}`)).toBe(0);
    expect(await count('limit=0')).toBe(0);
    const entry = await server.json<EntryView>(`${base}/${row?.id}`);
    expect(entry).toMatchObject({ ...row, events: ['transfer(10)', 'transfer(20)'], features: expect.any(Number) });
    const { run } = await server.json<{ run: ViewerData }>(`${base}/${row?.id}/run`);
    expect(run.steps.length).toBeGreaterThan(5);
    expect(run.finding).toBeNull();
  });

  it('refuses numbers that are none, and says what it wants', async () => {
    for (const query of ['offset=-1', 'limit=x', 'limit=201', 'offset=1e9', 'limit=']) {
      const answer = await server.get(`/api/campaigns/${campaign.id}/corpus?${query}`);
      expect(answer.status, query).toBe(400);
      expect(((await answer.json()) as { error: string }).error).toMatch(/must be a whole number from 0/);
    }
  });
});

it('names that are none, or lead elsewhere, are not there', async () => {
  const here = `/api/campaigns/${campaign.id}`;
  const outside = [
    '..',
    '%2e%2e',
    '..%2f..',
    '..%2f..%2fcampaign.json',
    '%2fetc%2fpasswd',
    '..%5c..',
    '%00',
    'finding.json',
  ];
  const entry = '0123456789abcdef';
  const paths = [
    ...outside.flatMap((name) => [`/api/campaigns/${name}`, `${here}/findings/${name}`, `${here}/corpus/${name}`]),
    ...outside.flatMap((name) => [`${here}/findings/${name}/run`, `${here}/corpus/${name}/run`, `/${name}`]),
    `${here}/findings/use-after-free-${entry}`,
    `${here}/findings/use-after-free-${entry}/run`,
    `${here}/findings/use-after-free-${entry}/explanation`,
    `${here}/corpus/${entry}`,
    `${here}/corpus/${entry}/run`,
    `${here}/corpus/${entry.toUpperCase()}`,
    '/api/campaigns/000000000000',
    '/api/campaigns/000000000000/series',
    '/page.js/../../package.json',
    '/../package.json',
  ];
  for (const path of paths) {
    const answer = await server.get(path);
    const text = await answer.text();
    // A URL that climbs to the root by itself is the page.
    if (answer.status === 200)
      expect([path, text]).toEqual([expect.stringMatching(/(\.\.|%2e%2e)$/), expect.any(String)]);
    else expect(answer.status, path).toBe(404);
    expect(text, path).not.toMatch(/root:|"dependencies"|heddle-schedule/);
  }
});

describe('/metrics', () => {
  it('is text that Prometheus reads, with the figures of the status', async () => {
    const answer = await server.get('/metrics');
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    const types = new Map<string, string>();
    const values = new Map<string, number>();
    for (const line of text.split('\n')) {
      if (line === '' || line.startsWith('# HELP ')) continue;
      const [, name, type] = /^# TYPE ([a-z_]+) (gauge|counter)$/.exec(line) ?? [];
      if (name !== undefined && type !== undefined) types.set(name, type);
      else {
        const match = /^([a-z_]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)*\})? (-?[0-9.e+-]+)$/.exec(line);
        expect(match, line).not.toBeNull();
        expect(types.has(match?.[1] ?? ''), line).toBe(true);
        if (/strategy=|symptom=|state=/.test(line)) continue;
        values.set(match?.[1] ?? '', Number(match?.[3]));
      }
    }
    expect(values.get('heddle_executions_total')).toBe(2000);
    expect(values.get('heddle_chance_of_new')).toBe(campaign.status?.chanceOfNew);
    expect(values.get('heddle_features')).toBe(campaign.status?.features);
    expect(types.get('heddle_executions_total')).toBe('counter');
    expect(text).toMatch(/heddle_findings\{.*symptom="other"\} 1\n/);
    expect(text).toMatch(/heddle_campaign_state\{.*state="ended"\} 1\n/);
  });
});
